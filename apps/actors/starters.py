"""What a new Actor begins with: a few files that run as they are and need no packages."""

from typing import Any, Final

README = "# {title}\n\nSay here what the Actor does, and what it needs to do it.\n"
DEFINITION = """{{
  "actorSpecification": 1,
  "name": "{name}",
  "version": "0.0",
  "buildTag": "latest",
  "input": "./input_schema.json",
  "readme": "../README.md"
}}
"""
SCHEMA = """{
  "title": "Input",
  "type": "object",
  "schemaVersion": 1,
  "properties": {
    "name": {
      "title": "Name",
      "type": "string",
      "editor": "textfield",
      "description": "Who is greeted.",
      "default": "world"
    }
  }
}
"""
PYTHON = '''"""Reads the input, greets, stores one result."""

import json
import os
import urllib.request

API = os.environ["APIFY_API_BASE_URL"].rstrip("/") + "/v2/"
TOKEN = os.environ["APIFY_TOKEN"]


def call(method, path, value=None):
    body = None if value is None else json.dumps(value).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(API + path, body, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


store = os.environ["ACTOR_DEFAULT_KEY_VALUE_STORE_ID"]
dataset = os.environ["ACTOR_DEFAULT_DATASET_ID"]
given = json.loads(call("GET", f"key-value-stores/{store}/records/INPUT") or b"{}")

greeting = f"Hello {given.get('name', 'world')}"
print(greeting, flush=True)
call("POST", f"datasets/{dataset}/items", {"greeting": greeting})
'''
NODE = """// Reads the input, greets, stores one result.
const api = `${process.env.APIFY_API_BASE_URL.replace(/\\/$/, '')}/v2/`;
const headers = {
    Authorization: `Bearer ${process.env.APIFY_TOKEN}`,
    'Content-Type': 'application/json',
};

async function call(method, path, value) {
    const body = value === undefined ? undefined : JSON.stringify(value);
    const answer = await fetch(api + path, { method, headers, body });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
    return answer;
}

const store = process.env.ACTOR_DEFAULT_KEY_VALUE_STORE_ID;
const dataset = process.env.ACTOR_DEFAULT_DATASET_ID;
const given = await (await call('GET', `key-value-stores/${store}/records/INPUT`)).json();

const greeting = `Hello ${given.name ?? 'world'}`;
console.log(greeting);
await call('POST', `datasets/${dataset}/items`, { greeting });
"""
PACKAGE = '{{\n  "name": "{name}",\n  "version": "0.0.1",\n  "type": "module"\n}}\n'
PYTHON_IMAGE = 'FROM apify/actor-python:3.13\nCOPY . ./\nCMD ["python3", "main.py"]\n'
NODE_IMAGE = 'FROM apify/actor-node:22\nCOPY . ./\nCMD ["node", "main.js"]\n'
CHOICES: Final = (
    ("python", "Python", "A greeting in plain Python with an input form."),
    ("node", "Node.js", "The same in plain JavaScript."),
    ("empty", "Empty", "One version without files: write them, or name a repository."),
)


def version(choice: str, *, name: str, title: str) -> dict[str, Any]:
    """The first version for `POST /v2/acts`; `choice` is one of CHOICES."""
    found = {} if choice == "empty" else files(choice, name=name, title=title)
    listed = [{"name": each, "format": "TEXT", "content": text} for each, text in found.items()]
    return {
        "versionNumber": "0.0",
        "sourceType": "SOURCE_FILES",
        "buildTag": "latest",
        "sourceFiles": listed,
    }


def files(choice: str, *, name: str, title: str) -> dict[str, str]:
    made = {
        ".actor/actor.json": DEFINITION.format(name=name),
        ".actor/input_schema.json": SCHEMA,
        "README.md": README.format(title=title),
    }
    if choice == "python":
        return {**made, "Dockerfile": PYTHON_IMAGE, "main.py": PYTHON}
    return {
        **made,
        "Dockerfile": NODE_IMAGE,
        "main.js": NODE,
        "package.json": PACKAGE.format(name=name),
    }
