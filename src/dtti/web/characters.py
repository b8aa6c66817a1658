"""Recorded text on its way to a page and from a form: what cannot be seen is drawn, what was pasted is cleaned.

One pass over each page as it leaves, so that no page, macro or view can forget: whatever `language.characters` finds
odd is drawn as its code or marked, and listed at the foot of the page with its name. One pass over each form as it
comes in. Knows HTML as the templates write it, and no record.
"""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the customary name of the marker

from dtti.language import characters
from dtti.language.characters import Why

from . import labels

# --- a page ----------------------------------------------------------------------------------------------------------

_PART: Final = re.compile(
    r"<!--.*?-->"
    r"|<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?:\"[^\"]*\"|'[^']*'|[^'\">])*>"
    r"|&[#A-Za-z0-9]+;|[^<&]+|.",
    re.DOTALL,
)
#: Elements that hold text and no mark-up of ours: there a character is drawn as its code alone.
_TEXT_ONLY: Final = frozenset(("title", "textarea", "option", "svg"))
_RAW: Final = frozenset(("script", "style"))
#: Elements in which a link may not stand.
_ACTIVE: Final = frozenset(("a", "button", "summary", "label"))
_OPENED: Final = '<main id="main" tabindex="-1"><div class="wrap">'
_CLOSED: Final = "</div></main>"

WHYS: Final[dict[Why, str]] = {
    "unseen": N_("cannot be seen"),
    "outside": N_("none of the letters and signs used here"),
    "marks": N_("a mark that its letter does not take"),
    "joiner": N_("joins no letters"),
    "unformed": N_("a mark apart from its letter"),
    "mixed": N_("of another script than the rest of the word"),
    "alike": N_("looks like a Latin letter, and is none"),
}


class Listed(NamedTuple):
    """A character that a page draws otherwise, as its foot lists it."""

    code: str
    name: str
    why: str
    often: int


def page(html: str) -> str:
    """`html` with every odd character in it drawn so that it can be seen, and listed where the page has a main part."""
    if "[U+" not in html and not characters.found(html):
        return html
    made: list[str] = []
    seen: Counter[tuple[str, Why]] = Counter()
    depth: Counter[str] = Counter()
    for part in _PART.finditer(html):
        name, text = (part["name"] or "").lower(), part[0]
        if name:
            if name in _TEXT_ONLY or name in _ACTIVE or name in _RAW:
                depth[name] = max(0, depth[name] + (-1 if part["end"] else 1))
            made.append(characters.drawn(text))
        elif text[0] in "<&" or any(depth[each] for each in _RAW):
            made.append(characters.drawn(text) if text[0] == "<" else text)
        else:
            plain = any(depth[each] for each in _TEXT_ONLY)
            made.append(_marked(text, seen, plain=plain, link=not any(depth[each] for each in _ACTIVE)))
    drawn = "".join(made)
    head, opened, rest = drawn.partition(_OPENED)
    body, closed, foot = rest.rpartition(_CLOSED)
    if not seen or not opened or not closed:
        return drawn
    listed = [
        Listed(f"U+{ord(each):04X}", characters.named(each).partition(" ")[2], _(WHYS[why]), often)
        for (each, why), often in sorted(seen.items())
    ]
    said = render_to_string(
        "pages/characters.html", {"listed": listed[:MOST_LISTED], "more": len(listed) > MOST_LISTED}
    )
    note, _cut, table = said.partition("<!---->")
    return f"{head}{opened}{note}{body}{table}{closed}{foot}"


MOST_LISTED: Final = 200


def _marked(text: str, seen: "Counter[tuple[str, Why]]", *, plain: bool, link: bool) -> str:
    made = []
    for piece, shown, why in characters.pieces(text):
        if why is None:
            made.append(shown)
            continue
        seen.update((each, why) for each in piece)
        if plain:
            made.append(shown)
            continue
        inner = shown if why in characters.BARRED else f"{piece}<small>{shown.removeprefix(piece)}</small>"
        said = f'<span class="vh">({_(WHYS[why])}) </span>{inner}'
        made.append(
            f'<mark class="odd"><a href="#characters">{said}</a></mark>' if link else f'<mark class="odd">{said}</mark>'
        )
    return "".join(made)


