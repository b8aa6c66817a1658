"""What a watching program asks: `/healthz`, `/readyz`, `/metrics`; and a log line for each request. Holds no rule.

Answered to this machine itself, and to the networks of the setting `watchers`, when they ask directly: whatever came
through a proxy, or to the public name of the pages, finds nothing here. No contents and no names are in the answers.
"""

import ipaddress
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from dtti.ledger.store import MIRROR, NATIONAL, RELEASED
from dtti.node.keeping import conditions, health

from . import counters
from .errors import bad_request
from .middleware import open_node

log = logging.getLogger("dtti.web.request")

TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"  # Prometheus exposition format
PATHS: Final = ("/healthz", "/readyz", "/metrics")
PROXIED: Final = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")
#: What is broken and yet lets pages be read and acts be written.
SERVES: Final = ("fork", "body", "integrity")
OWN: Final = "dtti.own"  # in the environment of what the server asks of itself (`warm`): neither counted nor logged
HELD: Final = 5.0  # seconds that one look is kept: however often it is asked, the node is not


class WatchMiddleware:
    """Stands outside all that needs a session, TLS or a database, so that a sick node still says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a watcher, or count and log what the pages answer."""
        if request.path in PATHS and request.method in ("GET", "HEAD") and may_ask(request):
            answer = {"/healthz": _alive, "/readyz": _ready, "/metrics": _metrics}[request.path]()
            answer.headers["Cache-Control"] = "no-store"
            return answer
        start = time.perf_counter()
        try:
            request.get_host()  # a page asks for its own address, and an error page would fail by it again
        except DisallowedHost as error:
            response: HttpResponseBase = bad_request(request, error)
        else:
            response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL) and OWN not in request.META:
            seconds = time.perf_counter() - start
            counters.count(response.status_code, seconds)
            _log(request, response.status_code, seconds)
        return response


def _log(request: HttpRequest, status: int, seconds: float) -> None:
    seat, match = getattr(request, "seat", None), request.resolver_match
    fields = {
        "route": match.view_name if match else "none",
        "method": request.method,
        "status": status,
        "ms": round(seconds * 1000),
        "seat": (seat.code or str(seat.pk)) if seat else "",
        "office": seat.office if seat else "",
    }
    log.log(logging.ERROR if status >= 500 else logging.INFO, "request", extra=fields)


def may_ask(request: HttpRequest) -> bool:
    """Whether this request comes straight from this machine or from a network of watchers, and to no public name."""
    if any(name in request.META for name in PROXIED):
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
        host = urlsplit(f"//{request.META.get('HTTP_HOST', '')}").hostname or ""
    except ValueError:
        return False
    if not _direct(request, host):
        return False
    listed = () if settings.DEMONSTRATION else settings.NODE_CONFIG.watchers
    return address.is_loopback or any(address in ipaddress.ip_network(one) for one in listed)


