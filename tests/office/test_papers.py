"""Papers from the record: each says what the record holds, field by field, for who may see it, at the times asked."""

import re
from collections.abc import Iterator
from datetime import datetime

import msgspec
import pytest

from dtti.accord.refusal import Refused
from dtti.demo.exercise import Exercise
from dtti.demo.pair import Pair
from dtti.documents.typeset.readback import text_of
from dtti.documents.values import Words
from dtti.language.names import ZONES
from dtti.node.core.visibility import Viewer
from dtti.node.record import journal, read
from dtti.office.asking import Asking, Moment
from dtti.office.gates import project_named
from dtti.office.papers import registry
from dtti.office.papers.material import Material, known_day
from dtti.papers.data.agenda import Agenda
from dtti.papers.data.brief import Brief
from dtti.papers.data.handover import Handover
from dtti.papers.data.intent import StatementOfIntent
from dtti.papers.data.letter import Letter
from dtti.papers.data.meeting import DelegationList, Pack
from dtti.papers.data.project import OnePager
from dtti.papers.data.public import Readout
from dtti.papers.data.record import Record
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.instrument import Instrument
from dtti.programme.values import When
from tests.programme.test_kinds import STANDING

pytestmark = pytest.mark.long
Staged = tuple[Pair, Exercise]

OF = {
    "agenda": "ex-group-03",
    "meeting-pack": "ex-group-03",
    "delegation": "ex-group-03",
    "brief": "ex-group-03",
    "cover-sheet": "ex-group-03",
    "reply-sheet": "ex-group-03",
    "record": "ex-group-02",
    "readout": "ex-group-02-readout",
    "one-pager": "ex-net",
    "handover": "IND/ex-secretariat",
    "statement-of-intent": "ex-soi",
}
INSIDE = {"brief", "handover"}


def asking(staged: Staged, side: str = "IND", *, national: bool = True, on: str = "", known: str = "") -> Asking:
    return Asking(staged[0].nodes[side], Viewer(side, national=national), Moment(on, known))


def data(asked: Asking, paper: str, of: str = "") -> msgspec.Struct:
    row, content = registry.record(asked, of or OF[paper], paper)
    return registry.mapping(asked, content, paper).made(Material(asked, row, content))


def content(asked: Asking, paper: str) -> dict[str, object]:
    row, held = registry.record(asked, OF[paper], paper)
    return KINDS[row.kind].write(held)


def english(words: Words | None) -> str:
    return words.en if words else ""


def test_every_mapping_is_tried_here() -> None:
    assert {each.name for each in registry.MAPPINGS} == {*OF, "instrument", "addendum", "receipt", "reply"}


def test_the_agenda_is_the_text_of_the_meeting(staged: Staged) -> None:
    asked = asking(staged)
    made, stored = data(asked, "agenda"), content(asked, "agenda")
    assert isinstance(made, Agenda)
    assert (english(made.head.title), english(made.body)) == ("Exercise Group, no. 3", "Exercise Group")
    assert (made.head.date, english(made.head.place), made.host, made.mode) == (
        stored["date"], "New Delhi", "IND", "in-person",
    )  # fmt: skip
    assert [(one.number, english(one.title), one.purpose, one.minutes) for one in made.items] == [
        (one["number"], one["title"], one["purpose"], one["minutes"])
        for one in stored["agenda"]  # type: ignore[attr-defined]
    ]
    opens = datetime.fromisoformat(str(stored["opens"]))
    assert [(one.time, english(one.place)) for one in made.clocks] == [
        (opens.astimezone(zone).strftime("%H:%M"), place)
        for zone, place in zip(ZONES.values(), ("New Delhi", "Washington"), strict=True)
    ]
    assert [(one.name, one.side) for one in made.chairs] == [("Meera Anand", "IND"), ("Laura Whitfield", "USA")]
    assert made.items[1].lead == ("IND",)
    assert made.items[1].papers == ("ex-net", "ex-net-success")
    assert made.items[3].carried == "Exercise Group, no. 2, 2"
    assert made.head.file_numbers == {"IND": "EX-21(7)/2026-DIP"}
    assert made.head.exercise


