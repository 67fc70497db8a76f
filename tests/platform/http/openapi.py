"""An OpenAPI description of the Platform's routes, for programs that try what they find in one."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from apps.platform.http.routing import Route

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["type", "message"],
            "properties": {"type": {"type": "string"}, "message": {"type": "string"}},
        }
    },
}
ERRORS = {"description": "An error", "content": {"application/json": {"schema": ERROR}}}
ANY_TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
FLAG = {"type": "boolean"}
LIST = {"limit": WHOLE, "offset": WHOLE, "desc": FLAG}
ITEMS = {
    **LIST,
    "format": {"enum": ["json", "jsonl", "xml", "html", "csv", "xlsx", "rss"]},
    **dict.fromkeys(("fields", "omit", "unwind", "flatten", "xmlRoot", "xmlRow"), ANY_TEXT),
    **dict.fromkeys(("clean", "skipEmpty", "skipHidden", "simplified", "bom", "delimiter"), FLAG),
}
START = {"timeout": WHOLE, "memory": WHOLE, "build": ANY_TEXT, "webhooks": ANY_TEXT}
PARAMETERS: dict[str, dict[str, Any]] = {
    "runs": {**LIST, "status": ANY_TEXT, **START},
    "items": ITEMS,
    "keys": {"limit": WHOLE, "exclusiveStartKey": ANY_TEXT, "prefix": ANY_TEXT},
    "requests": {"limit": WHOLE, "exclusiveStartId": ANY_TEXT, "filter": ANY_TEXT},
    "lock": {"lockSecs": WHOLE, "limit": WHOLE, "clientKey": ANY_TEXT, "forefront": FLAG},
    "last": {"status": ANY_TEXT},
    "builds": {**LIST, "version": ANY_TEXT, "tag": ANY_TEXT, "useCache": FLAG},
    "log": {"stream": {"enum": [False]}, "download": FLAG},
    "monthly": {"date": ANY_TEXT},
    "store": {**LIST, "search": ANY_TEXT, "sortBy": ANY_TEXT, "category": ANY_TEXT},
}


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """OpenAPI 3.1 with every path, what its parameters look like, and the shape of errors."""
    paths: dict[str, Any] = defaultdict(dict)
    for route in routes:
        paths[route.path][route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Callboard Platform", "version": "2"},
        "paths": dict(paths),
    }


def _operation(route: Route) -> dict[str, Any]:
    named = [
        {"name": name, "in": "path", "required": True, "schema": {**ANY_TEXT, "minLength": 1}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    asked = PARAMETERS.get(route.path.rsplit("/", 1)[-1], LIST)
    named += [{"name": name, "in": "query", "schema": schema} for name, schema in asked.items()]
    made: dict[str, Any] = {
        "parameters": named,
        "responses": {"2XX": {"description": "Done"}, "4XX": ERRORS},
    }
    if route.method in ("POST", "PUT", "DELETE") and route.body != "none":
        schema = {"type": ["object", "array", "string", "number", "boolean", "null"]}
        made["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return made