def _direct(request: HttpRequest, host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return True
    public = urlsplit(settings.PAGES_URL).hostname or ""
    if host == public and not (host == "localhost" or host.endswith(".localhost")):
        return False
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _alive() -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


_held: tuple[float, dict[str, Any]] = (float("-inf"), {})


def _look() -> dict[str, Any]:
    global _held
    if time.monotonic() - _held[0] > HELD:
        try:
            made = health.of(open_node(settings.NODE_FOLDER), quick=True)
        except Exception:  # whatever keeps it from opening is what is asked about
            made = health.look(settings.NODE_FOLDER or Path(), quick=True)
        _held = time.monotonic(), made
    return _held[1]


def _ready() -> HttpResponse:
    rules = [one["rule"] for one in _look()["amiss"] if one["severity"] == "broken" and one["rule"] not in SERVES]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        if "database-away" not in rules:  # on whose server they stand as well
            rules.append("accounts")
    return JsonResponse({"ready": not rules, "broken": sorted(set(rules))}, status=503 if rules else 200)


def _metrics() -> HttpResponse:
    return HttpResponse("".join(f"{line}\n" for line in [*_node(_look()), *_requests()]), content_type=TEXT)


def _family(name: str, kind: str, words: str, samples: Mapping[str, float | None]) -> Iterator[str]:
    held = {labels: value for labels, value in samples.items() if value is not None}
    if held:
        yield f"# HELP dtti_{name} {words}"
        yield f"# TYPE dtti_{name} {kind}"
        yield from (f"dtti_{name}{labels} {value:.10g}" for labels, value in held.items())


def _node(made: dict[str, Any]) -> Iterator[str]:
    amiss = {one["rule"] for one in made["amiss"]}
    yield from _family(
        "condition",
        "gauge",
        "1 where this condition of docs/conditions.md holds; those that take a whole look are left out.",
        {
            f'{{rule="{one.rule}",severity="{one.severity}"}}': float(one.rule in amiss)
            for one in conditions.CONDITIONS
            if one.quick
        },
    )
    if "ledgers" not in made:
        return
    sizes = {f'{{ledger="{name}"}}': float(made["ledgers"][name]["size"]) for name in (RELEASED, NATIONAL, MIRROR)}
    yield from _family("ledger_entries", "gauge", "Entries of each ledger.", sizes)
    voids = {f'{{ledger="{name}"}}': float(made["ledgers"][name]["void"]) for name in (RELEASED, NATIONAL, MIRROR)}
    yield from _family("ledger_void_entries", "gauge", "Entries of each ledger that are void.", voids)
    now = made["clock"]["now"]
    last = {
        "act": made["clock"]["reached"],
        "exchange": made["exchange"]["last"],
        "anchor": made["anchor"]["last"],
        "backup": (made["backup"] or {}).get("time"),
        "round": (made["round"] or {}).get("time"),
    }
    ages = {f'{{of="{name}"}}': _seconds(now, moment) for name, moment in last.items()}
    yield from _family("age_seconds", "gauge", "Seconds since the last of each, by this machine's clock.", ages)
    lag = {
        '{of="counterpart"}': float(made["exchange"]["not_held_there"]),
        '{of="pages"}': float(made["record"]["behind_by"]),
    }
    yield from _family("lag_entries", "gauge", "Entries that the counterpart, or the pages, lack.", lag)
    offers = {f'{{by="{name}"}}': float(number) for name, number in made["offers"].items()}
    yield from _family("open_offers", "gauge", "Offers that await their answer, by whose they are.", offers)
    days = {
        f'{{side="{name}"}}': min(
            (float(one["days"]) for one in made["certificates"] if own == one["own"]), default=None
        )
        for name, own in (("own", True), ("counterpart", False))
    }
    yield from _family("certificate_days", "gauge", "Days until the first certificate of each side ends.", days)
    disc = {f'{{kind="{name}"}}': float(made["disc"][name]) for name in ("free", "total")}
    yield from _family("disc_bytes", "gauge", "Bytes of the disc on which the node's folder stands.", disc)
    clock = {True: 1.0, False: 0.0, None: None}[made["clock"]["kept"]]
    yield from _family(
        "clock_kept", "gauge", "1 where a time service keeps this machine's clock; absent if unknown.", {"": clock}
    )


def _seconds(now: str, moment: str | None) -> float | None:
    if not moment:
        return None
    return (datetime.fromisoformat(now) - datetime.fromisoformat(moment)).total_seconds()


def _requests() -> Iterator[str]:
    classes, buckets, seconds = counters.totals()
    by_class = {f'{{class="{name}"}}': float(number) for name, number in classes.items()}
    yield from _family("requests_total", "counter", "Answers of the pages, by class of status.", by_class)
    yield "# HELP dtti_request_seconds Time that the pages took to answer."
    yield "# TYPE dtti_request_seconds histogram"
    total = 0
    for bound, number in zip((*map(str, counters.BOUNDS), "+Inf"), buckets, strict=True):
        total += number
        yield f'dtti_request_seconds_bucket{{le="{bound}"}} {total}'
    yield f"dtti_request_seconds_sum {seconds:.6f}"
    yield f"dtti_request_seconds_count {total}"
