"""What acts do to a record: offers and their ends, counter-texts, notices, reports, own and published records, solo."""

import pytest

from dtti.accord import table
from dtti.accord.fold import Offer, Text, View
from dtti.ledger.act import Entry
from tests.simulator.capital import Capital, alone, exchange, office, pair, record

TEXT, NOTE, PUBLIC = record(), record(kind="note"), record("PUB")


def offered(**fields: object) -> tuple[Capital, Capital, Entry]:
    """An offer by India that the United States has seen."""
    ind, usa = pair()
    offer = ind.propose(TEXT, **fields)
    exchange(ind, usa)
    return ind, usa, offer


def both(ind: Capital, usa: Capital, about: str = TEXT) -> View:
    """The record after a full exchange, from either node, which is the same."""
    exchange(ind, usa)
    here, there = ind.view(about).whole, usa.view(about).whole
    assert here == there
    return here


def ended(view: View) -> list[tuple[str, str | None, str]]:
    """Offers in order: id, outcome, the act that decided."""
    return [(offer.id, offer.outcome, offer.decided_by) for offer in view.offers]


def agreed(view: View) -> list[tuple[str, int, int]]:
    """Texts agreed here: act, which of its bodies, version."""
    return [(text.act, text.body, text.number) for text in view.texts if text.verb == "propose"]


# --- agreement


def test_an_offer_accepted_and_closed_is_the_next_version():
    ind, usa, offer = offered()
    answer = usa.accept(TEXT, offer)
    exchange(ind, usa)
    assert ind.view(TEXT).whole.version == 0
    close = ind.close(TEXT, offer, "agreed", answer)
    view = both(ind, usa)
    assert (view.version, view.offer, view.pen) == (1, None, "IND")
    assert ended(view) == [(offer.id, "agreed", close.id)]
    assert agreed(view) == [(offer.id, 0, 1)]


def test_a_firm_offer_is_agreed_by_the_acceptance_itself():
    ind, usa, offer = offered(firm=True, next="USA")
    answer = usa.accept(TEXT, offer)
    assert usa.view(TEXT).whole.pen == "USA"
    view = both(ind, usa)
    assert ended(view) == [(offer.id, "agreed", answer.id)]
    assert (view.version, view.pen) == (1, "USA")


def test_the_pen_goes_where_the_agreed_offer_said():
    ind, usa, offer = offered(next="USA")
    ind_closed = usa.accept(TEXT, offer)
    exchange(ind, usa)
    ind.close(TEXT, offer, "agreed", ind_closed)
    exchange(ind, usa)
    second = usa.propose(TEXT, base=1)
    view = both(ind, usa)
    assert view.offer is not None
    assert (view.offer.id, view.offer.side, view.pen) == (second.id, "USA", "USA")


def test_an_offer_may_not_leave_the_pen_with_a_stranger():
    ind, usa = pair()
    refusal = ind.verdict(ind.propose(TEXT, next="GBR"))
    assert refusal is not None
    assert (refusal.rule, refusal.reason) == ("pen", "GBR is no party, and could not hold the pen")
    offer = ind.propose(TEXT)
    exchange(ind, usa)
    refusal = usa.verdict(usa.send_back(TEXT, offer, counter=True, next="GBR"))
    assert refusal is not None
    assert refusal.rule == "counter-text"


# --- answers that come too late


def test_an_acceptance_concurrent_with_the_withdrawal_is_valid_and_overtaken():
    ind, usa, offer = offered()
    withdrawal = ind.withdraw(TEXT, offer)
    answer = usa.accept(TEXT, offer)
    view = both(ind, usa)
    assert usa.verdict(answer) is None
    assert ended(view) == [(offer.id, "withdrawn", withdrawal.id)]
    assert view.overtaken == {answer.id: withdrawal.id}
    assert view.version == 0


def test_a_counter_text_that_comes_too_late_opens_nothing():
    ind, usa, offer = offered()
    withdrawal = ind.withdraw(TEXT, offer)
    answer = usa.send_back(TEXT, offer, counter=True)
    again = ind.propose(TEXT)
    view = both(ind, usa)
    assert view.offer is not None
    assert (view.offer.id, view.overtaken, view.pen) == (again.id, {answer.id: withdrawal.id}, "IND")


@pytest.mark.parametrize("ahead", ["IND", "USA"])
def test_which_clock_is_ahead_makes_no_difference_to_acts_that_crossed(ahead: str):
    ind, usa, offer = offered()
    (ind if ahead == "IND" else usa).wait(1)
    withdrawal = ind.withdraw(TEXT, offer)
    answer = usa.send_back(TEXT, offer, counter=True)
    (past,) = both(ind, usa).offers
    assert (past.outcome, past.decided_by, past.answer, past.counter) == ("withdrawn", withdrawal.id, answer.id, None)


