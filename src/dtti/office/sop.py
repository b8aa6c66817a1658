"""The versions of the procedure, held by this software or drafted as records: each as it stands, compared, as a file.

One reading for pages, JSON and command. No rule of its own; records are those that the reader may see.
"""

from __future__ import annotations

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.accord.rule_sets import RULE_SETS
from dtti.node.line.founding import standing_sets
from dtti.node.record.read import Listed
from dtti.programme.kinds.procedure import PROCEDURE, Procedure, ProcedureRow, numbered
from dtti.programme.sop import texts
from dtti.programme.sop.texts import CODED, ROW, Changed, Changes, RowChanged, Value
from dtti.programme.sop.versions import LATEST, Rule, versions
from dtti.programme.sop.versions import Procedure as Held

from .asking import Asking, Stored

__all__ = [
    "LATEST",
    "PROCEDURE",
    "ROW",
    "Changed",
    "Changes",
    "Listed",
    "Procedure",
    "ProcedureRow",
    "RowChanged",
    "Rule",
    "Stored",
    "Value",
    "versions",
]
_BOTH = ("agreed_here", "on_paper")
_CODES = (*CODED, "exits")


class Version(msgspec.Struct, frozen=True):
    """A version that can be compared. `name`: what addresses it; `row`: its record, None where software holds it.

    `agreed`: both sides hold this text. `offered`: one has sent it for agreement, and both hold none yet.
    """

    name: str
    ref: str
    title: str
    row: Listed | None = None

    @property
    def agreed(self) -> bool:
        return self.row is not None and self.row.grade in _BOTH

    @property
    def offered(self) -> bool:
        return self.row is not None and self.row.grade == "offer" and bool(self.row.offer)


class Holding(msgspec.Struct, frozen=True):
    """Whether the software here holds a version, and as the text says it. None of it is known of another system.

    `held`: it has a file of that name. `rule_sets`: which have its codes; `in_force`: those of them that are in force
    here, by the root keys of both sides. `codes_equal`, `words_equal`: as the text has them. `changes`: each
    difference, from the text to the version that is held; `codes`: of the whole, beside them, by name.
    """

    held: bool
    rule_sets: list[str]
    in_force: list[str]
    codes_equal: bool = False
    words_equal: bool = False
    changes: Changes | None = None
    codes: list[str] = []


class Compared(msgspec.Struct, frozen=True):
    """Two versions and all in which they differ."""

    one: Version
    other: Version
    changes: Changes


class Written(msgspec.Struct, frozen=True):
    """A text of the record as a file of a version: the record, how it stands, the act that it stands by."""

    version: str
    record: str
    grade: str
    act: str
    toml: str


def listed(asking: Asking) -> list[Listed]:
    """The records of versions that the reader sees, by title."""
    return asking.rows(PROCEDURE.code, count=200)


def choices(asking: Asking) -> list[Version]:
    """Every version that the reader can compare: those that this software holds, then the records with a text."""
    held = [Version(name, name, each.about.title) for name, each in versions().items()]
    rows = [row for row in listed(asking) if row.text_state == "held"]
    return [*held, *(Version(row.code, row.ref, row.title, row) for row in rows)]


def text_named(asking: Asking, name: str) -> tuple[Version, Procedure]:
    """The version of that name, code or reference, with its text; Refused where the reader sees none, or several."""
    if name in versions():
        return Version(name, name, versions()[name].about.title), texts.packaged(name)
    state = asking.held(name, PROCEDURE.code) if name else None
    if state is None:
        raise Refused(
            refuse(
                "procedure-version",
                f"there is no version {name[:80]!r} of the procedure here whose text can be read",
                f"Name a record of one that you may see, or one of these: {', '.join(versions())}.",
            )
        )
    row, stored = state
    return Version(row.code, row.ref, row.title, row), PROCEDURE.read(stored)


def compared(asking: Asking, one: str, other: str) -> Compared:
    """What the second of two versions says otherwise than the first; Refused where there is no such version."""
    (first, before), (second, after) = (text_named(asking, name) for name in (one, other))
    return Compared(first, second, texts.changes(before, after))


