"""The operations of the API as the reference numbers them, and those that clients add.

One line each: number, method, path, status of success. The 81 mounts below runs are made from one
list, as the reference describes them.
"""

from dataclasses import dataclass

NUMBERED = """
1 GET acts 200
2 POST acts 201
3 GET acts/{actorId} 200
4 PUT acts/{actorId} 200
5 DELETE acts/{actorId} 204
6 GET acts/{actorId}/versions 200
7 POST acts/{actorId}/versions 201
8 GET acts/{actorId}/versions/{versionNumber} 200
9 PUT acts/{actorId}/versions/{versionNumber} 200
10 DELETE acts/{actorId}/versions/{versionNumber} 204
11 GET acts/{actorId}/versions/{versionNumber}/env-vars 200
12 POST acts/{actorId}/versions/{versionNumber}/env-vars 201
13 GET acts/{actorId}/versions/{versionNumber}/env-vars/{envVarName} 200
14 PUT acts/{actorId}/versions/{versionNumber}/env-vars/{envVarName} 200
15 DELETE acts/{actorId}/versions/{versionNumber}/env-vars/{envVarName} 204
16 GET acts/{actorId}/webhooks 200
17 GET acts/{actorId}/builds 200
18 POST acts/{actorId}/builds?version=0.0 201
19 GET acts/{actorId}/builds/{buildId} 200
20 POST acts/{actorId}/builds/{buildId}/abort 200
21 GET acts/{actorId}/runs 200
22 POST acts/{actorId}/runs 201
23 POST acts/{actorId}/run-sync 201
24 GET acts/{actorId}/run-sync 201
25 POST acts/{actorId}/run-sync-get-dataset-items 201
26 GET acts/{actorId}/run-sync-get-dataset-items 201
27 GET acts/{actorId}/runs/{runId} 200
28 POST acts/{actorId}/runs/{runId}/abort 200
29 POST acts/{sleeperId}/runs/{runningId}/metamorph?targetActorId={actorId} 200
30 POST acts/{actorId}/runs/{runId}/resurrect 200
31 GET acts/{actorId}/runs/last 200
32 GET actor-tasks 200
33 POST actor-tasks 201
34 GET actor-tasks/{actorTaskId} 200
35 PUT actor-tasks/{actorTaskId} 200
36 DELETE actor-tasks/{actorTaskId} 204
37 GET actor-tasks/{actorTaskId}/input 200
38 PUT actor-tasks/{actorTaskId}/input 200
39 GET actor-tasks/{actorTaskId}/webhooks 200
40 GET actor-tasks/{actorTaskId}/runs 200
41 POST actor-tasks/{actorTaskId}/runs 201
42 POST actor-tasks/{actorTaskId}/run-sync 201
43 GET actor-tasks/{actorTaskId}/run-sync 201
44 POST actor-tasks/{actorTaskId}/run-sync-get-dataset-items 201
45 GET actor-tasks/{actorTaskId}/run-sync-get-dataset-items 201
46 GET actor-runs 200
47 GET actor-runs/{runId} 200
48 DELETE actor-runs/{runId} 204
49 POST actor-runs/{runId}/abort 200
50 POST actor-runs/{runningId}/metamorph?targetActorId={actorId} 200
51 POST actor-runs/{runningId}/reboot 200
52 POST actor-runs/{runId}/resurrect 200
53 PUT actor-runs/{runId} 200
54 GET actor-builds 200
55 GET actor-builds/{buildId} 200
56 DELETE actor-builds/{spareBuildId} 204
57 POST actor-builds/{buildId}/abort 200
58 GET actor-builds/{buildId}/log 200
59 GET key-value-stores 200
60 POST key-value-stores 201
61 GET key-value-stores/{storeId} 200
62 PUT key-value-stores/{storeId} 200
63 DELETE key-value-stores/{storeId} 204
64 GET key-value-stores/{storeId}/keys 200
65 GET key-value-stores/{storeId}/records/{recordKey} 200
66 PUT key-value-stores/{storeId}/records/{recordKey} 201
67 DELETE key-value-stores/{storeId}/records/{recordKey} 204
68 GET datasets 200
69 POST datasets 201
70 GET datasets/{datasetId} 200
71 PUT datasets/{datasetId} 200
72 DELETE datasets/{datasetId} 204
73 GET datasets/{datasetId}/items 200
74 POST datasets/{datasetId}/items 201
75 GET request-queues 200
76 POST request-queues 201
77 GET request-queues/{queueId} 200
78 PUT request-queues/{queueId} 200
79 DELETE request-queues/{queueId} 204
80 GET request-queues/{queueId}/requests/{requestId} 200
81 PUT request-queues/{queueId}/requests/{requestId} 200
82 DELETE request-queues/{queueId}/requests/{requestId} 204
83 GET request-queues/{queueId}/requests 200
84 POST request-queues/{queueId}/requests 201
85 PUT request-queues/{queueId}/requests/{lockedId}/lock?lockSecs=30&clientKey=op 200
86 DELETE request-queues/{queueId}/requests/{lockedId}/lock?clientKey=op 204
87 GET request-queues/{queueId}/head 200
88 POST request-queues/{queueId}/head/lock?lockSecs=30&clientKey=op 201
89 POST request-queues/{queueId}/requests/batch 201
90 DELETE request-queues/{queueId}/requests/batch 200
91 GET webhooks 200
92 POST webhooks 201
93 GET webhooks/{webhookId} 200
94 PUT webhooks/{webhookId} 200
95 DELETE webhooks/{webhookId} 204
96 POST webhooks/{webhookId}/test 201
97 GET webhooks/{webhookId}/dispatches 200
98 GET webhook-dispatches 200
99 GET webhook-dispatches/{dispatchId} 200
100 GET schedules 200
101 POST schedules 201
102 GET schedules/{scheduleId} 200
103 PUT schedules/{scheduleId} 200
104 DELETE schedules/{scheduleId} 204
105 GET schedules/{scheduleId}/log 200
106 GET store 200
107 GET logs/{runId} 200
108 GET users/{userId} 200
109 GET users/me 200
110 GET users/me/usage/monthly 200
111 GET users/me/limits 200
112 PUT users/me/limits 201
113 GET actor-tasks/{actorTaskId}/runs/last 200
"""

