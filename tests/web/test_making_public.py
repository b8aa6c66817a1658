"""A text is public by an act of the public office, of both for what both hold; nothing else that was done is."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from lxml import html

from dtti.accord import table, table_2
from dtti.accord.refusal import Refused
from dtti.demo.exercise import Exercise
from dtti.node.core import context, visibility
from dtti.node.core import text as texts
from dtti.node.core.draft import Draft
from dtti.node.core.node import Node
from dtti.node.record import journal, rebuild

from .capitals import copied, serve, sign_in

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("making-public")]

FIRST = "FIRSTCLEARED sentence of the readout."
SECOND = "SECONDCLEARED sentence of the readout."


@pytest.fixture
def exercise(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Exercise]:
    """The staged exercise, anew for each test."""
    yield from copied(tmp_path_factory, request)


def code(exercise: Exercise, name: str = "readout") -> str:
    return exercise.records[name].rpartition("/")[2]


def node_of(settings: Any, exercise: Exercise, side: str) -> Node:
    return serve(settings, exercise.pair.nodes[side])


def confirm(browser: Client, address: str) -> Any:
    """Confirm what the page of an act shows, as a person does."""
    drawn = browser.get(address)
    assert drawn.status_code == 200, drawn.content[:400]
    (form,) = html.fromstring(drawn.content.decode()).xpath("//main//form[.//button[@name='confirm']]")
    fields = {each.get("name"): each.get("value", "") for each in form.xpath(".//input[@name]")}
    return browser.post(address, {**fields, "confirm": "yes"})


def make(settings: Any, exercise: Exercise, side: str, name: str = "readout") -> Any:
    """The public office of a side makes the text of a record public through its page; the other side hears of it."""
    exercise.clock.later()
    browser = sign_in(node_of(settings, exercise, side), "public_officer")
    answer = confirm(browser, f"/work/{code(exercise, name)}/make-public/")
    assert answer.status_code == 302, answer.content[:2000]
    exercise.pair.swap()
    return answer


def public(settings: Any, exercise: Exercise, address: str, side: str = "IND") -> tuple[int, str]:
    """What somebody who has not signed in is answered."""
    node_of(settings, exercise, side)
    answer = Client().get(address)
    return answer.status_code, answer.content.decode()


def everything(settings: Any, exercise: Exercise) -> dict[str, str]:
    """What the public is answered by pages that show a record, count it, find it or feed it."""
    readout = code(exercise)
    places = (
        f"/readouts/{readout}/", f"/readouts/{readout}.json", "/readouts/", "/readouts.json", "/readouts.csv",
        "/search/?q=SECONDCLEARED", "/search/?q=FIRSTCLEARED", "/search/?q=readout", "/about/data.json",
        "/meetings.json",
    )  # fmt: skip
    said = {}
    for each in places:
        _status, body = public(settings, exercise, each)
        said[each] = re.sub(r"(nonce|csrf)[^>]*|<time[^>]*>.*?</time>|\d\d:\d\d", "", body)
    return said


def agree(exercise: Exercise, content: dict[str, Any], base: int = 1) -> None:
    """Both agree another text of the readout, drafted by whoever holds the pen."""
    record = exercise.records["readout"]
    pen = exercise.pair.nodes["IND"].book.view(record).pen
    mine, other = (exercise.usa_sec, exercise.ind_sec) if pen == "USA" else (exercise.ind_sec, exercise.usa_sec)
    mine.propose(record, content, base=base)
    exercise.pair.swap()
    other.accept(record)
    exercise.pair.swap()


def content(exercise: Exercise, **more: Any) -> dict[str, Any]:
    return {
        "ref": "ex-group-02-readout",
        "meeting": "ex-group-02",
        "title": "Joint readout of the second meeting of the Exercise Group",
        "on": "2026-09-24",
        "paragraphs": [FIRST],
        **more,
    }


def test_what_both_hold_is_public_once_both_public_offices_have_said_so(
    exercise: Exercise, settings: Any, db: None
) -> None:
    agree(exercise, content(exercise))
    address = f"/readouts/{code(exercise)}/"
    assert public(settings, exercise, address)[0] == 404
    before = everything(settings, exercise)
    make(settings, exercise, "IND")
    assert public(settings, exercise, address)[0] == 404
    assert everything(settings, exercise) == before
    node = node_of(settings, exercise, "USA")
    officer = sign_in(node, "public_officer")
    told = officer.get(f"/work/{code(exercise)}/").content.decode()
    assert "Not public: India has let it be read, United States has not." in html.fromstring(told).text_content()
    make(settings, exercise, "USA")
    for side in ("IND", "USA"):
        status, page = public(settings, exercise, address, side)
        assert status == 200
        assert FIRST in page
        for hidden in ("Open the text", "sent for agreement", "agreed by", "Kavita", "Lindqvist"):
            assert hidden not in page, hidden
    row = Client().get("/readouts.json").json()["rows"]
    assert [(each["pen"], each["court"], each["offer"], each["number"]) for each in row] == [("", "", "", 1)]


def test_a_later_text_that_is_not_public_leaves_no_trace_on_what_the_public_sees(
    exercise: Exercise, settings: Any, db: None
) -> None:
    agree(exercise, content(exercise))
    make(settings, exercise, "IND")
    make(settings, exercise, "USA")
    before = everything(settings, exercise)
    record = exercise.records["readout"]
    exercise.clock.later()
    remark = texts.Text(remarks="PLANTED-RELEASED remark")
    exercise.ind_po.node.write(Draft("comment", record, table.Plain(), exercise.ind_po.office, (remark,)))
    agree(exercise, content(exercise, paragraphs=[SECOND], title="SECONDCLEARED title"), base=2)
    after = everything(settings, exercise)
    assert [each for each in before if before[each] != after[each]] == []
    make(settings, exercise, "USA")
    assert everything(settings, exercise) == before
    make(settings, exercise, "IND")
    _status, page = public(settings, exercise, f"/readouts/{code(exercise)}/")
    (corrected,) = html.fromstring(page).xpath("//section[@id='corrected']")
    assert [each.text_content() for each in corrected.xpath(".//del")] == ["[removed: FIRSTCLEARED ]"]
    assert [each.text_content() for each in corrected.xpath(".//ins")] == ["[added: SECONDCLEARED ]"]
    assert len(Client().get(f"/readouts/{code(exercise)}.json").json()["texts_told"]) == 2
    for node in exercise.pair.nodes.values():
        assert rebuild.compare(node) == []


def test_what_is_shown_of_a_record_is_not_what_another_text_may_rest_on(
    exercise: Exercise, settings: Any, db: None
) -> None:
    agree(exercise, content(exercise))
    make(settings, exercise, "IND")
    make(settings, exercise, "USA")
    agree(exercise, content(exercise, ref="ex-second-readout", paragraphs=[SECOND]), base=2)
    assert public(settings, exercise, f"/readouts/{code(exercise)}/")[0] == 200
    for node in exercise.pair.nodes.values():
        assert context.resting(node, "readout", "ex-group-02-readout") is None
        rests = context.resting(node, "readout", "ex-second-readout")
        assert rests is not None
        assert getattr(rests.content, "paragraphs", ()) == (SECOND,)


def test_a_text_is_not_public_before_the_hour_that_both_agreed(
    exercise: Exercise, settings: Any, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = "2090-03-01T12:30:00Z"
    agree(exercise, content(exercise, not_before=hour))
    officer = sign_in(node_of(settings, exercise, "IND"), "public_officer")
    told = html.fromstring(officer.get(f"/work/{code(exercise)}/make-public/").content.decode()).text_content()
    assert "18:00" in told  # New Delhi
    assert "07:30" in told  # Washington
    make(settings, exercise, "IND")
    make(settings, exercise, "USA")
    address = f"/readouts/{code(exercise)}/"
    assert public(settings, exercise, address)[0] == 404
    assert FIRST not in "".join(everything(settings, exercise).values())
    monkeypatch.setattr(visibility, "now", lambda: "2090-03-01T12:29:59Z")
    assert public(settings, exercise, address)[0] == 404
    monkeypatch.setattr(visibility, "now", lambda: hour)
    assert public(settings, exercise, address)[0] == 200


def test_one_side_alone_or_a_text_that_nobody_agreed_makes_nothing_public(
    exercise: Exercise, settings: Any, db: None
) -> None:
    record = exercise.records["readout"]
    desk = exercise.ind_sec
    public_office = next(each for each in exercise.desks.values() if each.ref == "IND/ex-public")
    offered = exercise.usa_sec.propose(record, content(exercise), base=1)
    exercise.pair.swap()
    exercise.clock.later()
    with pytest.raises(Refused, match="public-text"):
        public_office.act("make_public", record, table_2.MakePublic(offered))
    with pytest.raises(Refused, match="power"):
        desk.act("make_public", record, table_2.MakePublic(offered))
    first = exercise.pair.nodes["IND"].book.view(record).texts[0].act
    public_office.act("make_public", record, table_2.MakePublic(first))
    with pytest.raises(Refused, match="public-again"):
        public_office.act("make_public", record, table_2.MakePublic(first))
    assert public(settings, exercise, f"/readouts/{code(exercise)}/")[0] == 404


def test_nobody_but_the_public_office_is_shown_the_way(exercise: Exercise, settings: Any, db: None) -> None:
    node = node_of(settings, exercise, "IND")
    for duty in ("secretariat", "co_chair", "disclosure_officer", "auditor"):
        answer = sign_in(node, duty).get(f"/work/{code(exercise)}/make-public/")
        assert answer.status_code == 403, duty


def test_what_a_ministry_published_alone_stands_beside_the_readout_word_by_word(
    exercise: Exercise, settings: Any, db: None
) -> None:
    agree(exercise, content(exercise, paragraphs=["The Group met and agreed on a net."]))
    office = next(each for each in exercise.desks.values() if each.ref == "IND/ex-public")
    release = {
        "ref": "ex-release", "meeting": "ex-group-02", "side": "IND", "title": "They met", "on": "2026-09-24",
        "where": "Press Information Bureau (exercise)", "paragraphs": ["The Group met and agreed on two nets."],
    }  # fmt: skip
    record = office.state("press_release", release)
    for side in ("IND", "USA"):
        make(settings, exercise, side)
    browser = sign_in(node_of(settings, exercise, "IND"), "secretariat")
    tree = html.fromstring(browser.get(f"/meetings/{code(exercise, 'meeting-2')}/").content.decode())
    (told,) = tree.xpath("//section[@id='told']")
    assert "Readout: Exercise Group, no. 2" in told.text_content()
    assert "They met" in told.text_content()
    assert [each.text_content() for each in told.xpath(".//del")] == ["[removed: a net.]"]
    assert [each.text_content() for each in told.xpath(".//ins")] == ["[added: two nets.]"]
    assert public(settings, exercise, f"/press-releases/{record.rpartition('/')[2]}/")[0] == 404
    exercise.clock.later()
    officer = sign_in(node_of(settings, exercise, "IND"), "public_officer")
    assert confirm(officer, f"/work/{record.rpartition('/')[2]}/make-public/").status_code == 302
    assert public(settings, exercise, f"/press-releases/{record.rpartition('/')[2]}/")[0] == 200
    exercise.pair.swap()
    assert public(settings, exercise, f"/press-releases/{record.rpartition('/')[2]}/", "USA")[0] == 404


def told_of_meeting(settings: Any, exercise: Exercise, side: str = "IND", address: str = "") -> str:
    browser = sign_in(node_of(settings, exercise, side), "secretariat")
    page = browser.get(address or f"/meetings/{code(exercise, 'meeting-2')}/").content.decode()
    return " ".join(str(each.text_content()) for each in html.fromstring(page).xpath("//section[@id='told']"))


def test_the_page_of_a_meeting_tells_what_the_public_was_told_and_no_other_text(
    exercise: Exercise, settings: Any, db: None
) -> None:
    office = next(each for each in exercise.desks.values() if each.ref == "IND/ex-public")
    release = {
        "ref": "ex-release", "meeting": "ex-group-02", "side": "IND", "title": "They will have met",
        "on": exercise.clock.day(3), "where": "Press Information Bureau (exercise)", "paragraphs": ["Not yet told."],
    }  # fmt: skip
    office.state("press_release", release)
    office.state("press_release", {**release, "ref": "inside", "title": "Kept inside", "on": "2026-09-24"},
                 ledger="national")  # fmt: skip
    agree(exercise, content(exercise))
    make(settings, exercise, "IND")
    for title in ("Readout: Exercise Group", "They will have met", "Kept inside"):
        assert title not in told_of_meeting(settings, exercise), title
    make(settings, exercise, "USA")
    assert "Readout: Exercise Group, no. 2" in told_of_meeting(settings, exercise)
    office.state("press_release", {**release, "ref": "met", "title": "They met", "on": "2026-09-24"})
    agree(exercise, {**content(exercise), "paragraphs": [SECOND]}, base=2)
    told = told_of_meeting(settings, exercise)
    assert "They met" in told
    assert "FIRSTCLEARED" in told
    assert "SECONDCLEARED" not in told


def test_remarks_and_whoever_wrote_stay_with_those_who_were_told(exercise: Exercise, settings: Any, db: None) -> None:
    record, node = exercise.records["readout"], exercise.pair.nodes["IND"]
    mine = exercise.usa_sec if node.book.view(record).pen == "USA" else exercise.ind_sec
    offered = mine.propose(record, content(exercise), base=1, remarks="PLANTED-RELEASED remark on the offer")
    exercise.pair.swap()
    (exercise.ind_sec if mine is exercise.usa_sec else exercise.usa_sec).accept(record)
    exercise.pair.swap()
    make(settings, exercise, "IND")
    make(settings, exercise, "USA")
    node = node_of(settings, exercise, "IND")
    shown = journal.body_of(node, visibility.Viewer("IND", public=True), offered)
    assert shown is not None
    assert shown.text is not None
    assert shown.text == texts.Text(content=shown.text.content)
    official = journal.body_of(node, visibility.Viewer("IND", national=True, person="x"), offered)
    assert official is not None
    assert official.text is not None
    assert "PLANTED-RELEASED" in official.text.remarks
    for page in everything(settings, exercise).values():
        assert "PLANTED-RELEASED" not in page