def test_a_paper_says_on_what_it_rests(staged: Staged) -> None:
    asked = asking(staged)
    made = data(asked, "agenda")
    assert isinstance(made, Agenda)
    row, _ = registry.record(asked, OF["agenda"], "agenda")
    act = journal.act(asked.node, asked.viewer, row.act)
    basis = made.head.basis
    assert act is not None
    assert basis is not None
    assert (basis.version, english(basis.grade), basis.digest) == (1, "agreed here", act.bodies[row.part])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", basis.known)
    assert basis.side in ("IND", "USA")


def test_both_capitals_print_the_same_agenda_but_for_where_their_own_record_stands(staged: Staged) -> None:
    made = [data(asking(staged, side, national=False), "agenda") for side in ("IND", "USA")]
    bare = [
        msgspec.structs.replace(each, head=msgspec.structs.replace(each.head, basis=None))
        for each in made
        if isinstance(each, Agenda)
    ]
    assert len(bare) == 2
    assert bare[0] == bare[1]


def test_the_pack_holds_the_papers_that_the_agenda_names_and_says_which_are_to_come(staged: Staged) -> None:
    made = data(asking(staged), "meeting-pack")
    assert isinstance(made, Pack)
    assert [(one.reference, one.item) for one in made.papers] == [
        ("ex-net", "2"), ("ex-net-success", "2"), ("EX/EG/3/P-03 Survey formats in use", "3"),
    ]  # fmt: skip
    assert english(made.papers[0].text[0].text).startswith("Recover fixed-wing drones under 60 kg")
    assert english(made.papers[2].text[0].text) == "This paper is not in the record yet. It follows as an addendum."


def test_an_addendum_holds_what_came_after_the_agenda_and_is_refused_where_nothing_did(staged: Staged) -> None:
    asked = asking(staged)
    row, _held = registry.record(asked, "ex-group-02", "addendum")
    made = asked.named(["project:ex-net", "success_definition:ex-net-success", "need:ex-in-7", "need:ex-us-31"])
    expected = {one.ref for one in made.values() if one.known_from > row.known_from}
    if not expected:
        with pytest.raises(Refused, match="No paper of the agenda came"):
            data(asked, "addendum", "ex-group-02")
        return
    paper = data(asked, "addendum", "ex-group-02")
    assert isinstance(paper, Pack)
    assert {one.reference for one in paper.papers} == expected
    assert paper.actions == ()


def test_the_record_of_discussion_is_what_the_meeting_recorded(staged: Staged) -> None:
    asked = asking(staged, "USA")
    made, stored = data(asked, "record"), content(asked, "record")
    assert isinstance(made, Record)
    assert [each.phase for each in made.phases] == ["drafted", "circulated", "corrected", "agreed"]
    assert [str(each.on) for each in made.phases] == [each["on"] for each in stored["phases"]]  # type: ignore[attr-defined]
    assert made.agreed
    assert [(each.number, english(each.title)) for each in made.items] == [
        ("1", "Opening and adoption of the agenda"),
        ("2", "Needs and offers of both sides"),
        ("3", "Shipboard drone recovery net: what success is"),
    ]
    assert [english(each.text) for each in made.items[1].minutes] == [
        "Both sides laid their needs and offers side by side. Two pairs fit.",
        "The Indian side asked that the timing of an offer be stated with it.",
    ]
    assert [(each.number, each.item) for each in made.decisions] == [("EG/2/D1", "3"), ("EG/2/D2", "2")]
    assert [(each.side, english(each.text)[:18]) for each in made.reserved] == [("USA", "The United States ")]
    assert len(made.actions) == len(stored.get("actions", ()))  # type: ignore[arg-type]


def test_the_guest_comes_first_and_a_list_that_was_not_released_stays_inside(staged: Staged) -> None:
    inside, outside = data(asking(staged), "delegation"), data(asking(staged, national=False), "delegation")
    theirs = data(asking(staged, "USA"), "delegation")
    assert isinstance(inside, DelegationList)
    assert isinstance(outside, DelegationList)
    assert isinstance(theirs, DelegationList)
    assert [each.side for each in inside.delegations] == ["USA", "IND"]
    assert [each.side for each in outside.delegations] == [each.side for each in theirs.delegations] == ["USA"]
    assert inside.head.label.startswith("National, not released")
    assert outside.head.label == theirs.head.label == ""
    assert [each.name for each in inside.delegations[0].members][:2] == ["Laura Whitfield", "Daniel Ortega"]
    assert english(inside.delegations[0].members[0].role) == "head of delegation"