def test_an_offer_that_was_answered_does_not_lapse():
    ind, usa, offer = offered()
    answer = usa.accept(TEXT, offer)
    exchange(ind, usa)
    ind.wait(40)
    for named in (None, answer):
        refusal = ind.verdict(ind.close(TEXT, offer, "lapsed", named))
        assert refusal is not None
        assert refusal.rule == "answer"


def test_of_withdraw_and_close_the_first_in_the_proposers_ledger_counts():
    ind, usa, offer = offered()
    answer = usa.accept(TEXT, offer)
    withdrawal = ind.withdraw(TEXT, offer)  # it has not seen the answer
    exchange(ind, usa)
    refusal = ind.verdict(ind.close(TEXT, offer, "agreed", answer))
    assert refusal is not None
    assert refusal.rule == "offer"
    assert ended(both(ind, usa)) == [(offer.id, "withdrawn", withdrawal.id)]


def test_an_offer_without_an_answer_lapses_when_its_proposers_clock_has_passed_it():
    ind, usa, offer = offered()
    ind.wait(31)
    close = ind.close(TEXT, offer, "lapsed")
    answer = usa.accept(TEXT, offer)  # in time by the other clock, and not seen
    view = both(ind, usa)
    assert usa.verdict(answer) is None
    assert ended(view) == [(offer.id, "lapsed", close.id)]
    assert view.overtaken == {answer.id: close.id}


def test_an_answer_in_the_second_of_the_date_is_in_time_and_a_lapse_in_it_is_not():
    ind, usa, offer = offered(days=10)
    until = offer.act.terms["until"]
    assert usa.verdict(usa.accept(TEXT, offer, time=until)) is None
    refusal = ind.verdict(ind.close(TEXT, offer, "lapsed", time=until))
    assert refusal is not None
    assert refusal.rule == "until"


def test_a_firm_offer_lapses_only_when_the_other_sides_clock_has_been_seen_to_pass():
    ind, usa, offer = offered(firm=True)
    ind.wait(40)
    refusal = ind.verdict(ind.close(TEXT, offer, "lapsed"))
    assert refusal is not None
    assert (refusal.rule, "other side's clock" in refusal.reason) == ("until", True)
    usa.wait(31)
    usa.comment(TEXT)
    exchange(ind, usa)
    close = ind.close(TEXT, offer, "lapsed")
    assert ended(both(ind, usa)) == [(offer.id, "lapsed", close.id)]


def test_a_firm_offer_accepted_in_time_stands_however_late_the_proposer_hears_of_it():
    ind, usa, offer = offered(firm=True)
    answer = usa.accept(TEXT, offer)
    usa.wait(40)
    usa.comment(TEXT)
    ind.wait(40)
    assert ind.verdict(ind.close(TEXT, offer, "lapsed")) is not None  # it has heard nothing yet
    exchange(ind, usa)
    assert ind.verdict(ind.close(TEXT, offer, "lapsed")) is not None  # and now it is agreed
    assert ended(both(ind, usa)) == [(offer.id, "agreed", answer.id)]


# --- sending back


def test_a_text_sent_back_passes_the_pen_when_its_proposer_closes():
    ind, usa, offer = offered()
    answer = usa.send_back(TEXT, offer)
    assert both(ind, usa).pen == "IND"
    close = ind.close(TEXT, offer, "returned", answer)
    view = both(ind, usa)
    assert (view.pen, view.offer, ended(view)) == ("USA", None, [(offer.id, "returned", close.id)])
    assert usa.verdict(usa.propose(TEXT)) is None


def test_a_firm_offer_sent_back_passes_the_pen_at_once():
    ind, usa, offer = offered(firm=True)
    answer = usa.send_back(TEXT, offer)
    view = both(ind, usa)
    assert (view.pen, ended(view)) == ("USA", [(offer.id, "returned", answer.id)])


def test_counter_texts_follow_each_other_until_one_is_agreed():
    ind, usa, first = offered()
    second = usa.send_back(TEXT, first, counter=True)
    exchange(ind, usa)
    ind.close(TEXT, first, "returned", second)
    third = ind.send_back(TEXT, second, counter=True)
    exchange(ind, usa)
    usa.close(TEXT, second, "returned", third)
    answer = usa.accept(TEXT, third)
    exchange(ind, usa)
    last = ind.close(TEXT, third, "agreed", answer)
    view = both(ind, usa)
    assert [(offer.id, offer.side, offer.counter_of, offer.outcome) for offer in view.offers] == [
        (first.id, "IND", "", "returned"),
        (second.id, "USA", first.id, "returned"),
        (third.id, "IND", second.id, "agreed"),
    ]
    assert agreed(view) == [(third.id, 1, 1)]
    assert view.offers[-1].decided_by == last.id
    assert [(passage.side, passage.act) for passage in view.passages] == [
        ("USA", view.offers[0].decided_by),
        ("IND", view.offers[1].decided_by),
    ]