# --- a form ----------------------------------------------------------------------------------------------------------

#: What people call what is cleaned; any other is named by its code.
NAMES: Final = {
    "\t": N_("tab"),
    "\u00a0": N_("no-break space"),
    "\u202f": N_("narrow no-break space"),
    "\u00ad": N_("soft hyphen"),
    "\u200b": N_("zero-width space"),
    "\u2060": N_("word joiner"),
    "\ufeff": N_("byte order mark"),
    "\u200c": N_("joiner without use"),
    "\u200d": N_("joiner without use"),
    "\u2011": N_("no-break hyphen"),
    "\u2028": N_("line separator"),
    "\u2029": N_("paragraph separator"),
    "NFC": N_("letters and their marks apart"),
}
_KEPT: Final = frozenset(("csrfmiddlewaretoken", "password", "next"))
PLACED: Final = re.compile(r"([a-z_]+?)(?:__(\d+))?(?:__([a-z_]+))?\Z")


def clean(given: QueryDict) -> tuple[QueryDict, list[tuple[str, dict[str, int]]]]:
    """The answers of a form as cleaned, and what was cleaned in which field."""
    made, told = given.copy(), []
    for name, values in given.lists():
        if name in _KEPT:
            continue
        cleaned = [characters.cleaned(each) for each in values]
        made.setlist(name, [each.text for each in cleaned])
        changes: Counter[str] = Counter()
        for each in cleaned:
            changes.update(each.changes)
        if changes:
            told.append((name, dict(changes)))
    return made, told


def told(field: str, changes: dict[str, int]) -> str:
    """One line on what was cleaned in a field: ``Title: no-break space U+00A0 (2 times)``."""
    place = PLACED.match(field)
    words = [field] if place is None else [labels.field(place[1])]
    if place and place[2]:
        words.append(_("row %(number)s") % {"number": int(place[2]) + 1})
    if place and place[3]:
        words.append(labels.field(place[3]))
    made = []
    for character, often in changes.items():
        code = "" if character == "NFC" else f"U+{ord(character):04X}"
        said = " ".join(each for each in (_(NAMES[character]) if character in NAMES else "", code) if each)
        made.append(f"{said} ({often})" if often > 1 else said)
    return f"{', '.join(words)}: {', '.join(made)}"


# --- both ------------------------------------------------------------------------------------------------------------


class CharacterMiddleware:
    """Cleans what a form sends before its view reads it, and says so; draws what a page holds before it is sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and response.headers.get("Content-Type", "").startswith("text/html"):
            content = response.content
            if not content.isascii() or b"[U+" in content:
                html = content.decode(response.charset or "utf-8")
                drawn = page(html)
                if drawn is not html:
                    response.content = drawn.encode()
                    if "Content-Length" in response.headers:
                        response.headers["Content-Length"] = str(len(response.content))
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_given: Any) -> HttpResponseBase | None:
        """Clean a form, but those by which one signs in: a password is what it is."""
        if request.method != "POST" or view.__module__.startswith(("allauth.", "dtti.web.accounts.")):
            return None
        try:
            made, changed = clean(request.POST)
        except SuspiciousOperation:
            return None  # the view meets it too, and is answered for
        names = [(one, characters.cleaned(one.name or "")) for _field, each in request.FILES.lists() for one in each]
        for one, cleaned in names:
            if cleaned.changes:
                one.name = cleaned.text
        if changed:
            made._mutable = False
            request.POST = made  # type: ignore[assignment]
        changed += [("files", cleaned.changes) for _one, cleaned in names if cleaned.changes]
        quiet = request.resolver_match is not None and request.resolver_match.url_name == "autosave"
        if changed and not quiet:
            lines = "; ".join(told(field, changes) for field, changes in changed[:MOST_TOLD])
            more = " …" if len(changed) > MOST_TOLD else ""
            messages.info(request, _("Cleaned of what a program put in: %(what)s.") % {"what": lines + more})
        return None


MOST_TOLD: Final = 12
