"""`apify-client` from npm, from end to end."""

import pytest

from tests.contract.conftest import Node
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.node]


def test_the_account(node: Node, stack: Stack) -> None:
    assert node("return (await client.user().get()).username") == stack.username


def test_actors_versions_and_builds(node: Node) -> None:
    told = node("""
        const sourceFiles = [{ name: 'main.py', format: 'TEXT', content: "print('hi')" }];
        const version = { versionNumber: '0.1', sourceType: 'SOURCE_FILES', buildTag: 'latest',
          sourceFiles };
        const made = await client.actors().create({ name: 'from-npm', versions: [version] });
        const actor = client.actor(made.id);
        const { title } = await actor.update({ title: 'Changed' });
        await actor.version('0.1').envVars().create({ name: 'A', value: 'b' });
        const variables = (await actor.version('0.1').envVars().list()).items.length;
        const started = await actor.build('0.1');
        const build = await client.build(started.id).waitForFinish();
        const log = await client.log(build.id).get();
        const listed = (await actor.builds().list()).items.map(({ id }) => id);
        await actor.delete();
        const gone = await actor.get();
        return { title, variables, status: build.status, log: log.length > 0,
          listed: listed.includes(build.id), gone: gone === undefined };
    """)
    assert told == {
        "title": "Changed", "variables": 1, "status": "SUCCEEDED",
        "log": True, "listed": True, "gone": True,
    }  # fmt: skip


def test_a_call_gives_items_output_and_log(node: Node, pusher: str) -> None:
    told = node(f"""
        const run = await client.actor('{pusher}').call({{ count: 4 }}, {{ log: null }});
        const {{ items, total }} = await client.dataset(run.defaultDatasetId).listItems();
        const output = await client.keyValueStore(run.defaultKeyValueStoreId).getRecord('OUTPUT');
        const log = await client.run(run.id).log().get();
        const last = await client.actor('{pusher}').lastRun({{ status: 'SUCCEEDED' }}).get();
        return {{ status: run.status, numbers: items.map(({{ n }}) => n), total,
          pushed: output.value.pushed, log: log.includes('pushing 4 items'),
          last: last.id === run.id }};
    """)
    assert told == {
        "status": "SUCCEEDED", "numbers": [0, 1, 2, 3], "total": 4,
        "pushed": 4, "log": True, "last": True,
    }  # fmt: skip


def test_storages(node: Node) -> None:
    told = node("""
        const { id } = await client.datasets().getOrCreate('npm-items');
        const dataset = client.dataset(id);
        await dataset.pushItems(Array.from({ length: 30 }, (_, a) => ({ a, '#h': 1 })));
        const page = await dataset.listItems({ offset: 28, clean: true });
        const csv = (await dataset.downloadItems('csv', { fields: ['a'], limit: 2 })).toString();
        await dataset.delete();
        const store = client.keyValueStore((await client.keyValueStores().getOrCreate()).id);
        await store.setRecord({ key: 'A', value: { x: 1 } });
        await store.setRecord({ key: 'B', value: Buffer.from([0, 1]) });
        const record = await store.getRecord('A');
        const { items: keys } = await store.listKeys();
        const exists = await store.recordExists('none');
        return { page: page.items, total: page.total, csv, record: record.value,
          keys: keys.map(({ key }) => key), exists };
    """)
    assert told["page"] == [{"a": 28}, {"a": 29}]
    assert told["total"] == 30
    assert told["csv"].lstrip("\ufeff").split() == ["a", "0", "1"]
    assert (told["record"], told["keys"], told["exists"]) == ({"x": 1}, ["A", "B"], False)


def test_request_queues(node: Node) -> None:
    told = node("""
        const { id } = await client.requestQueues().getOrCreate();
        const queue = client.requestQueue(id, { clientKey: 'npm' });
        const requests = Array.from({ length: 60 }, (_, n) => (
          { url: `https://a.test/${n}`, uniqueKey: `${n}` }));
        const added = await queue.batchAddRequests(requests, { maxParallel: 1 });
        const head = await queue.listAndLockHead({ lockSecs: 60, limit: 2 });
        await queue.prolongRequestLock(head.items[0].id, { lockSecs: 60 });
        await queue.deleteRequestLock(head.items[1].id);
        const request = await queue.getRequest(head.items[0].id);
        await queue.updateRequest({ ...request, handledAt: new Date().toISOString() });
        const { totalRequestCount, handledRequestCount } = await queue.get();
        return { added: added.processedRequests.length,
          head: head.items.map(({ uniqueKey }) => uniqueKey),
          totalRequestCount, handledRequestCount };
    """)
    assert told == {
        "added": 60, "head": ["0", "1"], "totalRequestCount": 60, "handledRequestCount": 1,
    }  # fmt: skip


def test_errors_carry_their_type(node: Node) -> None:
    told = node("""
        try { await client.dataset('no-such-dataset').listItems(); return null; }
        catch ({ statusCode, type }) { return { statusCode, type }; }
    """)
    assert told["statusCode"] == 404
    assert told["type"]


def test_the_account_s_usage_and_limits_and_the_store(node: Node, pusher: str) -> None:
    told = node(f"""
        const me = client.user();
        const month = await me.monthlyUsage();
        const before = (await me.limits()).limits;
        await me.updateLimits({{ maxMonthlyUsageUsd: 4321, dataRetentionDays: 21 }});
        const {{ limits }} = await me.limits();
        await me.updateLimits({{ maxMonthlyUsageUsd: before.maxMonthlyUsageUsd,
          dataRetentionDays: before.dataRetentionDays }});
        await client.actor('{pusher}').update({{ isPublic: true, title: 'Of the store',
          categories: ['AI'] }});
        const {{ items }} = await client.store().list({{ search: 'of the store', limit: 5 }});
        await client.actor('{pusher}').update({{ isPublic: false }});
        return {{ used: typeof month.totalUsageCreditsUsdAfterVolumeDiscount,
          limits: [limits.maxMonthlyUsageUsd, limits.dataRetentionDays],
          store: items.map(({{ id }}) => id) }};
    """)
    assert told == {"used": "number", "limits": [4321, 21], "store": [pusher]}


def test_links_that_need_no_token(node: Node) -> None:
    told = node("""
        const dataset = client.dataset((await client.datasets().getOrCreate('npm-linked')).id);
        await dataset.update({ generalAccess: 'RESTRICTED' });
        await dataset.pushItems([{ n: 1 }, { n: 2 }]);
        const items = await (await fetch(await dataset.createItemsPublicUrl({ limit: 1 }))).json();
        const store = client.keyValueStore(
          (await client.keyValueStores().getOrCreate('npm-linked')).id);
        await store.update({ generalAccess: 'RESTRICTED' });
        await store.setRecord({ key: 'A', value: { x: 1 } });
        const record = await (await fetch(await store.getRecordPublicUrl('A'))).json();
        const keys = (await (await fetch(await store.createKeysPublicUrl())).json()).data.items;
        await dataset.delete();
        await store.delete();
        return { items, record, keys: keys.map(({ key }) => key) };
    """)
    assert told == {"items": [{"n": 1}], "record": {"x": 1}, "keys": ["A"]}
