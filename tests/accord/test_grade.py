"""What a text may be called, which one is shown, and in whose court a record is."""

from dtti.accord.fold import View
from dtti.accord.grade import Court, beside, courts, current, grade, in_court
from tests.simulator.capital import Capital, exchange, pair, record

TEXT, NOTE, PUBLIC = record(), record(kind="note"), record("PUB")


def grades(view: View) -> list[str]:
    return [grade(view, text) for text in view.texts]


def shown(view: View) -> str:
    text = current(view)
    return text.act if text else ""


def agree(ind: Capital, usa: Capital, base: int = 0) -> str:
    offer = ind.propose(TEXT, base=base, firm=True)
    exchange(ind, usa)
    usa.accept(TEXT, offer)
    exchange(ind, usa)
    return offer.id


def test_each_grade_is_what_the_acts_make_it():
    ind, usa = pair()
    agree(ind, usa)
    paper = ind.report(TEXT)
    ind.report(TEXT, "elsewhere")
    ind.report(TEXT, "own")
    ind.report(TEXT, "published", office="")
    exchange(ind, usa)
    usa.report(TEXT, confirms=paper)
    exchange(ind, usa)
    assert grades(ind.view(TEXT).whole) == ["agreed_here", "on_paper", "recorded", "recorded", "published", "recorded"]
    ind.state_own(NOTE)
    ind.report(PUBLIC, "published", office="")
    assert grades(ind.view(NOTE).whole) == ["stated"]
    assert grades(ind.view(PUBLIC).whole) == ["published"]


def test_a_later_confirmation_raises_a_report_to_agreed_on_paper():
    ind, usa = pair()
    report = ind.report(TEXT)
    exchange(ind, usa)
    assert grades(usa.view(TEXT).whole) == ["recorded"]
    usa.report(TEXT, confirms=report)
    assert grades(usa.view(TEXT).whole)[0] == "on_paper"


def test_two_papers_reported_by_each_side_alone_agree_nothing():
    ind, usa = pair()
    ind.report(TEXT)
    exchange(ind, usa)
    usa.report(TEXT)
    assert grades(usa.view(TEXT).whole) == ["recorded", "recorded"]


def test_a_confirmation_that_carries_another_text_does_not_make_that_text_agreed():
    ind, usa = pair()
    report = ind.report(TEXT)
    exchange(ind, usa)
    doctored = usa.report(TEXT, confirms=report)  # its own body, whatever that says
    view = usa.view(TEXT).whole
    assert report.act.body[0].digest != doctored.act.body[0].digest
    assert shown(view) == report.id
    assert grade(view, view.texts[1]) == "recorded"
    assert beside(view) == []


def test_one_sides_account_stands_beside_what_both_hold_and_never_displaces_it():
    ind, usa = pair()
    first = agree(ind, usa)
    account = usa.report(TEXT, "own")
    exchange(ind, usa)
    view = ind.view(TEXT).whole
    assert (shown(view), [text.act for text in beside(view)]) == (first, [account.id])
    second = agree(ind, usa, base=1)
    view = ind.view(TEXT).whole
    assert (shown(view), beside(view)) == (second, [])


def test_without_an_agreement_the_latest_report_is_shown_before_published_content():
    ind, _ = pair()
    ind.report(TEXT, "published", office="")
    view = ind.view(TEXT).whole
    assert shown(view) == view.texts[0].act
    report = ind.report(TEXT, "own")
    ind.report(TEXT, "published", office="")
    assert shown(ind.view(TEXT).whole) == report.id
    assert current(View(TEXT, "joint", ("IND", "USA"))) is None


def test_a_side_is_in_court_while_an_offer_awaits_its_answer():
    ind, usa = pair()
    offer = ind.propose(TEXT)
    spell = Court("USA", offer.act.time, "", "offer", offer.id)
    assert in_court(ind.view(TEXT).whole) == spell
    exchange(ind, usa)
    answer = usa.send_back(TEXT, offer, counter=True)
    exchange(ind, usa)
    assert in_court(ind.view(TEXT).whole) is None  # answered; the proposer's node closes it
    close = ind.close(TEXT, offer, "returned", answer)
    view = ind.view(TEXT).whole
    assert courts(view) == [
        Court("USA", offer.act.time, answer.act.time, "offer", offer.id),
        Court("IND", close.act.time, "", "offer", answer.id),
    ]


def test_a_request_for_the_pen_puts_its_holder_in_court_until_it_is_handed_over():
    ind, usa = pair()
    ind.draft(TEXT)
    exchange(ind, usa)
    request = usa.write("request_pen", TEXT)
    exchange(ind, usa)
    assert in_court(ind.view(TEXT).whole) == Court("IND", request.act.time, "", "request", request.id)
    handed = ind.hand_over(TEXT)
    assert courts(ind.view(TEXT).whole) == [Court("IND", request.act.time, handed.act.time, "request", request.id)]
    assert in_court(ind.view(TEXT).whole) is None


def test_an_open_offer_is_answered_before_a_request():
    ind, usa = pair()
    ind.draft(TEXT)
    exchange(ind, usa)
    usa.write("request_pen", TEXT)
    exchange(ind, usa)
    offer = ind.propose(TEXT)
    spell = in_court(ind.view(TEXT).whole)
    assert spell is not None
    assert (spell.side, spell.why, spell.act) == ("USA", "offer", offer.id)


def test_nobody_owes_an_answer_to_an_offer_that_ended():
    ind, usa = pair()
    offer = ind.propose(TEXT)
    withdrawal = ind.withdraw(TEXT, offer)
    exchange(ind, usa)
    assert courts(ind.view(TEXT).whole) == [Court("USA", offer.act.time, withdrawal.act.time, "offer", offer.id)]
