"""The industry forum at its pages: sending, taking in, steps, disposition, replies; on the staged pair."""

import re
from typing import Any

import pytest
from django.test import Client

from dtti.demo.exercise import Exercise
from dtti.ledger import act as acts
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core.node import Node
from dtti.node.people.models import Draft, Organisation, SaidLater, Submission

from .capitals import exercise, serve_side  # noqa: F401 - fixtures
from .forum import CLEARED, GIVEN, confirm, filled, official, record_of, say, send, signed_in, step, submitter, take
from .signing import Page, press

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("forum")]

ASSOCIATION = "Guild of furnaces (exercise)"


@pytest.fixture
def node(serve_side: Any) -> Node:  # noqa: F811
    return serve_side("IND")


def last(node: Node, ledger: str) -> acts.Act:
    return acts.open_leaf(node.store.leaf(ledger, node.store.size(ledger) - 1)).act


# --- the door --------------------------------------------------------------------------------------------------------


def test_what_is_sent_is_received_at_once_with_a_reference_that_tells_nothing(node: Node) -> None:
    company = submitter(node, "Anvil works (exercise)")
    codes = [send(company, **GIVEN) for _ in range(3)]
    assert all(re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", code) for code in codes)
    assert len(set(codes)) == 3
    shown = company.get(f"/industry/{codes[0]}.json").json()
    assert (shown["reference"], shown["state"]["state"]) == (codes[0], "received")
    paper = company.get(f"/industry/{codes[0]}/receipt.pdf")
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_form_sent_twice_is_one_recommendation(node: Node) -> None:
    company = submitter(node, "Bellows works (exercise)")
    fields = Page(company.get("/industry/send/")).fields
    first, second = (company.post("/industry/send/", {**fields, **GIVEN}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Submission.objects.filter(organisation__name="Bellows works (exercise)").count() == 1
    without = {**fields, "nonce": "short", **GIVEN}
    assert company.post("/industry/send/", without).status_code == 409


def test_all_that_is_wrong_is_said_at_once_and_an_association_names_its_members(node: Node) -> None:
    guild = submitter(node, ASSOCIATION, "association")
    fields = Page(guild.get("/industry/send/")).fields
    wrong = guild.post("/industry/send/", {**fields, "title": "", "text": "", "public_title": "x\ny"})
    assert wrong.status_code == 422
    assert {each.get("id") for each in Page(wrong).tree.xpath("//div[@class='err']")} == {
        "id_title_err",
        "id_text_err",
        "id_public_title_err",
    }
    alone = guild.post("/industry/send/", {**fields, "title": "T", "text": "Say.", "public_title": "T"})
    assert {each.get("id") for each in Page(alone).tree.xpath("//div[@class='err']")} == {
        "id_consulted_err",
        "id_public_summary_err",
    }
    assert "names no member that was consulted" in Page(alone).text
    assert Submission.objects.filter(organisation__name=ASSOCIATION).count() == 0
    assert send(guild, title="T", text="Say.", consulted="Northern forge (exercise)")


def test_the_room_is_for_industry_and_every_other_page_answers_it_as_a_stranger(node: Node) -> None:
    stranger, company = official(node).__class__(), submitter(node, "Crucible works (exercise)")
    assert stranger.get("/industry/").status_code == 302
    for insider in (official(node), official(node, "auditor", "ex-audit")):
        assert insider.get("/industry/").status_code == 404
        assert insider.get("/industry/send/").status_code == 404
    for path in ("/", "/people/", "/restricted/", "/forum/intake/", "/forum/accounts/", "/work/new/needs/", "/search/"):
        theirs, ours = stranger.get(path), company.get(path)
        assert (theirs.status_code, theirs.get("Location")) == (ours.status_code, ours.get("Location")), path
        if theirs.status_code == 200:
            assert Page(theirs).text == Page(ours).text, path
    assert company.get("/").headers["Cache-Control"] == "private, no-store"


def test_whoever_is_let_in_by_nobody_is_told_whom_to_ask(node: Node) -> None:
    waiting = submitter(node, "Dross works (exercise)", let_in=False)
    assert "Ask the office that invited you" in waiting.get("/industry/").content.decode()
    desk = official(node)
    page = Page(desk.get("/forum/accounts/"))
    (account,) = [each.get("value") for each in page.tree.xpath("//option") if "Dross" in each.text_content()]
    wrong = desk.post("/forum/accounts/", {"person": account, "name": " ", "is_a": "company"})
    assert wrong.status_code == 422
    assert (
        desk.post("/forum/accounts/", {"person": account, "name": "Dross works", "is_a": "company"}).status_code == 302
    )
    assert waiting.get("/industry/").status_code == 200
    other = desk.post("/forum/accounts/", {"person": account, "name": "Other works", "is_a": "company"})
    assert other.status_code == 422  # who is in already is not offered again
    assert Organisation.objects.filter(name="Other works").count() == 0


# --- from the door to the reply --------------------------------------------------------------------------------------


def test_a_recommendation_goes_from_the_door_to_a_dated_reply(node: Node, exercise: Exercise) -> None:  # noqa: F811
    company, desk = submitter(node, "Ember works (exercise)"), official(node)
    code = send(company, **GIVEN)

    def state() -> str:
        return str(company.get(f"/industry/{code}.json").json()["state"]["state"])

    refused = take(desk, code, "yes")
    assert "Keep it to a restricted group" in refused.content.decode()  # proprietary: not for all of the side
    Draft.objects.all().delete()
    assert take(desk, code).status_code == 302
    assert code not in desk.get("/forum/intake/").content.decode()
    written = last(node, NATIONAL)
    assert (written.verb, written.record.partition("/")[0]) == ("state", "recommendation")
    record = record_of(desk, code)
    assert step(desk, record, "consider").status_code == 302
    assert state() == "considered"
    assert desk.get(f"/recommendations/{record}/step/co-chairs/").status_code == 404  # nothing is cleared yet
    assert step(desk, record, "ask", note="At which pressure?").status_code == 302
    assert "At which pressure?" in Page(company.get(f"/industry/{code}/")).text
    say(company, code, "answered", text="At one bar.")
    assert state() == "considered"  # at once, for whoever answered
    say(company, code, "cleared", **CLEARED)
    assert take(desk, code).status_code == 302
    text = Page(desk.get(f"/recommendations/{record}/")).text
    assert "At one bar." in text
    assert CLEARED["public_title"] in text
    assert step(desk, record, "co-chairs").status_code == 302
    assert state() == "to-co-chairs"

    begun = desk.get(f"/recommendations/{record}/disposition/")
    form = begun["Location"]
    fields = Page(desk.get(form)).fields
    answered = {"outcome": "declined", "reasons": "It asks for what firms settle among themselves.", "on": "1 Nov 2026"}
    checked = desk.post(form, {**fields, **answered})
    assert checked.status_code == 302, Page(checked).text[:1500]
    shown = Page(desk.get(checked["Location"]))
    assert "PLANTED" not in shown.text
    assert press(desk, checked["Location"]).status_code == 302
    offered = last(node, RELEASED)
    assert offered.verb == "propose"
    disposition = offered.record
    exercise.pair.swap()
    exercise.desks["USA/ex-forum"].accept(disposition)
    exercise.pair.swap()
    node.settle()
    assert state() == "to-co-chairs"  # what both agreed is told by the reply alone
    page = Page(desk.get(f"/recommendations/{record}/"))
    assert "This office: reply to the submitter." in page.text
    reply = {"number": "EX/F/9", "text": "The co-chairs declined it: firms settle that among themselves."}
    assert step(desk, record, "reply", **reply).status_code == 302
    seen = Page(company.get(f"/industry/{code}/")).text
    assert state() == "disposed"
    assert all(each in seen for each in reply.values())
    assert desk.get(f"/recommendations/{record}/papers/reply.hi.pdf").status_code in (200, 404)


def test_an_answer_is_an_answer_to_the_question_that_it_was_given_to(node: Node) -> None:
    company, desk = submitter(node, "Harrow works (exercise)"), official(node)
    code = send(company, **GIVEN)
    take(desk, code)
    record = record_of(desk, code)
    step(desk, record, "consider")
    step(desk, record, "ask", note="At which pressure?")
    say(company, code, "answered", text="At one bar.")
    take(desk, code)
    step(desk, record, "ask", note="And at which heat?")
    assert company.get(f"/industry/{code}.json").json()["state"]["state"] == "more-needed"
    assert code not in Page(desk.get("/forum/intake/")).text  # the first answer waits for nothing
    say(company, code, "answered", text="At 1,412 degrees.")
    assert code in Page(desk.get("/forum/intake/")).text
    assert take(desk, code).status_code == 302
    text = Page(desk.get(f"/recommendations/{record}/")).text
    assert text.count("At one bar.") == text.count("At 1,412 degrees.") > 0


def test_a_step_leaves_what_a_colleague_has_written_among_the_other_texts(node: Node) -> None:
    company, desk = submitter(node, "Ingot works (exercise)"), official(node)
    code = send(company, **GIVEN)
    take(desk, code)
    record = record_of(desk, code)
    colleague = official(node, "secretariat", name="Colleague")
    form = f"/work/{record}/draft/state/"
    fields = {**filled(Page(colleague.get(form))), "notes": "What a colleague has typed"}
    answer = colleague.post(form, fields)
    assert answer.status_code == 302, Page(answer).text[:3000]
    assert desk.post(f"/recommendations/{record}/step/consider/", {"on": "1 Dec 2026"}).status_code == 302
    (draft,) = [each for each in Draft.objects.all() if each.record.endswith(record)]
    assert not draft.content.get("notes")
    assert "What a colleague has typed" in [each.content.get("notes") for each in draft.others.all()]
    draft.delete()


def test_what_is_offered_to_the_other_side_is_what_was_cleared(node: Node) -> None:
    desk = official(node)
    rows = desk.get("/recommendations.json?status=to-co-chairs").json()["rows"]
    record = next(row["name"] for row in rows if row["title"] == "One form for visits to yards")
    form = desk.get(f"/recommendations/{record}/disposition/")["Location"]
    fields = Page(desk.get(form)).fields
    given = {"outcome": "declined", "reasons": "No.", "on": "1 Nov 2026", "public_title": "How our works do it"}
    answer = desk.post(form, {**fields, **given})
    assert answer.status_code == 200
    assert "The public title and summary are not those that the submitter cleared." in answer.content.decode()
    Draft.objects.all().delete()


def test_it_is_put_onto_the_next_agenda_and_the_decision_comes_back(node: Node) -> None:
    desk = official(node)
    rows = desk.get("/dispositions.json?category=group-agenda").json()["rows"]
    row = next(each for each in rows if each["about"] == "IND")
    page = Page(desk.get(f"/dispositions/{row['name']}/"))
    assert "Put it onto the next agenda" in page.buttons
    led = desk.post(f"/dispositions/{row['name']}/agenda/")
    assert led.status_code == 302
    (draft,) = [each for each in Draft.objects.all() if each.kind == "meeting"]
    item = draft.content["agenda"][-1]
    assert item["papers"] == [f"disposition:{row['ref']}"]
    assert item["title"] == row["title"]
    desk.post(f"/dispositions/{row['name']}/agenda/")
    draft.refresh_from_db()
    assert [each["papers"] for each in draft.content["agenda"] if "papers" in each].count(item["papers"]) == 1
    draft.delete()


def test_a_withdrawn_recommendation_goes_no_further(node: Node) -> None:
    company, desk = submitter(node, "Flux works (exercise)"), official(node)
    code = send(company, **GIVEN)
    take(desk, code)
    record = record_of(desk, code)
    say(company, code, "withdrawn")
    assert company.get(f"/industry/{code}.json").json()["state"]["state"] == "withdrawn"
    assert company.get(f"/industry/{code}.json").json()["can"] == []
    take(desk, code)
    assert "Nobody: it was withdrawn." not in Page(desk.get(f"/recommendations/{record}/step/consider/")).text
    assert desk.get(f"/recommendations/{record}/step/consider/").status_code == 404
    count = SaidLater.objects.count()
    company.post(f"/industry/{code}/say/", {"what": "answered", "text": "Still here.", "nonce": "a" * 64})
    assert SaidLater.objects.count() == count


@pytest.mark.parametrize(("what", "said"), [("withdrawn", "has withdrawn it"), ("consented", "has said more since")])
def test_nothing_is_passed_on_before_what_its_submitter_said_since_is_in_the_record(
    node: Node, what: str, said: str
) -> None:
    company, desk = submitter(node, f"Grate{what} works (exercise)"), official(node)
    code = send(company, **{**GIVEN, **CLEARED})
    take(desk, code)
    record = record_of(desk, code)
    step(desk, record, "consider")
    step(desk, record, "co-chairs")
    form = desk.get(f"/recommendations/{record}/disposition/")["Location"]
    fields = Page(desk.get(form)).fields
    answered = {"outcome": "declined", "reasons": "No.", "on": "1 Nov 2026"}
    ready = desk.post(form, {**fields, **answered})["Location"]
    confirming = Page(desk.get(ready)).fields  # before the submitter says anything
    say(company, code, what)
    released = node.store.size(RELEASED)
    late = desk.post(ready, {**confirming, "confirm": "yes"})
    assert late.status_code >= 400
    assert said in Page(late).text
    assert said in Page(desk.get(ready)).text
    assert node.store.size(RELEASED) == released
    page = Page(desk.get(f"/recommendations/{record}/"))
    assert said in page.text
    assert page.tree.xpath("//main//a[contains(@href, '/disposition/') or contains(@href, '/step/')]") == []
    assert page.tree.xpath("//main//a[@href='/forum/intake/']")
    Draft.objects.all().delete()
    assert said in Page(desk.get(f"/recommendations/{record}/disposition/")).text
    assert said in Page(desk.post(f"/recommendations/{record}/step/ask/", {"note": "x", "on": "1 Dec 2026"})).text
    take(desk, code)
    assert said not in Page(desk.get(f"/recommendations/{record}/")).text


# --- who may be told -------------------------------------------------------------------------------------------------


def test_proprietary_content_is_released_once_two_consents_are_on_record(node: Node) -> None:
    company, desk = submitter(node, "Gantry works (exercise)"), official(node)
    officer = official(node, "disclosure_officer", "ex-disclosure")
    code = send(company, **GIVEN)
    take(desk, code)
    record = record_of(desk, code)
    size = node.store.size(RELEASED)
    path = f"/work/{record}/release/"
    for consent in ("", "owner"):
        if consent:
            say(company, code, "consented")
            take(desk, code)
        answer = press(officer, path)
        assert node.store.size(RELEASED) == size, consent
        assert "the other government would be told" in answer.content.decode()
    step(desk, record, "government", shown_by="Joint Secretary, EX/F/11")
    assert press(officer, path).status_code == 302
    assert node.store.size(RELEASED) == size + 1


def test_an_office_outside_the_group_finds_nothing_of_it(node: Node) -> None:
    company, desk = submitter(node, "Hearth works (exercise)"), official(node)
    code = send(company, **GIVEN)
    take(desk, code)
    record = record_of(desk, code)
    outside = official(node, "secretariat", "ex-secretariat")
    for path in (f"/recommendations/{record}/", f"/recommendations/{record}/step/consider/", f"/work/{record}/"):
        assert outside.get(path).status_code == 404, path
    assert code not in [each["ref"] for each in outside.get("/recommendations.json").json()["rows"]]
    assert outside.get("/forum/intake/").status_code == 404
    assert outside.post("/forum/intake/", {"take": code, "kept": "yes"}).status_code == 404


# --- the clock and the sessions --------------------------------------------------------------------------------------


def test_late_replies_stand_on_the_desk_of_the_forums_office_alone(node: Node) -> None:
    late = "One glossary of hull parts"

    def due(browser: Client) -> bool:
        return any(late in each["what"] for each in browser.get("/index.json").json()["due"])

    assert due(official(node))
    assert late in Page(official(node).get("/scorecard/")).text
    others = (official(node, "secretariat", "ex-secretariat"), official(node, "disclosure_officer", "ex-disclosure"))
    assert [due(each) for each in others] == [False, False]
    assert "own_replies_to_industry" not in others[0].get("/scorecard.json").json()
    counted = official(node).get("/scorecard.json").json()["own_replies_to_industry"]
    assert {name: len(refs) for name, refs in counted.items()}["open_late"] == 1


def test_the_forum_says_its_terms_and_its_sessions(node: Node) -> None:
    told = official(node).get("/forum.json").json()
    assert told["terms"]["answer"]["days"] == 60
    assert [each["confidence"] for each in told["terms"]["notices"]] == ["unverified"] * 3
    sessions = {each["ref"]: each for each in told["sessions"]}
    assert sessions["ex-forum-02"]["before"] == "ex-group-03"
    assert not sessions["ex-forum-02"]["after_it"]
    page = Page(official(node).get("/meetings/ex-forum-02/")).text
    assert "Competition law applies to all who take part." in page
    assert "How members are consulted" in page  # the contact that this side keeps


def test_a_session_after_its_group_is_refused_where_it_is_offered(node: Node) -> None:
    desk = official(node, "co_chair", "ex-secretary")
    code = desk.get("/meetings.json?q=ex-forum-02").json()["rows"][0]["name"]
    form = f"/work/{code}/draft/propose/"
    whole = filled(Page(desk.get(form)))
    late = desk.post(form, {**whole, "date": "1 Jan 2099"})
    assert late.status_code == 200
    assert "after the meeting that it prepares" in Page(late).text
    Draft.objects.all().delete()


def test_what_is_kept_of_a_session_is_shown_to_industry_from_its_day_on(node: Node) -> None:
    shown = submitter(node, "Ingot works (exercise)").get("/industry.json").json()["sessions"]
    assert [each["ref"] for each in shown] == ["ex-forum-02", "ex-forum-01"]


def test_two_organisations_see_nothing_of_each_other(node: Node) -> None:
    one, other = submitter(node, "Jig works (exercise)"), submitter(node, "Kiln works (exercise)")
    code = send(one, **GIVEN)
    assert other.get(f"/industry/{code}/").status_code == 404
    assert other.get(f"/industry/{code}/receipt.pdf").status_code == 404
    assert other.post(f"/industry/{code}/say/", {"what": "withdrawn", "nonce": "a" * 64}).status_code == 404
    assert other.get("/industry.json").json()["submissions"] == []
    colleague = signed_in(Organisation.objects.get(name="Jig works (exercise)").people.get().person)
    assert colleague.get(f"/industry/{code}/").status_code == 200


def test_confirming_needs_the_page(node: Node) -> None:
    """What is taken in is what was shown: the draft that a colleague changed meanwhile is shown anew."""
    company, desk = submitter(node, "Lathe works (exercise)"), official(node)
    code = send(company, **GIVEN)
    kept = Page(desk.get("/forum/intake/")).tree.xpath("//input[@name='kept']/@value")[0]
    led = desk.post("/forum/intake/", {"take": code, "kept": kept})
    size = node.store.size(NATIONAL)
    assert confirm(desk, led).status_code == 302
    assert node.store.size(NATIONAL) == size + 1
    assert desk.post("/forum/intake/", {"take": code, "kept": kept}).status_code == 302
    assert node.store.size(NATIONAL) == size + 1