def test_a_counter_text_to_a_firm_offer_is_open_at_once_and_may_be_withdrawn():
    ind, usa, first = offered(firm=True)
    counter = usa.send_back(TEXT, first, counter=True)
    view = both(ind, usa)
    assert isinstance(view.offer, Offer)
    assert (view.offer.id, view.offer.firm, view.offer.side, view.offer.body) == (counter.id, False, "USA", 1)
    withdrawal = usa.withdraw(TEXT, counter)
    late = ind.accept(TEXT, counter)
    view = both(ind, usa)
    assert (view.version, view.pen, view.overtaken) == (0, "USA", {late.id: withdrawal.id})


# --- notices


def test_a_notice_in_the_past_of_a_close_leaves_return_and_withdrawal_only():
    ind, usa, offer = offered()
    answer = usa.accept(TEXT, offer)
    ind.notice(TEXT, "suspend")
    exchange(ind, usa)
    assert ind.verdict(ind.close(TEXT, offer, "agreed", answer)) is not None
    withdrawal = ind.withdraw(TEXT, offer)  # a seen acceptance is no bar while a notice stands
    view = both(ind, usa)
    assert ended(view) == [(offer.id, "withdrawn", withdrawal.id)]
    assert view.overtaken == {answer.id: withdrawal.id}


def test_under_a_notice_an_offer_may_still_be_returned():
    ind, usa, offer = offered()
    usa.notice(TEXT, "suspend")
    answer = usa.send_back(TEXT, offer)
    exchange(ind, usa)
    close = ind.close(TEXT, offer, "returned", answer)
    assert ended(both(ind, usa)) == [(offer.id, "returned", close.id)]


def test_an_agreement_concurrent_with_a_notice_stands_and_is_flagged():
    ind, usa, offer = offered()
    answer = usa.accept(TEXT, offer)
    ind.receive(usa)
    ind.close(TEXT, offer, "agreed", answer)
    notice = usa.notice(TEXT, "withdraw_from")
    view = both(ind, usa)
    assert (view.version, view.offers[0].flagged, view.texts[-1].flagged) == (1, notice.id, notice.id)


def test_a_firm_agreement_concurrent_with_the_proposers_own_notice_is_flagged():
    ind, usa, offer = offered(firm=True)
    notice = ind.notice(TEXT, "suspend")
    usa.accept(TEXT, offer)
    assert both(ind, usa).offers[0].flagged == notice.id


def test_a_notice_given_after_the_agreement_was_seen_does_not_flag_it():
    ind, usa, offer = offered(firm=True)
    usa.accept(TEXT, offer)
    exchange(ind, usa)
    ind.notice(TEXT, "suspend")
    view = both(ind, usa)
    assert (view.offers[0].flagged, list(view.notices)) == ("", ["IND"])


def test_a_suspension_that_was_lifted_before_the_answer_leaves_no_mark():
    ind, usa, offer = offered(firm=True)
    ind.notice(TEXT, "suspend")
    ind.notice(TEXT, "resume")
    exchange(ind, usa)
    usa.accept(TEXT, offer)
    view = both(ind, usa)
    assert (view.version, view.offers[0].flagged, view.notices) == (1, "", {})


@pytest.mark.parametrize(
    ("given", "then", "rule"),
    [
        ([], "resume", "notice"),
        (["suspend"], "suspend", "notice"),
        (["suspend"], "withdraw_from", None),
        (["suspend", "withdraw_from"], "resume", "notice"),
        (["withdraw_from"], "suspend", "notice"),
        (["suspend", "resume"], "suspend", None),
    ],
)
def test_what_notice_may_follow_what(given: list[str], then: str, rule: str | None):
    ind, _, _ = offered()
    for notice in given:
        assert ind.verdict(ind.notice(TEXT, notice)) is None
    refusal = ind.verdict(ind.notice(TEXT, then))
    assert (refusal.rule if refusal else None) == rule


# --- the pen


