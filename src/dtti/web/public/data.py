"""The public record as data: for each kind JSON, CSV and a schema, with a README of fields and licence. No page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from dtti.documents.sheet.table import Cell, Origin, Table, TableColumn
from dtti.documents.sheet.write_csv import write_csv
from dtti.documents.values import Words
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.record import lookups, read
from dtti.office.asking import Stored
from dtti.programme.kind import Content, Kind
from dtti.programme.kinds import KINDS, placed
from dtti.programme.values import encode_hook
from dtti.web.parts import Row

MOST: Final = 1_000_000
STRETCH: Final = 500  # contents read at once
#: What is said of a record beside its content.
BESIDE: Final = ("record", "grade", "stated_by", "known_from", "page")
LONGEST: Final = 32_000  # characters of a cell

README: Final = """\
# The public record as data

Made from the acts that are public on this side ({side}), as of {day}. {note}

| File | |
|---|---|
| `KIND.json` | every public record of a kind: what is said of it beside its content, and the content whole |
| `KIND.csv` | the same, a row for each record: what has parts as JSON; empty where longer than {longest} characters |
| `KIND.schema.json` | JSON Schema (2020-12) of the content |

## Fields of every record

| Field | |
|---|---|
| `record` | what names it for ever |
| `grade` | how well its text stands; `published`: compiled from public sources, confirmed by neither side |
| `stated_by` | the side whose record says so |
| `known_from` | since when this text has been in the record |
| `page` | its page in this folder |
| `content` | fields as the schema of its kind has them; in CSV a column for each |

What is not known is left out, and never written as nothing. `cite` says on which sources a content rests and how
firmly; sources stand in `source.json`, by `ref`. Dates are in EDTF (ISO 8601-2): a year, a month, a day, or the bounds
between which a day lies (`[2015-02..2023]`). Amounts are whole numbers of a currency.

## Kinds

{kinds}

## Licence

Apache-2.0 (https://www.apache.org/licenses/LICENSE-2.0), as the software that made it. Titles and words of sources are
their authors'. The typefaces in `static/dtti/fonts` are under the SIL Open Font License, which stands beside them.
"""


def files(node: Node, viewer: Viewer, day: str, file_of: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """The files below `data/`. `file_of`: the page of a record in the folder, by record, where it has one."""
    lines = []
    for kind in placed():
        rows = _rows(node, viewer, kind, file_of)
        lines.append(f"- `{kind.code}`: {kind.face.plural}, {len(rows)}")
        yield (
            f"{kind.code}.json",
            msgspec.json.format(msgspec.json.encode([{**row, "content": content} for row, content in rows]), indent=1)
            + b"\n",
        )
        yield f"{kind.code}.csv", write_csv(_table(kind, rows))
        schema = msgspec.json.schema(kind.content, schema_hook=_schema)
        written = msgspec.json.encode(schema, order="sorted")
        yield f"{kind.code}.schema.json", msgspec.json.format(written, indent=1) + b"\n"
    note = "An exercise: people and projects may be fictitious." if node.config.environment == "exercise" else ""
    said = README.format(side=node.side, day=day, note=note, kinds="\n".join(lines), longest=LONGEST)
    yield "README.md", said.encode()


def _rows(node: Node, viewer: Viewer, kind: Kind[Any], file_of: dict[str, str]) -> list[tuple[Row, Stored]]:
    """The present text of each record of a kind, and what is said of it beside."""
    listed = read.listing(node, viewer, kind.code, order="ref", count=MOST).rows
    contents: dict[str, Content] = {}
    for at in range(0, len(listed), STRETCH):
        contents |= lookups.contents(node, viewer, [row.record for row in listed[at : at + STRETCH]])
    return [
        (
            {**{name: getattr(row, name) for name in BESIDE if name != "page"}, "page": file_of.get(row.record)},
            KINDS[kind.code].write(contents[row.record]),
        )
        for row in listed
        if row.record in contents
    ]


def _table(kind: Kind[Any], rows: list[tuple[Row, Stored]]) -> Table:
    fields = [field.encode_name for field in msgspec.structs.fields(kind.content)]
    heads = [*BESIDE, *fields]
    cells = [
        [*(_cell(row[name]) for name in BESIDE), *(_cell(content.get(name)) for name in fields)]
        for row, content in rows
    ]
    return Table(tuple(TableColumn(Words(en=head)) for head in heads), cells, Origin(Words(en=kind.code)))


def _cell(value: Any) -> Cell:
    """A value as a cell: a text as it is, anything else as JSON; what no cell holds stands in the JSON alone."""
    if value is None or value == "":
        return None
    said = value if isinstance(value, str) else msgspec.json.encode(value, enc_hook=encode_hook).decode()
    return said if len(said) <= LONGEST else None


def _schema(type_: type) -> dict[str, str]:
    return {"type": "string", "description": f"{type_.__name__}: a date in EDTF (ISO 8601-2)"}
