"""Every page of the Console, from the URL resolver, with arguments that fit."""

from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.fakes import RUN_ID

ARGUMENTS = {"IntConverter": 1, "StringConverter": RUN_ID, "PathConverter": "a/b"}


@dataclass(frozen=True, slots=True)
class Route:
    name: str
    path: str


def routes() -> list[Route]:
    return sorted(walk(get_resolver(), ()), key=lambda route: route.name)


def walk(resolver: URLResolver, namespace: tuple[str, ...]) -> list[Route]:
    found: list[Route] = []
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            name = ":".join([*namespace, each.name or f"no name: {each.pattern}"])
            converters = each.pattern.converters.items()
            arguments = {key: ARGUMENTS[type(converter).__name__] for key, converter in converters}
            found.append(Route(name, reverse(name, kwargs=arguments)))
        elif each.namespace != "djdt":
            inner = (*namespace, each.namespace) if each.namespace else namespace
            found += walk(each, inner)
    return found