def test_the_pen_passes_when_it_is_handed_over_and_seen():
    ind, usa = pair()
    ind.draft(TEXT)
    exchange(ind, usa)
    ind.hand_over(TEXT)
    early = usa.propose(TEXT)
    exchange(ind, usa)
    offer = usa.propose(TEXT)
    refusal = usa.verdict(early)
    assert refusal is not None
    assert (refusal.rule, usa.verdict(offer), both(ind, usa).pen) == ("pen", None, "USA")


def test_a_request_is_open_until_the_pen_comes_or_a_text_is_agreed():
    ind, usa, offer = offered()
    usa.write("request_pen", TEXT)
    answer = usa.accept(TEXT, offer)
    exchange(ind, usa)
    close = ind.close(TEXT, offer, "agreed", answer)
    usa.receive(ind)
    usa.write("request_pen", TEXT)
    exchange(ind, usa)
    handed = ind.hand_over(TEXT)
    view = both(ind, usa)
    assert [request.until for request in view.requests] == [close.act.time, handed.act.time]


# --- births


def test_what_the_other_side_has_not_seen_does_not_exist_for_it():
    ind, usa = pair()
    ind.draft(TEXT)
    early = usa.comment(TEXT)
    exchange(ind, usa)
    late = usa.comment(TEXT)
    assert usa.verdict(early) is not None
    assert usa.verdict(late) is None


def test_a_void_creation_creates_nothing():
    ind, usa = pair()
    ind.propose(TEXT, base=3)
    exchange(ind, usa)
    refusal = usa.verdict(usa.comment(TEXT))
    assert refusal is not None
    assert refusal.rule == "unknown-record"


def test_of_two_creations_of_one_name_the_first_in_its_ledger_stands():
    ind, usa = pair()
    first = ind.propose(TEXT)
    second = ind.propose(TEXT)
    refusal = ind.verdict(second)
    assert refusal is not None
    assert refusal.rule == "open-offer"
    assert [offer.id for offer in both(ind, usa).offers] == [first.id]


# --- reports


def test_a_paper_report_is_confirmed_by_the_other_sides_report_that_names_it():
    ind, usa = pair()
    report = ind.report(TEXT)
    exchange(ind, usa)
    confirmation = usa.report(TEXT, confirms=report)
    view = both(ind, usa)
    assert [(text.act, text.confirmed_by, text.confirms) for text in view.texts] == [
        (report.id, confirmation.id, ""),
        (confirmation.id, "", report.id),
    ]


@pytest.mark.parametrize("case", ["not seen", "not from paper", "its own", "not of a paper", "not told"])
def test_what_confirms_nothing(case: str):
    ind, usa = pair()
    ind.draft(TEXT)
    exchange(ind, usa)
    report = ind.report(TEXT, "own" if case == "not of a paper" else "paper")
    if case != "not seen":
        exchange(ind, usa)
    author = ind if case == "its own" else usa
    confirmation = author.report(
        TEXT,
        "own" if case == "not from paper" else "paper",
        confirms=report,
        ledger="national" if case == "not told" else "released",
    )
    refusal = author.verdict(confirmation)
    assert refusal is not None
    assert refusal.rule == "confirms"


# --- own, published and national records


def test_an_own_record_is_stated_by_its_owner_version_after_version():
    ind, usa = pair()
    ind.state_own(NOTE)
    ind.state_own(NOTE, 1)
    view = both(ind, usa, NOTE)
    assert [(text.number, text.side) for text in view.texts] == [(1, "IND"), (2, "IND")]
    assert view.pen == ""


def test_a_published_record_is_nobodys_and_may_be_stated_by_either_node_without_an_office():
    ind, usa = pair()
    for one in (ind, usa):
        assert one.verdict(one.report(PUBLIC, "published", office="")) is None
    assert [text.basis for text in both(ind, usa, PUBLIC).texts] == ["published", "published"]
    assert both(ind, usa, PUBLIC).pen == ""
    for one in (ind, usa):
        for entry in (one.propose(PUBLIC), one.write("request_pen", PUBLIC), one.hand_over(PUBLIC)):
            refusal = one.verdict(entry)
            assert refusal is not None
            assert refusal.rule == "pen"


def test_a_published_record_is_created_by_published_content_only():
    ind, _ = pair()
    refusal = ind.verdict(ind.report(PUBLIC))
    assert refusal is not None
    assert refusal.rule == "unknown-record"


def test_published_content_does_not_enter_a_record_that_a_side_owns():
    ind, _ = pair()
    ind.state_own(NOTE)
    refusal = ind.verdict(ind.report(NOTE, "published", office=""))
    assert refusal is not None
    assert refusal.rule == "owner"


