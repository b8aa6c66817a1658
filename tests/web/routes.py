"""Every address there is, by its name and its whole route, as tests walk them."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, str]]:
    """Name and route of every address below a resolver, all of them by itself, those of Hindi once with the others'."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from routes(each, f"{before}{each.pattern}")
        elif isinstance(each, URLPattern):
            yield each.name or "", f"{before}{each.pattern}"
