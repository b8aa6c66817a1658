"""Pages that need no node and no database; that for too many requests is made beforehand, and takes no time."""

from collections.abc import Iterable
from functools import cache
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from csp.utils import build_policy
from django.template import engines
from django.utils import translation
from django.utils.translation import gettext as _

from dtti.accord.refusal import SaidRefusal, refuse
from dtti.language.catalogue import LANGUAGES

AGAIN: Final = 5  # seconds after which a browser, or a person, is asked to come again


@cache
def pages() -> WSGIApplication:
    """The WSGI application that answers every request so, in the language of its address. Made once in a process."""
    made = {language: _page(language) for language in LANGUAGES}

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        language = "hi" if environ["PATH_INFO"].startswith("/hi/") else "en"
        body = made[language]
        head = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(body)),
            "Content-Language": language,
            "Content-Security-Policy": build_policy(),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cache-Control": "no-store",
            "Retry-After": str(AGAIN),
        }
        start_response("503 Service Unavailable", list(head.items()))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    return answer


def _page(language: str) -> bytes:
    with translation.override(language):
        refusal = refuse(
            "busy",
            _("More is asked of this system at this moment than it can answer. What you sent was not looked at."),
            _("Wait a few seconds, then load the page again, or go back and send the form again."),
        ).said()
        return bare(_("Too much at once"), refusal, language).encode()


def bare(title: str, refusal: SaidRefusal, language: str, fault: dict[str, str] | None = None) -> str:
    """A page of one refusal that asks neither node nor database: no names, no session. In the language active now."""
    programme = {"short": "DTTI", "name": "", "url": "/hi/" if language == "hi" else "/"}
    frame = {"lang": language, "side": None, "programme": programme}
    template = engines["jinja2"].env.get_template("accounts/error.html")  # type: ignore[attr-defined]
    return str(template.render({"frame": frame, "title": title, "refusal": refusal, "fault": fault}))
