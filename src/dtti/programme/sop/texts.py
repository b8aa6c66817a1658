"""A version of the procedure as a text, held by software or by the record: two compared, and one as a file. Pure."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from dtti.accord.procedures import Codes, codes
from dtti.programme.kinds.procedure import Procedure as Text
from dtti.programme.kinds.procedure import ProcedureRow, rows_of
from dtti.programme.values import When

from .spine import SPINE, Stage
from .versions import Procedure, versions

#: Members of a row, as they are compared; those that decide a verdict, and those that only say it in words.
ROW: Final = tuple(name for name in ProcedureRow.__struct_fields__ if name != "id")
CODED: Final = ("stage", "how", "sides", "paths", "waivable", "unless")
#: Members of the whole, as they are compared.
WHOLE: Final = ("title", "effective", "basis", "exits")
State = Literal["added", "removed", "moved", "changed", "reordered"]
Value = str | bool | list[str] | None


class Changed(msgspec.Struct, frozen=True):
    """A member that is not the same in both: as it was, as it is. None: it says nothing."""

    field: str
    before: Value
    after: Value


class RowChanged(msgspec.Struct, frozen=True):
    """A row that is not the same in both: by its name, its words and stage where it stands now (or stood last).

    ``moved``: to another stage, whatever else changed; ``reordered``: it stands elsewhere among the rows of its stage.
    `since`: the stage that it was moved from.
    """

    id: str
    state: State
    stage: Stage
    since: str
    words: str
    words_hi: str
    fields: list[Changed]


class Changes(msgspec.Struct, frozen=True):
    """All that is not the same in two versions, by their names; `alike`: how many rows are."""

    one: str
    other: str
    whole: list[Changed]
    rows: list[RowChanged]
    alike: int

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return not self.whole and not self.rows

    def count(self, state: State) -> int:
        """How many rows are so."""
        return sum(each.state == state for each in self.rows)


def packaged(name: str) -> Text:
    """A version that this software holds, as a text; KeyError where it holds none of that name."""
    about = versions()[name].about
    return Text(
        ref=name,
        title=about.title,
        follows=name,
        effective=When(about.effective) if about.effective else None,
        basis=about.basis,
        exits=about.exits,  # type: ignore[arg-type] # a test holds them together
        rows=rows_of(name),
    )


def changes(one: Text, other: Text) -> Changes:
    """What the second version says otherwise than the first."""
    before, after = ({row.id: row for row in text.rows} for text in (one, other))
    both = [name for name in after if name in before]
    elsewhere = _elsewhere(before, after)
    rows: list[RowChanged] = []
    for name in _in_order(list(before), list(after)):
        was, now = before.get(name), after.get(name)
        row = now or was
        assert row is not None  # noqa: S101 - every name is of one of them
        fields = list(_differing(was, now, ROW))
        if was is None or now is None:
            state: State = "added" if was is None else "removed"
        elif was.stage != now.stage:
            state = "moved"
        elif fields:
            state = "changed"
        elif name in elsewhere:
            state = "reordered"
        else:
            continue
        since = was.stage if was and now and was.stage != now.stage else ""
        rows.append(RowChanged(name, state, row.stage, since, row.words, row.words_hi or "", fields))
    rows.sort(key=lambda row: SPINE.index(row.stage))
    whole = list(_differing(one, other, WHOLE))
    unlike = sum(each.state not in ("added", "removed") for each in rows)
    return Changes(one.ref, other.ref, whole, rows, len(both) - unlike)


def _elsewhere(before: Mapping[str, ProcedureRow], after: Mapping[str, ProcedureRow]) -> set[str]:
    """The rows that stand at another place among those that their stage has in both."""
    stages = {name: row.stage for name, row in after.items() if name in before and before[name].stage == row.stage}
    orders = [[name for name in rows if name in stages] for rows in (before, after)]
    places = [
        {name: [one for one in order if stages[one] == stages[name]].index(name) for name in order} for order in orders
    ]
    return {name for name in stages if places[0][name] != places[1][name]}


def _in_order(before: list[str], after: list[str]) -> list[str]:
    """All names once: as they stand now, each that is gone after the one that it followed."""
    found = list(after)
    for place, name in enumerate(before):
        if name not in after:
            found.insert(found.index(before[place - 1]) + 1 if place else 0, name)
    return found


def _differing(one: Any, other: Any, names: Iterable[str]) -> Iterator[Changed]:
    for name in names:
        before, after = (_value(getattr(each, name)) if each is not None else None for each in (one, other))
        alone = after if one is None else before if other is None else True
        if before != after and alone not in ([], False):
            yield Changed(name, before, after)


def _value(value: Any) -> Value:
    """A member as it is compared: several as a list, a date as its text."""
    if isinstance(value, tuple):
        return [str(each) for each in value]
    return value if value is None or isinstance(value, bool) else str(value)


def differing_codes(text: Text, base: Procedure, name: str) -> list[str]:
    """The codes of the whole (stages, kinds of project, ...) in which a version held here is not as a text has them."""
    made, held = codes_of(text, base), codes(name)
    return [each for each in Codes.__struct_fields__ if each != "rows" and getattr(made, each) != getattr(held, each)]


def codes_of(text: Text, base: Procedure) -> Codes:
    """The codes of a text, as a rule set would hold them; `base`: the version from which it takes the rest."""
    stored = tomllib.loads(toml(text, base))
    return msgspec.convert({**stored["about"], "rows": stored["rows"]}, Codes)


def toml(text: Text, base: Procedure, head: Sequence[str] = (), *, agreed: bool = False) -> str:
    """A text as a file of a version, which this software could hold. `head`: lines of comment above it.

    What both do not draft (stages, kinds of project, which records may show a row) is as in `base`. Without a citation
    a text that both agreed is its own source, and one that both did not is unverified.
    """
    cite, about = text.cite, base.about
    lines = [
        *(f"# {line}".rstrip() for line in head),
        "",
        "[about]",
        _line("version", text.ref),
        _line("title", text.title),
        _line("effective", str(text.effective or "")),
        _line("of", about.of),
        _line("stages", about.stages),
        _line("kinds", about.kinds),
        _line("exits", text.exits),
        _line("ending", about.ending),
        _line("empty", about.empty),
        _line("sources", cite.sources if cite else ()),
        _line("confidence", cite.confidence if cite else "sourced" if agreed else "unverified"),
        _line("basis", text.basis),
        "",
        "[about.takes]",
        *(_line(way, kinds) for way, kinds in about.takes.items()),
    ]
    for row in text.rows:
        lines += ["", f"[rows.{row.id}]"]
        for name in ROW:
            value = getattr(row, name)
            if name == "waivable" or value not in (None, (), False):
                lines.append(_line(name, value))
    return "\n".join(lines).lstrip("\n") + "\n"


def _line(name: str, value: Any) -> str:
    """A member as TOML writes it: its texts are those of JSON, which TOML reads alike but for one character."""
    made = list(value) if isinstance(value, tuple) else value
    return f"{name} = {json.dumps(made, ensure_ascii=False)}".replace("\x7f", "\\u007f")
