"""What every kind shares: one stored form, links, texts for search, and the rules of citation."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from dtti.accord.refusal import Refused
from dtti.accord.rule_sets import LATEST
from dtti.ledger import canonical
from dtti.programme import judging
from dtti.programme.bounds import MOST_ROWS
from dtti.programme.judging import judge_body
from dtti.programme.kind import Context
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.meeting import MEETING
from dtti.programme.kinds.project import PROJECT
from dtti.programme.published import load
from dtti.programme.walk import links, rows, texts

STORED: dict[str, Any] = {
    "ref": "sparrow",
    "name": "Sparrow",
    "body": "jwg-air-systems",
    "first_named": "2027-01",
    "in_dtti": True,
    "horizons": [
        {"statement": "soi-9", "horizon": "near", "cite": {"sources": ["S1"], "confidence": "single-source"}},
    ],
    "statements": [{"date": "2027-01-26", "status": "named", "note": "At the Group meeting."}],
    "notes": "Fictitious.",
}


def rules_of(kind: str, stored: dict[str, Any], context: Context | None = None) -> set[str]:
    return {refusal.rule for refusal in KINDS[kind].rules(KINDS[kind].read(stored), context or Context())}


def test_a_content_is_written_as_it_was_read() -> None:
    assert PROJECT.write(PROJECT.read(STORED)) == STORED


def test_every_published_content_has_one_form_within_the_profile() -> None:
    for item in load():
        kind = KINDS[item.kind]
        stored = kind.write(item.content)
        assert canonical.decode(canonical.encode(stored)) == stored
        assert kind.read(stored) == item.content


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"colour": "grey"}, "content-form"),
        ({"name": None}, "content-form"),
        ({"name": ""}, "content-form"),
        ({"name": "two\nlines"}, "content-form"),
        ({"first_named": "26 Jan 2027"}, "content-form"),
        ({"first_named": 2027}, "content-form"),
        ({"in_dtti": 1}, "content-form"),
        ({"ref": "no spaces"}, "content-form"),
        ({"ref": "../aluav"}, "content-form"),
        ({"body": None}, "content-one-form"),
        ({"aliases": []}, "content-one-form"),
    ],
)
def test_what_is_not_the_stored_form_is_refused_with_what_would_satisfy_it(change: dict[str, Any], rule: str) -> None:
    with pytest.raises(Refused) as caught:
        PROJECT.read({**STORED, **change})
    (refusal,) = caught.value.refusals
    assert refusal.rule == rule
    assert refusal.remedy


def test_what_was_entered_is_tidied_into_the_one_stored_form() -> None:
    assert PROJECT.tidy({**STORED, "aliases": [], "domain": None}) == STORED
    with pytest.raises(Refused, match="colour"):
        PROJECT.tidy({**STORED, "colour": "grey"})


def test_a_missing_member_is_refused_by_name() -> None:
    stored = {key: value for key, value in STORED.items() if key != "in_dtti"}
    with pytest.raises(Refused, match="in_dtti"):
        PROJECT.read(stored)


def test_links_name_kind_and_reference_once_each() -> None:
    assert links(PROJECT.read(STORED)) == ("body:jwg-air-systems", "instrument:soi-9", "source:S1")


def test_search_finds_what_people_wrote_and_no_codes() -> None:
    found = texts(PROJECT.read(STORED)).split("\n")
    assert "Sparrow" in found
    assert "At the Group meeting." in found
    assert "near" not in found
    assert "jwg-air-systems" not in found


def test_rows_are_found_with_their_paths() -> None:
    assert [path for path, _ in rows(PROJECT.read(STORED))] == ["", "horizons.0", "statements.0"]


def test_facets_are_flat_and_dates_in_them_are_bounds() -> None:
    facets = PROJECT.facets(PROJECT.read(STORED))
    assert (facets.ref, facets.title, facets.body, facets.horizon, facets.status) == (
        "sparrow",
        "Sparrow",
        "jwg-air-systems",
        "near",
        "named",
    )
    assert (str(facets.earliest), str(facets.latest), facets.amount) == ("2027-01-01", "2027-01-31", None)


def test_every_published_record_has_a_title_and_can_be_found() -> None:
    for item in load():
        facets = KINDS[item.kind].facets(item.content)
        assert facets.ref == item.ref
        assert facets.title
        assert item.ref in facets.search


def test_published_content_must_cite_every_record_and_dated_row() -> None:
    published = Context(basis="published")
    assert rules_of("project", STORED) == set()
    assert rules_of("project", STORED, published) == {"cite-missing"}
    refusals = KINDS["project"].rules(PROJECT.read(STORED), published)
    assert [refusal.reason.split(" ")[0] for refusal in refusals] == ["the", "statements.0"]


def test_only_unverified_facts_may_have_no_source() -> None:
    assert rules_of("project", {**STORED, "cite": {"confidence": "sourced"}}) == {"cite-sources"}
    assert rules_of("project", {**STORED, "cite": {"confidence": "unverified"}}) == set()


def test_a_weaker_field_must_be_one_that_the_row_holds() -> None:
    cite = {"sources": ["S1"], "confidence": "sourced"}
    assert rules_of("project", {**STORED, "cite": {**cite, "inferred": ["first_named"]}}) == set()
    assert rules_of("project", {**STORED, "cite": {**cite, "inferred": ["domain"]}}) == {"cite-field"}
    assert rules_of("project", {**STORED, "cite": {**cite, "unverified": ["colour"]}}) == {"cite-field"}


def test_a_bound_may_be_named_as_weaker_than_the_rest() -> None:
    cite = {"sources": ["S1"], "confidence": "sourced", "inferred": ["end.not_after"]}
    body = {"ref": "b", "name": "B", "type": "task-force", "cite": cite}
    assert rules_of("body", {**body, "end": "[2018..2019]"}) == set()
    assert rules_of("body", {**body, "end": "[2018..]"}) == {"cite-field"}


def test_links_must_lead_somewhere_where_the_writer_can_look() -> None:
    held = {("body", "jwg-air-systems"), ("instrument", "soi-9")}
    context = Context(exists=lambda kind, ref: (kind, ref) in held)
    (refusal,) = PROJECT.rules(PROJECT.read(STORED), context)
    assert (refusal.rule, refusal.reason) == ("link", "There is no source S1.")


def test_the_rule_set_says_of_every_kind_whether_it_is_own_or_joint() -> None:
    joint = {kind for kind, mode in LATEST.kinds.items() if mode == "joint"}
    both = {"body", "roster", "meeting", "project", "success_definition", "instrument", "commitment", "readout"}
    both |= {"progress", "plan", "closure", "disposition", "procedure"}
    assert joint == both
    assert {code: kind.mode for code, kind in KINDS.items()} == LATEST.kinds


def test_lines_may_be_long_texts_may_have_paragraphs() -> None:
    meeting = {"ref": "m", "body": "b", "date": "2027", "mode": "unknown", "status": "planned"}
    assert MEETING.read({**meeting, "notes": "One.\n\nTwo."}).notes == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("body", {"cadence": {"text": "often", "days": 10**12}}),
        ("meeting", {"number": 20_000_000}),
        ("meeting", {"date": "9999-12-31"}),
        ("meeting", {"date": "[1899..2020]"}),
        ("instrument", {"term_years": 201}),
        ("trade_contract", {"value": {"amount": 10**16}}),
        ("trade_contract", {"stated_fiscal_year_usa": 0}),
        ("trade_claim", {"fiscal_years": "FY0000"}),
        ("project", {"aliases": ["again"] * (MOST_ROWS + 1)}),
        ("project", {"purpose": "x" * 50_001}),
        ("project", {"deep": [[[[[]]]]]}),
    ],
)
def test_a_number_a_date_or_a_length_out_of_its_range_is_not_read(kind: str, changed: dict[str, object]) -> None:
    sound = next(KINDS[each.kind].write(each.content) for each in load() if each.kind == kind)
    assert judge_body(kind, sound).readable
    judged = judge_body(kind, sound | changed)
    assert (judged.content, judged.readable) == (None, False)
    assert judged.against[0].rule in ("content-form", "content-size")


def test_judging_raises_nothing_whatever_stands_in_a_body() -> None:
    for kind in (*KINDS, "unheard"):
        for stored in (None, 1, "text", [], {}, {"ref": 1}, {"ref": ["x"]}, {"ref": {"a": {}}}, {"": ""}):
            assert not judge_body(kind, stored, Context()).readable


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        ("side", {"ref": "IND", "name": "India"}),
        ("office", {"ref": "IND/post", "side": "IND", "title": "Post"}),
        (
            "appointment",
            {"ref": "a", "office": "IND/post", "holder": "A", "capacity": "acting", "end_state": "unknown"},
        ),
        ("need", {"ref": "n", "type": "offer", "side": "IND", "title": "Net", "capability": "It recovers."}),
    ],
)
def test_what_a_side_says_of_itself_it_says_alone(kind: str, stored: dict[str, Any]) -> None:
    assert rules_of(kind, stored, Context(author="USA")) == {"own-side"}
    assert rules_of(kind, stored, Context(author="IND")) == set()
    assert "own-side" not in rules_of(kind, stored, Context(basis="published"))


def test_a_place_is_in_one_of_the_sources_and_says_where_or_when() -> None:
    def placed(**place: str) -> dict[str, Any]:
        return {**STORED, "cite": {"sources": ["S1"], "confidence": "sourced", "places": [{"source": "S1", **place}]}}

    assert rules_of("project", placed(at="p. 4")) == rules_of("project", placed(consulted="2026-11")) == set()
    assert rules_of("project", placed()) == {"cite-place"}
    assert rules_of("project", placed(at="p. 4", source="S2")) == {"cite-place"}
    assert "source:S2" in links(PROJECT.read(placed(at="p. 4", source="S2")))
    assert "p. 4" in texts(PROJECT.read(placed(at="p. 4"))).split("\n")
    assert rules_of("project", placed(at="p. 4"), Context(rules="dtti_2")) == set()
    assert rules_of("project", placed(at="p. 4"), Context(rules="dtti_1")) == {"cite-place-rules"}
    assert rules_of("project", STORED, Context(rules="dtti_1")) == set()


def test_whatever_kinds_are_made_of_makes_the_version_of_the_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A text that could not be read under former checks is judged anew; the record itself is no check."""
    folder = tmp_path / "programme"
    shutil.copytree(Path(judging.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(
        judging.resources, "files", lambda package: folder if package == "dtti.programme" else folder / "sop"
    )
    versions = {judging.checks_version.__wrapped__()}
    for name in ("delays.toml", "export/pipes.toml", "fiscal.py", "kinds/need.py", "lanes/timing.toml", "sop/spine.py"):
        (folder / name).write_bytes((folder / name).read_bytes() + b"\n")
        versions.add(judging.checks_version.__wrapped__())
    assert len(versions) == 7
    (folder / "record" / "body.toml").write_bytes(b"")
    assert judging.checks_version.__wrapped__() in versions
