"""The least role for each page and action. A route that is not here fails the build.

A pair is (for GET, for POST); one role alone is for both.
"""

ANYONE, SELF = "anyone", "self"
VIEWER, LAUNCHER, OPERATOR, ADMIN = "VIEWER", "LAUNCHER", "OPERATOR", "ADMIN"

NEEDED: dict[str, str | tuple[str, str]] = {
    "account:password": SELF,
    "account:settings": SELF,
    "account:workspace": (VIEWER, ADMIN),
    "datasets:delete": OPERATOR,
    "datasets:detail": VIEWER,
    "datasets:export": VIEWER,
    "datasets:list": VIEWER,
    "datasets:rename": OPERATOR,
    "health": ANYONE,
    "home": VIEWER,
    "key_value_stores:delete": OPERATOR,
    "key_value_stores:detail": VIEWER,
    "key_value_stores:list": VIEWER,
    "key_value_stores:raw": VIEWER,
    "key_value_stores:record": VIEWER,
    "key_value_stores:rename": OPERATOR,
    "meters": VIEWER,
    "operations:bell": VIEWER,
    "operations:detail": VIEWER,
    "operations:dismiss": VIEWER,
    "operations:list": VIEWER,
    "operations:seen": VIEWER,
    "request_queues:delete": OPERATOR,
    "request_queues:detail": VIEWER,
    "request_queues:list": VIEWER,
    "request_queues:rename": OPERATOR,
    "request_queues:request": VIEWER,
    "team:link": ANYONE,
    "team:sign_in": ANYONE,
    "team:sign_out": SELF,
    "team:switch": SELF,
    "team:token": ANYONE,
}