def test_a_readout_that_both_agreed_is_decided_and_not_announced(staged: Staged) -> None:
    made = data(asking(staged), "readout")
    assert isinstance(made, Readout)
    assert made.release.decided
    assert made.release.announced is None
    assert english(made.occasion) == "Exercise Group, no. 2"
    assert len(made.paragraphs) == 2


def test_a_brief_says_what_the_office_advises_and_never_leaves_its_side(staged: Staged) -> None:
    made = data(asking(staged), "brief")
    assert isinstance(made, Brief)
    assert english(made.co_chair) == "Secretary, Exercise Department of Production"
    assert [english(each.question) for each in made.asked] == ["Does the Group move the recovery net to commitment?"]
    assert made.waiting
    assert all(each.days is not None for each in made.waiting)
    assert made.head.label.startswith("National, not released")
    theirs = data(asking(staged, "USA"), "brief")
    assert isinstance(theirs, Brief)
    assert theirs.asked == ()
    for paper in sorted(INSIDE):
        with pytest.raises(Refused, match="no paper called"):
            data(asking(staged, national=False), paper)


def test_the_page_of_a_project_on_paper_says_what_its_page_says(staged: Staged) -> None:
    asked = asking(staged)
    made = data(asked, "one-pager")
    assert isinstance(made, OnePager)
    assert (made.ref, made.stage, english(made.standing)) == ("ex-net", "shape", "active")
    assert {side: len(rows) for side, rows in made.steps.items()} == {"IND": 2, "USA": 2}
    # Of `endorsed`: release question and path into service of each side, success agreed, the working group.
    assert [each.state for each in made.gate] == ["met", "met", "met", "met", "met", "open"]
    paths = [each.path for each in project_named(asked, "ex-net")[1].transitions]
    notes = [each.note for each in made.gate if each.note]
    assert [english(each) for each in notes] == [
        f"The text of the project says it. Path into service: {path}" for path in paths
    ]
    assert [(each.hi or "").startswith("परियोजना का पाठ यह कहता है। सेवा में लाने का मार्ग: ") for each in notes] == [
        True
    ] * 2
    assert english(made.measures[0].name) == "Recoveries without damage, sea state 4"
    assert made.court is not None
    assert sum(each.days or 0 for each in made.court.spells if each.side) > 0


def test_a_statement_of_intent_says_what_changed_of_each_line(staged: Staged) -> None:
    asked = asking(staged)
    made = data(asked, "statement-of-intent")
    assert isinstance(made, StatementOfIntent)
    assert {each.name.en for each in made.parties.values()} == {
        "the Government of the Republic of India", "the Government of the United States of America",
    }  # fmt: skip
    assert "{parties}" in made.preamble.en
    assert made.head.basis is None
    assert [(each.number, each.change, each.before) for each in made.projects] == [
        (str(number), "kept", None) for number in range(1, len(made.projects) + 1)
    ]


def test_a_later_statement_is_compared_with_the_one_before(staged: Staged) -> None:
    """Of the public record: a line moved, one new, one gone; where a list was not published nothing is said of it."""
    asked = asking(staged)
    for row in asked.rows("instrument", filters={"category": "statement-of-intent"}, count=50):
        _, held = registry.record(asked, row.record, "statement-of-intent")
        assert isinstance(held, Instrument)
        if held.lines_known is False:
            with pytest.raises(Refused, match="was not published"):
                data(asked, "statement-of-intent", row.record)
            continue
        made = data(asked, "statement-of-intent", row.record)
        assert isinstance(made, StatementOfIntent)
        named = {english(each.project) for each in made.projects if each.change != "dropped"}
        assert len(named) == len(held.lines)
        before = asked.named([f"instrument:{held.predecessor}"]) if held.predecessor else {}
        if not before:
            assert {each.change for each in made.projects} == {"kept"}


