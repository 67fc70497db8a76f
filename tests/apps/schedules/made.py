"""Schedules and tasks as the API gives them, after the examples of the reference."""

from typing import Any

from tests.fakes import ACTOR_ID, USER_ID

SCHEDULE_ID = "asdLZtadYvn4mBZmm"
TASK_ID = "zdc3Pyhyz3m8vjDeM"


def task_json(**changes: Any) -> dict[str, Any]:
    return {
        "id": TASK_ID,
        "userId": USER_ID,
        "actId": ACTOR_ID,
        "name": "prices",
        "username": "jane35",
        "createdAt": "2018-10-26T07:23:14.855Z",
        "modifiedAt": "2018-10-26T13:30:49.578Z",
        "stats": {"totalRuns": 15},
        "options": {"build": "latest", "timeoutSecs": 300, "memoryMbytes": 4096},
        "input": {"hello": "world"},
        **changes,
    }


def schedule_json(**changes: Any) -> dict[str, Any]:
    return {
        "id": SCHEDULE_ID,
        "userId": USER_ID,
        "name": "prices-nightly",
        "description": None,
        "cronExpression": "30 2 * * 1-5",
        "timezone": "Europe/Prague",
        "isEnabled": True,
        "isExclusive": True,
        "createdAt": "2019-12-12T07:34:14.202Z",
        "modifiedAt": "2019-12-20T06:33:11.202Z",
        "nextRunAt": "2019-12-21T01:30:00.000Z",
        "lastRunAt": "2019-12-20T01:30:00.000Z",
        "actions": [
            {
                "id": "ZReCs7hkdieq8ZUki",
                "type": "RUN_ACTOR",
                "actorId": ACTOR_ID,
                "runInput": {
                    "body": '{"foo": "actor"}',
                    "contentType": "application/json; charset=utf-8",
                },
                "runOptions": {"build": "latest", "timeoutSecs": 60, "memoryMbytes": 1024},
            },
            {
                "id": "YReCs7hkdieq8ZUki",
                "type": "RUN_ACTOR_TASK",
                "actorTaskId": TASK_ID,
                "input": None,
                "runOptions": None,
            },
        ],
        **changes,
    }


def listed_json(schedule: dict[str, Any]) -> dict[str, Any]:
    """As in a list, which tells no input and no options."""
    actions = [
        {name: action[name] for name in action if name not in {"runInput", "input", "runOptions"}}
        for action in schedule["actions"]
    ]
    return {**schedule, "actions": actions}
