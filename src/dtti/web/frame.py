"""The frame of every page: band, clocks, languages, navigation, who is signed in. Knows the request, and no record."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib.messages import constants as levels
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dtti.language import dates, names
from dtti.node.core import release
from dtti.node.people import duties, seats
from dtti.node.people.models import Person
from dtti.web.parts import Row

from . import demonstration, permits, typed
from .accounts import seeing, watching
from .messages import NodeMessages
from .page import copied, groups_of
from .requests import PageRequest

#: Pages of the navigation and of the foot: name of the address, words.
NAVIGATION: Final = (
    ("desk", gettext_noop("Desk")),
    ("projects", gettext_noop("Projects")),
    ("meetings", gettext_noop("Meetings")),
    ("instruments", gettext_noop("Agreements")),
    ("actions", gettext_noop("Actions")),
    ("trade", gettext_noop("Trade")),
    ("record-index", gettext_noop("Record")),
)
FOOT: Final = (
    ("about", gettext_noop("About DTTI")),
    ("press", gettext_noop("The two press reports")),
    ("explorer", gettext_noop("Both official records")),
    ("integrity", gettext_noop("Integrity check")),
)

#: What of these the public folder has not, whose front is the page about DTTI.
NOT_COPIED: Final = frozenset({"desk", "explorer", "integrity"})
#: Pages of which the public folder holds the tables as data alone.
DATA_ALONE: Final = frozenset({"record", "project-checklist", "project-story"})

_LEVELS: Final = {levels.SUCCESS: "done", levels.WARNING: "heed", levels.ERROR: "stop"}


def context(request: HttpRequest) -> Row:
    """What every template is given beside its own: `frame`, as ``layout.html`` lists it."""
    return {"frame": frame(cast(PageRequest, request))}


def frame(request: PageRequest) -> Row:
    """The frame of the page that answers `request`."""
    node, language = request.node, request.LANGUAGE_CODE
    copy = copied(request) is not None
    now = datetime.now(UTC)
    return {
        "lang": language,
        "side": node.side,
        "programme": {
            "short": node.config.programme.upper(),
            "name": _("Defense Technology and Trade Initiative"),
            "url": "/hi/" if language == "hi" else "/",
        },
        "band": band(request),
        "other": demonstration.other(request) if not request.see_as else None,
        "who": who(request),
        "copied": copy,
        "clocks": [] if copy else clocks(now.strftime("%Y-%m-%dT%H:%M"), language, node.side),
        "languages": languages(request),
        "nav": navigation(request),
        "time": None if copy else times(request),
        "messages": messages(request),
        "links": links(request),
        "tables": tables(request),
        "groups": groups_of(request),
        "told": lambda row: release.told(
            node, row.record, row.act, request.moment.bound.acts if request.moment else ""
        ),
        "not_released": len(getattr(request, "not_released", ())),
        "demonstration": node.config.demonstration,
        "mine": lambda: typed.hidden(request),
        "watch": watching.offered(request),
        "seeing": seeing.band(request),
        "see": seeing.offered(request),
        "colophon": _("Every version shows its grade, every fact its source."),
        "printed": None
        if copy
        else {
            "url": request.build_absolute_uri(),
            "at": now.astimezone(capital(node.side)).isoformat("T", "minutes"),
        },
    }


def tables(request: PageRequest) -> str:
    """The address at which the tables of this page are taken out as files; empty where it is no page to go back to."""
    if request.method != "GET" or "tables" in request.GET:
        return ""
    if copied(request) and (request.GET or not request.resolver_match or request.resolver_match.url_name in DATA_ALONE):
        return ""
    asked = request.GET.copy()
    asked["tables"] = ""
    return f"{request.path}?{asked.urlencode()}"


def recorded(text: str, language: str) -> str:
    """Recorded text on a page in another language, marked as English for those who hear the page."""
    return text if language == "en" else format_html('<span lang="en">{}</span>', text)


def capital(side: str) -> ZoneInfo:
    """The time zone of a side's capital; UTC for a side without one here."""
    return names.ZONES.get(side, ZoneInfo("UTC"))


def band(request: PageRequest) -> str | None:
    """The words of the coloured band, or None in live use."""
    config = request.node.config
    if config.demonstration:
        return _("DEMONSTRATION. Fictitious people and projects; anyone can be any of them. Nothing here binds anyone.")
    if config.environment == "exercise":
        return _("EXERCISE. Fictitious people and projects. Nothing here binds anyone.")
    return None


def who(request: PageRequest) -> Row | None:
    """Who is signed in and from which office, or None."""
    if request.industry is not None or duties.submits(request.seat):
        person = request.industry or request.user
        return {
            "name": str(person),
            "office": _("industry room"),
            "side": request.node.side,
            "seat": reverse("industry"),
            "account": reverse("account_home"),
            "out": reverse("account_logout"),
        }
    if not request.viewer.person or not isinstance(request.user, Person):
        return None
    seat = request.seat
    return {
        "name": request.user.full_name,
        "office": recorded(seats.office_title(request.node, seat.office), request.LANGUAGE_CODE)
        if seat
        else _("no seat"),
        "side": request.node.side,
        "seat": reverse("account_seat"),
        "account": reverse("account_home"),
        "out": reverse("account_logout"),
    }


