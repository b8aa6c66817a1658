"""Nothing outside a kind's own file says what it is called, where it stands, what its list shows: no table of kinds."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import msgspec

from dtti.programme.facets import Columns
from dtti.programme.kinds import KINDS

from .support import ROOT

SOURCE = ROOT / "src" / "dtti"

#: Modules that may name a kind, and why.
NAMED = {
    "rule_sets": "which kinds there are, and whether joint, is frozen with the rules that acts are judged by",
    "values": "the types of links name the kind that they lead to",
    "kind": "a source need not be recorded before it cites itself",
    "reporting": "what the other side says of this side's offices and holders counts nowhere",
    **dict.fromkeys(("holders", "acting", "writing", "co_chairs"), "who holds an office is what appointments say"),
    **dict.fromkeys(
        (
            *("exercise", "exercise_asks", "exercise_forum", "exercise_lanes", "exercise_meetings", "exercise_plans"),
            *("exercise_projects", "exercise_release", "register"),
        ),
        "the staged story writes these records",
    ),
    **dict.fromkeys(
        ("refusal", "labels", "codes", "bound", "logs", "calendars", "checklist", "sop"),
        "the word means something else there",
    ),
    **dict.fromkeys(
        ("bodies", "contracts", "needs", "offices", "project", "release", "sources", "surroundings", "press", "record"),
        "the page of its own of that kind, or what stands beside every record",
    ),
    **dict.fromkeys(
        ("actions", "action_page", "action_reports", "action_history", "minutes"),
        "what is to be done stands in meetings and commitments, and beside them",
    ),
    **dict.fromkeys(("answers", "meeting_answers"), "an answer to an invitation goes into a delegation"),
    "stages": "a project enters its stages",
    **dict.fromkeys(("plan", "success"), "the page of a plan or a success definition, and its place on the project's"),
    "exercise_plans": "the staged story writes these records",
    **dict.fromkeys(
        ("meeting_announced", "readouts"), "a readout is announced, and stands, at the page of its meeting"
    ),
    "ask": "facts are asked of the record, not of its sources nor of where they differ",
    "following": "what groups below said of their projects goes to the next meeting",
    "reading": "lists that are pages of their own",
    "desk": "what falls due",
    **dict.fromkeys(("about", "feed"), "what a newcomer is told first, and what has a feed of its own"),
    **dict.fromkeys(
        ("forum", "forum_recommendation", "forum_disposition", "industry", "exercise_forum"),
        "the pages of the industry forum, and the staged story of it",
    ),
    "setup": "offices, who holds them and bodies are what a side is set up of",
}


def constants(nodes: list[ast.expr | None]) -> list[object]:
    return [node.value if isinstance(node, ast.Constant) else None for node in nodes]


def field_names() -> set[str]:
    """Names of fields, which some kinds are called like: what holds them may be a row of data."""
    modules = [import_module(kind.content.__module__) for kind in KINDS.values()]
    held = [each for module in modules for each in vars(module).values() if isinstance(each, type)]
    structs = [each for each in held if issubclass(each, msgspec.Struct)]
    return {name for struct in (*structs, Columns) for name in struct.__struct_fields__}


def named(path: Path, fields: set[str]) -> Iterator[tuple[int, object]]:
    """Where a module names a kind: one by a code that is no field's name, or several in a list."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Constant) and node.value in KINDS and node.value not in fields:
            yield node.lineno, node.value
        if isinstance(node, ast.Tuple | ast.List | ast.Set) and len(node.elts) > 1:
            listed = constants(list(node.elts))
            if set(listed) <= set(KINDS):
                yield node.lineno, listed


def modules() -> list[Path]:
    """Modules that may know of kinds; papers and documents know none, their words are not looked at."""
    apart = {"kinds", "papers", "documents", "migrations"}
    return [path for path in SOURCE.rglob("*.py") if not apart & set(path.relative_to(SOURCE).parts)]


def test_no_module_lists_kinds_by_name() -> None:
    fields = field_names()
    looked = [path for path in modules() if path.stem not in NAMED]
    assert len(looked) > 150
    assert {(path.stem, *each) for path in looked for each in named(path, fields)} == set()


def test_a_module_that_may_name_a_kind_names_few() -> None:
    """A table of kinds is none, whatever the module: it would name most of them."""
    fields = field_names()
    counted = {
        path.stem: {str(code) for _line, code in named(path, fields) if isinstance(code, str)}
        for path in modules()
        if path.stem in NAMED and path.stem not in ("rule_sets", "values")
    }
    assert {stem: codes for stem, codes in counted.items() if len(codes) > 3} == {}


def test_every_kind_has_a_face_of_its_own() -> None:
    faces = [kind.face for kind in KINDS.values()]
    for said in ("one", "many", "address"):
        assert len({getattr(face, said) for face in faces}) == len(faces), said
    begun = [face.begun for face in faces if face.begun]
    assert sorted(begun) == list(range(1, len(begun) + 1))


def test_a_face_names_fields_and_columns_that_are_there() -> None:
    columns = {*Columns.__struct_fields__, "name", "date", "grade", "court", "stands"}
    for kind in KINDS.values():
        fields, face = set(kind.content.__struct_fields__), kind.face
        assert {*face.drafted, *face.missed} <= fields, kind.code
        assert {name for asked in face.tasks.values() for name in asked} <= fields, kind.code
        assert {name for name, _label in face.filters} <= columns, kind.code
        assert face.order in columns, kind.code
        for column in face.columns:
            paths = (column.field,) if isinstance(column.field, str) else column.field
            assert [bool(column.shows), bool(paths), bool(column.of)].count(True) == 1, (kind.code, column.label)
            assert {path.partition(".")[0] for path in paths} <= fields, (kind.code, column.label)
            assert column.shows in {"", *columns}, (kind.code, column.label)
            assert column.order in {"", *columns}, (kind.code, column.label)
