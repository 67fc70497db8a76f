"""A task as text to take along: its input, and how to start it from elsewhere."""

from dataclasses import dataclass

from console.api.models.tasks import Task
from console.forms import values
from console.forms.schema import Schema

CURL = """curl "{api}/v2/actor-tasks/{id}/runs" \\
  --request POST \\
  --header "Authorization: Bearer $APIFY_TOKEN" \\
  --header "Content-Type: application/json" \\
  --data '{{}}'"""
PYTHON = """# pip install apify-client
import os
from apify_client import ApifyClient

client = ApifyClient(os.environ["APIFY_TOKEN"], api_url="{api}")
run = client.task("{id}").call(task_input={{}})
for item in client.dataset(run["defaultDatasetId"]).iterate_items():
    print(item)"""
JAVASCRIPT = """// npm install apify-client
import {{ ApifyClient }} from 'apify-client';

const client = new ApifyClient({{ token: process.env.APIFY_TOKEN, baseUrl: '{api}' }});
const run = await client.task('{id}').call({{}});
const {{ items }} = await client.dataset(run.defaultDatasetId).listItems();
console.log(items);"""


@dataclass(frozen=True)
class Snippet:
    label: str
    text: str


def of(api_url: str, task: Task, schema: Schema) -> list[Snippet]:
    """Secrets are masked; the token is left to the environment."""
    stored = values.as_json(schema, task.input or {})
    api = api_url.rstrip("/")
    programs = (("curl", CURL), ("Python", PYTHON), ("JavaScript", JAVASCRIPT))
    made = [Snippet(label, text.format(api=api, id=task.id)) for label, text in programs]
    return [*made, Snippet("Input as JSON", stored)]