ROOTS = ("acts/{actorId}/runs/last", "actor-tasks/{actorTaskId}/runs/last", "actor-runs/{runId}")
MOUNTED = """
GET log 200
GET key-value-store 200
PUT key-value-store 200
DELETE key-value-store 204
GET key-value-store/keys 200
GET key-value-store/records/{recordKey} 200
PUT key-value-store/records/{recordKey} 201
DELETE key-value-store/records/{recordKey} 204
GET dataset 200
PUT dataset 200
DELETE dataset 204
GET dataset/items 200
POST dataset/items 201
GET request-queue 200
PUT request-queue 200
DELETE request-queue 204
GET request-queue/requests 200
POST request-queue/requests 201
GET request-queue/requests/{requestId} 200
PUT request-queue/requests/{requestId} 200
DELETE request-queue/requests/{requestId} 204
PUT request-queue/requests/{lockedId}/lock?lockSecs=30&clientKey=op 200
DELETE request-queue/requests/{lockedId}/lock?clientKey=op 204
POST request-queue/requests/batch 201
DELETE request-queue/requests/batch 200
GET request-queue/head 200
POST request-queue/head/lock?lockSecs=30&clientKey=op 201
"""


@dataclass(frozen=True)
class Operation:
    """`number` as in the reference, mounts counted on from 114."""

    number: int
    method: str
    path: str
    status: int

    @property
    def name(self) -> str:
        return f"{self.method} /v2/{self.path.partition('?')[0]}"


def _read() -> list[Operation]:
    made = []
    for line in NUMBERED.strip().splitlines():
        number, method, path, status = line.split()
        made.append(Operation(int(number), method, path, int(status)))
    for root in ROOTS:
        for line in MOUNTED.strip().splitlines():
            method, path, status = line.split()
            made.append(Operation(len(made) + 1, method, f"{root}/{path}", int(status)))
    return made


OPERATIONS = _read()