def test_national_acts_bear_on_no_view_but_that_sides_own():
    ind, usa = pair()
    ind.state_own(NOTE)
    kept = ind.state_own(NOTE, 0, ledger="national")
    told = ind.state_own(NOTE, 1)
    exchange(ind, usa)
    record_here, record_there = ind.view(NOTE), usa.view(NOTE)
    assert ind.verdict(kept) is None
    assert record_here.whole == record_there.whole
    assert [text.number for text in record_here.whole.texts] == [1, 2]
    assert record_here.national is not None
    assert [(text.act, text.ledger, text.number) for text in record_here.national.texts[1:]] == [
        (told.id, "released", 2),
        (kept.id, "national", 1),
    ]
    assert record_there.national is None


def test_a_national_remark_leaves_an_agreement_as_it_is():
    ind, usa, offer = offered()
    ind.comment(TEXT, ledger="national")
    answer = usa.accept(TEXT, offer)
    exchange(ind, usa)
    ind.comment(TEXT, ledger="national")
    ind.close(TEXT, offer, "agreed", answer)
    assert both(ind, usa).version == 1
    national = ind.view(TEXT).national
    assert national is not None
    assert national.version == 1


def test_a_mark_on_an_agreement_shows_in_the_sides_own_view_too():
    ind, usa, offer = offered(firm=True)
    ind.comment(TEXT, ledger="national")
    notice = ind.notice(TEXT, "suspend")
    usa.accept(TEXT, offer)
    exchange(ind, usa)
    national = ind.view(TEXT).national
    assert national is not None
    assert (national.offers[0].flagged, national.texts[0].flagged) == (notice.id, notice.id)


def test_a_record_kept_nationally_does_not_exist_for_the_other_side():
    ind, usa = pair()
    ind.draft(TEXT, ledger="national")
    exchange(ind, usa)
    held = ind.view(TEXT)
    assert held.national is not None
    assert (held.whole.exists, held.national.exists) == (False, True)
    assert TEXT not in usa.state().records


# --- alone


def test_a_side_alone_keeps_texts_papers_notices_and_drafts():
    ind = alone()
    kept = [ind.draft(TEXT), ind.report(TEXT), ind.comment(TEXT), ind.notice(TEXT, "suspend"), ind.state_own(NOTE)]
    assert [ind.verdict(entry) for entry in kept] == [None] * 5
    assert [text.basis for text in ind.view(TEXT).whole.texts] == ["paper"]
    refusal = ind.verdict(ind.propose(TEXT))
    assert refusal is not None
    assert refusal.rule == "counterpart"


def test_what_was_offered_to_nobody_stays_void_when_somebody_joins():
    ind, usa = alone(), alone("USA")
    early = ind.propose(TEXT)
    ind.join(usa)
    usa.join(ind)
    exchange(ind, usa)
    refusal = ind.verdict(early)
    assert refusal is not None
    assert refusal.rule == "counterpart"
    assert ind.verdict(ind.propose(TEXT)) is None


def test_a_record_begun_alone_is_agreed_once_a_counterpart_has_joined():
    ind = alone()
    ind.draft(TEXT)
    usa = alone("USA")
    ind.join(usa)
    usa.join(ind)
    exchange(ind, usa)
    offer = ind.propose(TEXT, firm=True)
    exchange(ind, usa)
    usa.accept(TEXT, offer)
    assert both(ind, usa).version == 1


def test_the_pen_goes_to_the_party_that_joined_before_any_of_its_entries_is_here():
    ind = alone()
    ind.draft(TEXT)
    ind.join(alone("USA"))
    ind.hand_over(TEXT)
    assert ind.view(TEXT).whole.pen == "USA"


def test_an_act_names_the_office_that_stands_behind_it():
    ind, _ = pair()
    ind.grant(2, office=office("IND", "envoysea"), verbs=["draft"])
    assert ind.verdict(ind.draft(TEXT, office=office("IND", "envoysea"))) is None
    refusal = ind.verdict(ind.comment(TEXT, office=office("IND", "envoysea")))
    assert refusal is not None
    assert refusal.rule == "power"


def test_texts_carry_what_they_rest_on_and_whether_they_correct():
    ind, usa = pair()
    ind.write("state", NOTE, table.State(base=0, change="correction"))
    ind.report(TEXT, "elsewhere")
    assert both(ind, usa, NOTE).texts == [
        Text(
            act=ind.state().judged["IND", "released"][-2].id,
            body=0,
            side="IND",
            verb="state",
            time="2027-01-26T09:03:00Z",
            number=1,
            change="correction",
        )
    ]
    assert both(ind, usa).texts[0].basis == "elsewhere"
