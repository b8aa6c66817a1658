"""What changed since a moment, for other programs: ``/feed.json?since=…``. Knows records' states; knows no page."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from dtti.accord.refusal import Refused, refuse
from dtti.node.checking import explore
from dtti.web import page
from dtti.web.parts import Row

_MOMENT = re.compile(r"(?P<time>\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?)(,(?P<record>[a-z0-9_/A-Z]{3,80}))?\Z")


def feed(request: HttpRequest) -> HttpResponse:
    """Records whose state became known after `since` (a day, a moment, the `next` of an answer), oldest first.

    `count`: at most so many, 1 to 500. `next` is what to ask for next; while nothing changes it stays so.
    """
    node, viewer = page.node_of(request), page.viewer_of(request)
    since = request.GET.get("since", "").strip()
    found = _MOMENT.match(since) if since else None
    if since and found is None:
        raise Refused(
            refuse("since", f"`since` is {since[:40]!r}", "Give a day, a moment in UTC, or the `next` of an answer.")
        )
    time, after = (found["time"], found["record"] or "") if found else ("", "")
    changes = explore.changes(node, viewer, time, after, page.number(request, "count", explore.PAGE, 500))
    last = f"{changes[-1].known_from},{changes[-1].record}" if changes else since
    made = {
        "programme": node.config.programme,
        "environment": node.config.environment,
        "side": node.side,
        "since": since,
        "changes": [_item(one) for one in changes],
        "next": last,
        "next_url": request.build_absolute_uri(f"{reverse('feed')}?{urlencode({'since': last})}"),
    }
    return JsonResponse(page.plain(made), json_dumps_params={"ensure_ascii": False, "indent": 1})


def _item(change: explore.Change) -> Row:
    return {**msgspec.structs.asdict(change), "url": page.record_url(change.kind, change.name)}
