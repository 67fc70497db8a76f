"""All routes of the API. Storages and logs are mounted on their own and below a run.

A mounted module has ROUTES (its collection), MOUNTED (below one storage) and
`find(request, ref)`, which gives the row after checking access.
"""

from apps.platform.api import users
from apps.platform.http.routing import Route

ROUTES: list[Route] = [*users.ROUTES]
