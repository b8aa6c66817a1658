"""How a kind of record meets its readers: what it is called, where it stands, its list, its form. Knows no page.

Every page, form, list and search reads it here. Words are English, marked for the catalogue, translated where shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal, get_args

from dtti.language.marking import N_

from .facets import Columns

Section = Literal["work", "agreed", "trade", "meets", "around", "rests"]
#: The sections of the record in the order of its front page.
SECTIONS: Final[tuple[Section, ...]] = get_args(Section)


@dataclass(frozen=True, slots=True)
class Noted:
    """A value with words under it; `days` fill the blank %(days)s of the words."""

    value: Any
    note: str
    days: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its heading and what it shows of a record.

    `shows`: a column of `Columns`, or `name` (what the record is called), `date`, `grade`, `court`, `stands` (how a
    project stands). Else `field`: a
    field of the content, or of its rows (`owners.side`), or the first of several that says something. Else `of`: what
    is computed of the content as of a day: a date, a number, a code, several (a span), `Noted`. `order`: the column it
    is ordered by. `blank`: it is empty where there is nothing, not unknown.
    """

    label: str
    shows: str = ""
    field: str | tuple[str, ...] = ()
    of: Callable[[Any, date], Any] | None = None
    order: str = ""
    number: bool = False
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Called:
    """What a record is called: words with blanks, filled by texts, the names of other records (``kind:ref``) and codes.

    A code is said in its own words, in the reader's language.
    """

    words: str
    links: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known where a record is begun: the side that writes it, all sides here, what it is begun from."""

    side: str
    sides: tuple[str, ...]
    project: str = ""
    meeting: str = ""


NAME: Final = "name"
DATE: Final = Column(N_("Date"), "date", order="earliest")
GRADE: Final = Column(N_("Grade"), "grade")
SOURCE: Final = Column(N_("Source"), field="cite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """The face of a kind.

    `one`, `many`: its name inside a sentence, and of several as a heading. `address`: the first part of the addresses
    of its pages, where that is not `many`. `section`, `place`: where it stands on the front of the record. `lede`:
    the line under the list's heading. `columns`: of the list, which ends with the grade where `graded`. `filters`:
    the columns a list can be narrowed by, with their labels; `years`: whether to a year; `views`: other ways to
    look at the same, by label and page. `drafted`: the fields that a form asks for, in order (none: all). `opens`:
    its lists that open with a row to fill in, however long a row is: without one the record says nothing. `begun`:
    its place among what the desk begins (0: it is not begun there); `begins`: the content it begins with. `once`:
    the field that names what an office writes only one for: begun again it is the one that is there. `starts`,
    `form`: the names of the pages where one is begun, and where a draft of it goes on, where it has its own;
    `aids`: pages that put something into a draft, by label and name. `missed`: facts whose absence says something.
    `called`: what it is called where that hangs on other records. `words`: of its fields and codes, where the
    common glossary has none. `under_side`: whether its readable references stand under the code of the side that it
    is about. `tasks`: short forms over a text that stands, by name, with the fields that each asks; what it does
    not ask stays as it is. `folded`: its lists whose rows stand folded in the form, each under what it says in
    these of its fields. `arranged`: a typed content with its rows in the order that is theirs. `notices`: label and
    page of the form on which a side alone gives each notice on one, by the code of the notice, where that form asks
    for more than the general one, which then gives none. `codes`: words of codes that mean something else
    elsewhere, by struct and field, and by kind and column where a column of the projection holds them.
    """

    one: str
    many: str
    address: str = ""
    section: Section
    place: int = 99
    lede: str = ""
    columns: tuple[Column, ...] = (Column(N_("Record"), NAME, order="title"), DATE)
    graded: bool = True
    filters: tuple[tuple[str, str], ...] = ()
    order: str = "title"
    descending: bool = False
    years: bool = False
    views: tuple[tuple[str, str], ...] = ()
    drafted: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    begun: int = 0
    begins: Callable[[Beginning], dict[str, Any]] = lambda beginning: {}
    once: str = ""
    starts: str = ""
    form: str = ""
    aids: tuple[tuple[str, str], ...] = ()
    missed: tuple[str, ...] = ()
    called: Callable[[Columns], Called | None] = lambda row: None
    words: Mapping[str, str] = field(default_factory=dict)
    under_side: bool = False
    tasks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    folded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    arranged: Callable[[Mapping[str, Any]], dict[str, Any]] = dict
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notices: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.address:
            object.__setattr__(self, "address", self.many.lower().replace(" ", "-"))
        if self.graded and GRADE not in self.columns:
            object.__setattr__(self, "columns", (*self.columns, GRADE))

    @property
    def plural(self) -> str:
        """Several of it inside a sentence."""
        return self.many[:1].lower() + self.many[1:]