def changes_of(asking: Asking, text: Procedure) -> Compared | None:
    """What a text changes of the version that it follows; None where the reader sees no such version."""
    try:
        followed, before = text_named(asking, text.follows)
    except Refused:
        return None
    return Compared(followed, Version(text.ref, text.ref, text.title), texts.changes(before, text))


def open_beside(asking: Asking, follows: str, record: str) -> list[Version]:
    """Other texts that change the same version and are open: offered, or agreed and not yet held by this software."""
    found = [
        Version(row.code, row.ref, row.title, row)
        for row in listed(asking)
        if follows and row.subtitle == follows and row.record != record
    ]
    return [each for each in found if each.offered or (each.agreed and each.ref not in versions())]


def _base(asking: Asking, text: Procedure) -> Held | None:
    """The version held here that a text changes in the end, from which it takes what both do not draft."""
    met: set[str] = set()
    while text.follows not in versions():
        met.add(text.ref)
        try:
            text = text_named(asking, text.follows)[1]
        except Refused:
            return None
        if text.ref in met:
            return None
    return versions()[text.follows]


def holding(asking: Asking, text: Procedure) -> Holding:
    """Whether the software here holds a version of a text's name, and in what it differs."""
    sets = [each.name for each in RULE_SETS.values() if text.ref in each.procedures]
    standing = {each.name: each.released for each in standing_sets(asking.node)}
    in_force = [name for name in sets if standing[name]]
    if text.ref not in versions():
        return Holding(False, sets, in_force)
    changes, base = texts.changes(text, texts.packaged(text.ref)), _base(asking, text)
    codes = texts.differing_codes(text, base or versions()[text.ref], text.ref)
    fields = [(row.state, each) for row in changes.rows for each in row.fields]
    coded = codes or any(state in ("added", "removed") or each.field in _CODES for state, each in fields)
    worded = any(each.field not in _CODES for each in (*changes.whole, *(each for _state, each in fields)))
    ordered = all(each.state != "reordered" for each in changes.rows)
    beside = [each for each in codes if each != "exits"]
    return Holding(True, sets, in_force, not coded, not worded and ordered, changes, beside)


def held_here() -> dict[str, Held]:
    """Every version that this software holds, by its name, each row with the Hindi that is shown of it."""
    return {
        name: msgspec.structs.replace(
            held,
            rows={
                row.id: msgspec.structs.replace(held.rows[row.id], words_hi=row.words_hi or "")
                for row in texts.packaged(name).rows
            },
        )
        for name, held in versions().items()
    }


def begun(asking: Asking) -> Stored:
    """What names the next version, beside what its kind begins with: the first number that no version has here."""
    ref, title = numbered([*versions(), *(row.ref for row in listed(asking))])
    return {"ref": ref, "title": title}


def written(asking: Asking, name: str) -> Written:
    """The file of a record's text that both agreed, or that one offered; Refused where there is none."""
    state = asking.held(name, PROCEDURE.code)
    if state is None:
        raise Refused(
            refuse(
                "procedure-record",
                f"there is no record {name[:80]!r} of a version of the procedure here whose text can be read",
                "Give the code or the reference of one that the page /procedure/ lists.",
            )
        )
    row, text = state[0], PROCEDURE.read(state[1])
    version = Version(row.code, row.ref, row.title, row)
    if not version.agreed and not version.offered:
        raise Refused(
            refuse(
                "procedure-open",
                f"{row.ref} is neither agreed by both sides nor offered for agreement",
                "Send it for agreement first: only such a text goes into a rule set.",
            )
        )
    base = _base(asking, text)
    if base is None:
        raise Refused(
            refuse(
                "procedure-follows",
                f"{row.ref} changes {text.follows}, and no version that this software holds stands behind that",
                "Take in the record that it changes, or upgrade first.",
            )
        )
    said = "agreed by both sides" if version.agreed else "offered for agreement, and agreed by nobody yet"
    head = [
        f"{text.title}: {said}.",
        f"Record {row.record}, act {row.act}.",
        f"Stages, kinds of project and what may show a row are as in {base.about.version}.",
        *(() if text.effective else ("The text does not say from when it is in use: `effective` is left empty.",)),
    ]
    return Written(text.ref, row.record, row.grade, row.act, texts.toml(text, base, head, agreed=version.agreed))