def test_a_handover_holds_who_has_the_office_and_what_waits(staged: Staged) -> None:
    made = data(asking(staged), "handover")
    assert isinstance(made, Handover)
    assert made.outgoing is not None
    assert made.outgoing.name == "Kavita Pillai"
    assert made.incoming is None


@pytest.mark.parametrize("paper", OF)
@pytest.mark.parametrize("language", ["en", "hi"])
def test_every_paper_is_made_on_each_side_and_twice_the_same(staged: Staged, paper: str, language: str) -> None:
    """What is printed holds every text of the paper's data; the same record gives the same bytes."""
    for side in ("IND",) if paper in INSIDE else ("IND", "USA"):
        asked = asking(staged, side)
        row, held = registry.record(asked, OF[paper], paper)
        made = registry.made(asked, row, held, paper, language=language)  # type: ignore[arg-type]
        assert made.data == registry.made(asked, row, held, paper, language=language).data  # type: ignore[arg-type]
        printed = squeezed(text_of(made.data))
        holds = data(asked, paper)
        missing = [each for each in texts(holds) if "{" not in each and squeezed(each) not in printed]
        assert not missing


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad\u2010-]+", "", text).casefold()


def texts(value: object) -> Iterator[str]:
    """Every English text of a paper's data, without its head."""
    if isinstance(value, Words):
        yield from ([value.en] if value.en and not value.hi else [])
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            if name not in ("head", "court", "waiting", "parties"):
                yield from texts(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)


def test_as_known_on_an_earlier_day_a_paper_is_of_the_text_of_that_day(staged: Staged) -> None:
    now = asking(staged)
    row, _ = registry.record(now, OF["record"], "record")
    first = read.first_known(now.node, now.viewer, row.record)[:10]
    then = asking(staged, known=first)
    made = data(then, "record")
    assert isinstance(made, Record)
    assert made.head.basis is not None
    assert made.head.basis.version == 1
    assert made.items == ()


def test_what_is_not_there_is_refused_with_what_would_satisfy_it(staged: Staged) -> None:
    asked = asking(staged)
    cases: list[tuple[str, str, str]] = [
        ("agenda", "nothing-of-that-name", "paper-record"),
        ("one-pager", "ex-group-03", "paper-kind"),
        ("agenda", "ex-net", "paper-kind"),
    ]
    for paper, of, rule in cases:
        with pytest.raises(Refused) as refused:
            data(asked, paper, of)
        assert [(each.rule, bool(each.remedy)) for each in refused.value.refusals] == [(rule, True)]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("2027", "2027"),
        ("2027-01", "2027-01"),
        ("2027-01-26", "2027-01-26"),
        ("[2027-01-03..2027-01-19]", "2027-01"),
        ("[2027-01..2027-06]", "2027"),
        ("[2026-12..2027-01]", None),
        ("[2027..]", None),
    ],
)
def test_a_date_is_printed_no_more_precise_than_it_is_known(written: str, printed: str | None) -> None:
    assert known_day(When(written)) == printed


def test_a_receipt_and_a_reply_say_what_stands_of_the_recommendation(staged: Staged) -> None:
    _pair, exercise = staged
    content = STANDING["recommendation"]
    exercise.ind_sec.state("recommendation", content, ledger="national")
    asked = asking(staged)
    row, held = registry.record(asked, content["ref"], "receipt")
    receipt, reply = (
        registry.mapping(asked, held, each).made(Material(asked, row, held)) for each in ("receipt", "reply")
    )
    for letter in (receipt, reply):
        assert isinstance(letter, Letter)
        assert english(letter.to) == content["submitter"]
        assert english(letter.about) == content["title"]
        assert english(letter.paragraphs[-1]) == "Nothing in this letter is an offer, an award or a commitment."
    assert content["ref"] in english(receipt.paragraphs[0])
    assert english(reply.paragraphs[1]) == content["replies"][-1]["text"]
    unanswered = msgspec.structs.replace(held, replies=())
    with pytest.raises(Refused, match="No reply is recorded"):
        registry.mapping(asked, held, "reply").made(Material(asked, row, unanswered))
