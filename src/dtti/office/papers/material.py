"""What a paper is made from: the record it is of, what other records are called, and on what of the record it rests.

Every record of which a word goes into the paper is noted here, so that its head can say the narrowest release and the
last act that it knows. Knows no single paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, TypeVar

from dtti.documents.typeset.trial import Trial
from dtti.documents.values import LANGUAGES, SIDES, Language, Line, Side, Words
from dtti.language import dates, names
from dtti.language.catalogue import translate
from dtti.language.marking import N_
from dtti.node.core import visibility
from dtti.node.core.visibility import Viewer
from dtti.node.record import journal, lookups
from dtti.node.record.read import Listed
from dtti.office.asking import Asking
from dtti.papers.data.agenda import Session
from dtti.papers.data.head import Basis, Day, Head
from dtti.programme.kind import Content
from dtti.programme.kinds import KINDS
from dtti.programme.lanes import versions as lanes
from dtti.programme.values import FileNumber, When

NATIONAL: Final = N_("National, not released")
_GRADES: Final = {
    "agreed_here": N_("agreed here"),
    "on_paper": N_("on paper, both confirm"),
    "recorded": N_("recorded by one side"),
    "published": N_("published, confirmed by neither"),
    "stated": N_("stated by its owner"),
    "offer": N_("offer, not agreed"),
    "": N_("draft, not sent"),
}
C = TypeVar("C", bound=Content)
_DEVANAGARI: Final = re.compile(r"[\u0900-\u097f]")
_LATIN: Final = re.compile(r"[A-Za-z]")


def in_both(make: Callable[[Language], str]) -> Words:
    """What `make` says in each language."""
    return Words(make("en"), make("hi"))


def said(message: str, **blanks: object) -> Words:
    """A message of the catalogue in both languages; a blank that holds words takes those of each language."""

    def filled(language: Language) -> str:
        values = {name: each.spoken(language)[0] if isinstance(each, Words) else each for name, each in blanks.items()}
        words = translate(message, language)
        return words % values if values else words

    return in_both(filled)


def _of_code(code: str) -> Words:
    """What a code of a record's name is called."""
    words = lanes.words().get(code, code)
    return in_both(lambda language: translate(words, language))


def recorded(text: str) -> Words:
    """Recorded text in the language that it is written in; nothing translates it."""
    hindi = len(_DEVANAGARI.findall(text)) > len(_LATIN.findall(text))
    return Words(hi=text) if hindi else Words(en=text)


def known_day(when: When | None) -> Day | None:
    """A date as papers print it, never more precise than it is known: None where not even the year is."""
    if when is None:
        return None
    if when.precision != "between":
        return str(when)
    alike = []
    for one, other in zip((when.not_before or "").split("-"), (when.not_after or "").split("-"), strict=False):
        if not one or one != other:
            break
        alike.append(one)
    return "-".join(alike) or None


def side_words(side: str, *, inside: bool = False) -> Words:
    """A side by name in both languages."""
    return in_both(lambda each: names.side_named(side, each, inside=inside))


def clocks(opens: str | None) -> tuple[Session, ...]:
    """When something begins (an hour in UTC) on the clocks of both capitals, each with its own day."""
    if not opens:
        return ()
    moment = datetime.fromisoformat(opens)
    return tuple(_clock(side, moment.astimezone(zone)) for side, zone in names.ZONES.items())


def _clock(side: str, there: datetime) -> Session:
    day = in_both(lambda each: f"{dates.weekday(there.date(), each)}, {dates.day(there.date(), each)}")
    return Session(place=in_both(lambda each: names.capital(side, each)), time=there.strftime("%H:%M"), day=day)


def grade_of(row: Listed) -> Words:
    """The grade of a record's text, with who gave it where it is of one side; what stands where none counts."""
    words = said(_GRADES[row.grade if row.grade in _GRADES else "offer" if row.offer else ""])
    if row.grade in ("recorded", "stated") and row.stated_by:
        return said(N_("%(grade)s (%(side)s)"), grade=words, side=side_words(row.stated_by))
    return words