@lru_cache(maxsize=8)
def clocks(minute: str, language: str, own: str) -> list[dict[str, str]]:
    """The clocks of both capitals, the own one first, at a minute of UTC (``2026-11-21T18:42``)."""
    moment = datetime.fromisoformat(minute).replace(tzinfo=UTC)
    shown = []
    for side in sorted(names.ZONES, key=lambda side: side != own):
        there = moment.astimezone(names.ZONES[side])
        shown.append(
            {
                "place": names.capital(side, language),
                "time": there.strftime("%H:%M"),
                "day": f"{dates.weekday(there, language)} {there.day} {dates.month(there.month, language)}",
                "iso": there.isoformat("T", "minutes"),
            }
        )
    return shown


def languages(request: PageRequest) -> list[dict[str, str]]:
    """This page in each language."""
    path = request.get_full_path()
    plain = path[3:] if path.startswith("/hi/") else path
    return [{"code": "en", "name": "English", "url": plain}, {"code": "hi", "name": "हिन्दी", "url": f"/hi{plain}"}]


@lru_cache(maxsize=16)
def entries(pages: tuple[tuple[str, str], ...], language: str) -> list[tuple[str, str]]:
    """Words and address of each page named, in a language; a page that this installation does not have is left out."""
    found = []
    for name, words in pages:
        try:
            found.append((words, reverse(name)))
        except NoReverseMatch:
            continue
    return found


def there(pages: tuple[tuple[str, str], ...], *, copy: bool) -> tuple[tuple[str, str], ...]:
    """Those of some pages that there are: all on a node, fewer in the public folder."""
    return tuple(each for each in pages if each[0] not in NOT_COPIED) if copy else pages


def navigation(request: PageRequest) -> list[Row]:
    """The entries of the navigation, the current one marked, with counts where the view gave any."""
    path, shown = request.path, list[Row]()
    home = "/hi/" if request.LANGUAGE_CODE == "hi" else "/"
    counts = {reverse(name): count for name, count in request.counts.items()}
    copy = copied(request) is not None
    for words, url in entries(there(NAVIGATION, copy=copy), request.LANGUAGE_CODE):
        entry: dict[str, object] = {"label": _(words), "url": url}
        entry["current"] = path == url or (
            url != home and path.startswith((f"{url.rstrip('/')}/", f"{url.rstrip('/')}-"))
        )
        if url in counts:
            entry["count"], entry["count_label"] = counts[url]
        shown.append(entry)
    if request.industry is not None or duties.submits(request.seat):
        room = reverse("industry")
        shown.append({"label": _("Industry room"), "url": room, "current": path.startswith(room)})
    elif not request.viewer.person and not copy and not request.see_as:
        name = "demo_sign_in" if request.node.config.demonstration else "account_login"
        url, here = reverse(name), path == reverse(name)
        front = here or path in (home, reverse("about"), reverse("record-index"))  # from here one signs in for the desk
        back = "" if front else f"?{urlencode({'next': request.get_full_path()})}"
        shown.append({"label": _("Sign in"), "url": url + back, "current": here})
    return shown


def times(request: PageRequest) -> Row | None:
    """The bar that asks a page as of a date and as known on one, where the view looked at `request.moment`."""
    moment = request.moment
    if moment is None:
        return None
    kept = [(name, value) for name, value in request.GET.items() if name not in ("on", "known", "page")]
    back = request.path + (f"?{urlencode(kept)}" if kept else "")
    return {
        "on": moment.on or None,
        "known": moment.known or None,
        "now": moment.now,
        "action": request.path,
        "keep": [{"name": name, "value": value} for name, value in kept],
        "back": back,
    }


def links(request: PageRequest) -> list[dict[str, str]]:
    """The links at the foot: about this system, and the account of whoever is signed in."""
    foot = there(FOOT, copy=copied(request) is not None)
    shown = [{"label": _(words), "url": url} for words, url in entries(foot, request.LANGUAGE_CODE)]
    if request.viewer.national:
        shown.append({"label": _("Setting up our side"), "url": reverse("setting_up")})
        shown.append({"label": _("Who may act here"), "url": reverse("people")})
        shown.append({"label": _("Restricted groups"), "url": reverse("restricted")})
    if request.seat and permits.drafts(request.seat.office, request.seat.duty):
        shown.append({"label": _("Bring in a file"), "url": reverse("bring")})
    if request.viewer.person:
        shown.append({"label": _("Your account"), "url": reverse("account_home")})
    return shown


def messages(request: HttpRequest) -> Iterator[dict[str, str]]:
    """Messages for the page being made; read, and thereby spent, only when a page shows them."""
    if NodeMessages.cookie_name not in request.COOKIES and not get_messages(request).added_new:  # type: ignore[union-attr]
        return  # reading none would still answer with a cookie
    for one in get_messages(request):
        yield {"level": _LEVELS.get(one.level, "note"), "text": str(one.message)}
