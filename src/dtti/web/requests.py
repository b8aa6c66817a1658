"""What the middleware hangs on a request, for views to be typed by. Knows no page."""

from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest

from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.people.models import Person, Seat, Typed

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from .page import Moment

#: Where a request made for the public folder carries its `Copied`; no header of a visitor's can be called so.
COPIED: Final = "dtti.copied"


class Copied:
    """A page that is being put into the public folder: there it has no forms, no clock and nobody signed in.

    `twin`: what its `.json` twin holds, once it is answered. `answer`: the page as it was answered, of which its tables
    and charts as files are made without making it again; `parts`: these, once they were looked for in it.
    """

    twin: Any = None
    answer: Any = None
    parts: Any = None


class PageRequest(HttpRequest):
    """A request for a page.

    `node`: the office system. `seat`: the seat taken, None for a visitor or a person without one. `seats`: all that the
    person holds today. `viewer`: what may be seen. `moment`: the times the page is asked for, which a view sets where a
    page can be asked as of a date; None elsewhere. `counts`: counts beside entries of the navigation, by page name:
    (number, words). `industry`: somebody of industry is signed in, who is a stranger on every page but the industry
    room's: the person, kept apart. `typed`: what was kept of a session that ended, where this page takes it up; absent
    elsewhere. `see_as`: the side as which one looks (see `seeing`), empty elsewhere; `seat_behind`: the seat of who
    looks so.
    """

    node: Node
    seat: Seat | None
    seats: tuple[Seat, ...]
    viewer: Viewer
    htmx: "HtmxDetails"
    LANGUAGE_CODE: str
    moment: "Moment | None"
    not_released: list[str]
    counts: dict[str, tuple[int, str]]
    industry: Person | None
    typed: "Typed"
    see_as: str
    seat_behind: Seat | None