class Material:
    """The record that a paper is of, as who asks may see it, and what was taken from other records.

    `row`, `content`: the record. `used`: every record of which a word was taken, by its identity. `attached`: the PDFs
    that the paper puts in page by page, by the name under which its data names them.
    """

    def __init__(self, asking: Asking, row: Listed, content: Content) -> None:
        self.asking, self.row, self.content = asking, row, content
        self.used: dict[str, Listed] = {row.record: row}
        self.attached: dict[str, bytes] = {}
        self._trial = Trial()
        self._named: dict[str, Listed | None] = {}

    def use(self, *rows: Listed) -> None:
        """Note that words of these records go into the paper."""
        self.used |= {row.record: row for row in rows}

    def attach(self, row: Listed) -> list[tuple[str, str]]:
        """Put in the PDFs that came with the text of a record: what each is called, and by which name it is held.

        One that cannot be put in is held under no name: a file of the other side takes no pack away, nor the process.
        """
        node, viewer = self.asking.node, self.asking.viewer
        text, act = journal.body_of(node, viewer, row.act), journal.act(node, viewer, row.act)
        listed = text.text.files if act and text and text.text else []
        first = len(act.bodies) - len(listed) if act else 0  # files are the last bodies of an act
        made = []
        for place, file in enumerate(listed):
            data = journal.raw_body(node, viewer, row.act, first + place)
            if file.media != "application/pdf" or not isinstance(data, bytes):
                continue
            name = f"{row.code}-{place + 1}.pdf"
            if self._trial.fits(data):
                self.attached[name] = data
            made.append((file.name, name if name in self.attached else ""))
        return made

    def rows(self, links: Iterable[str]) -> dict[str, Listed]:
        """The records behind links (``kind:ref``) that who asks sees; each is noted as used."""
        wanted = [link for link in dict.fromkeys(links) if link not in self._named]
        if wanted:
            found = self.asking.named(wanted)
            after = {
                link
                for row in found.values()
                if row.kind in KINDS and (called := KINDS[row.kind].face.called(row))
                for link in called.links.values()
            }
            found = {**self.asking.named(sorted(after - self._named.keys())), **found}
            self._named |= {link: found.get(link) for link in (*wanted, *found)}
        made = {link: row for link in links if (row := self._named.get(link)) is not None}
        self.use(*made.values())
        return made

    def name(self, link: str) -> Words:
        """What a linked record is called; its reference where who asks sees none."""
        row = self.rows([link]).get(link)
        return self.called(row) if row else Words(en=link.partition(":")[2])

    def called(self, row: Listed) -> Words:
        """What a record is called, in both languages where it is called after others."""
        face = KINDS[row.kind].face.called(row) if row.kind in KINDS else None
        if face is None:
            return recorded(row.title or row.ref or row.code)
        self.rows(face.links.values())
        codes = {name: _of_code(code) for name, code in face.codes.items()}
        return said(face.words, **face.texts, **codes, **{name: self.name(link) for name, link in face.links.items()})

    def office(self, ref: str) -> Words:
        """The title of an office."""
        return self.name(f"office:{ref}")

    def naming(self, content: type[C], meeting: str) -> list[tuple[Listed, C]]:
        """Records of one kind, by its content, that name the meeting `meeting`; each is noted as used."""
        near = lookups.pointing(self.asking.node, self.asking.viewer, "meeting", meeting, self.asking.moment.bound)
        made = [(row, of) for row, of in near if isinstance(of, content)]
        self.use(*(row for row, _ in made))
        return made

    @property
    def national(self) -> bool:
        """Whether anything in the paper has not been released."""
        return any(row.label == visibility.NATIONAL for row in self.used.values())

    def label(self, *, inside: bool = False) -> str:
        """The handling label: that it has not been released, where anything in it has not, or it is for this side."""
        return " / ".join(translate(NATIONAL, each) for each in LANGUAGES) if inside or self.national else ""

    def reference(self, paper: str) -> str:
        """What the paper is called in letters: its record, what it is, the version of the text."""
        return f"{self.row.ref or self.row.code}/{paper}" + (f"/{self.row.number}" if self.row.number else "")

    def head(
        self,
        title: Words,
        paper: str,
        *,
        subtitle: Words | None = None,
        date: When | None = None,
        place: str | None = None,
        status: Words | None = None,
        files: Iterable[FileNumber] = (),
        inside: bool = False,
        original: bool = False,
    ) -> Head:
        """The head of a paper, made last: it says what the paper rests on.

        `inside`: it is for this side alone. `original`: it is signed, and says nothing that hangs on one side's record.
        """
        numbers: dict[Side, Line] = {}
        for each in files:
            numbers.setdefault(each.side, each.number)
        return Head(
            title=title,
            subtitle=subtitle,
            reference=self.reference(paper),
            label=self.label(inside=inside),
            file_numbers=numbers,
            date=known_day(date),
            place=recorded(place) if place else None,
            status=status,
            exercise=self.asking.node.config.environment == "exercise" and not self.row.compiled,
            basis=None if original else self.basis(),
        )

    def grade(self) -> Words:
        """The grade of the text that the paper is of, with who gave it where it is of one side."""
        return grade_of(self.row)

    def basis(self) -> Basis:
        """On what the paper rests: version and grade of its text, both times, the last act that it knows."""
        node, moment = self.asking.node, self.asking.moment
        latest = max(self.used.values(), key=lambda row: (row.known_from, row.record))
        # Who reads a paper that may go out must not learn from it when something happened inside.
        viewer = self.asking.viewer if self.national else Viewer(node.side)
        acts = journal.recent(node, viewer, 1, record=latest.record, known=moment.bound)
        return Basis(
            version=self.row.number,
            grade=self.grade(),
            on=moment.on or None,
            entry=acts[0].index if acts else None,
            side=next((side for side in SIDES if acts and acts[0].side == side), None),
            known=(acts[0].time if acts else latest.known_from).replace("T", " ").replace("Z", " UTC"),
            digest=self.digest,
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the text that the paper is made from, in hexadecimal; empty where there is none to be seen."""
        act = journal.act(self.asking.node, self.asking.viewer, self.row.act) if self.row.act else None
        return act.bodies[self.row.part] if act and len(act.bodies) > self.row.part else ""
