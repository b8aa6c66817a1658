"""The national procedures as data, days between bounds, and every warning of timing: the traps as examples."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, get_args

import pytest

from dtti.programme.kinds import KINDS
from dtti.programme.kinds.instrument import INSTRUMENT, Instrument
from dtti.programme.kinds.project import PROJECT
from dtti.programme.kinds.success_definition import SUCCESS_DEFINITION
from dtti.programme.lanes import remaining, span
from dtti.programme.lanes.conflicts import conflicts
from dtti.programme.lanes.situation import Conflict, HeldCase, HeldStep, Holder, Situation
from dtti.programme.lanes.span import Span
from dtti.programme.lanes.timing import Name, authority_of, timing
from dtti.programme.lanes.versions import Clock, lane, lanes
from dtti.programme.values import When

TODAY = date(2027, 6, 1)
RULES = {"USA": "us-agreement-1", "IND": "in-dap-2020"}
CLOCK = Clock(3, "working-days", "w", "b", "unverified")


def step(side: str, name: str, *, national: bool = False, **said: Any) -> HeldStep:
    content = {"ref": name, "side": side, "project": "p", "rules": RULES[side], "step": name, **said}
    read = KINDS["national_step"].read(content)
    return HeldStep(link=f"national_step:{name}", national=national, content=read)


def case(side: str, *, national: bool = False, **said: Any) -> HeldCase:
    content = {"ref": f"c-{side}", "side": side, "project": "p", "rules": RULES[side], "began": "2027-01-01", **said}
    read = KINDS["national_case"].read(content)
    return HeldCase(link=f"national_case:c-{side}", national=national, content=read)


def agreement(ref: str = "a", **said: Any) -> dict[str, Instrument]:
    held = {"ref": ref, "name": ref, "type": "project-agreement", "binding": "binding", "implementation": "signed-only"}
    return {ref: INSTRUMENT.read({**held, **said})}


def works(side: str, day: date) -> Any:
    return "no" if day.weekday() >= 5 else "yes"


def situation(project: Mapping[str, Any] | None = None, **held: Any) -> Situation:
    content = {"ref": "p", "name": "P", "in_dtti": True, **(project or {})}
    given = {"published": False, "today": TODAY, "mine": "USA", "works": works, **held}
    return Situation(PROJECT.read(content), **given)


def found(situation: Situation) -> dict[str, str]:
    """The warnings by rule, with how sure each is."""
    return {each.rule: each.certainty for each in conflicts(situation)}


def one(situation: Situation, rule: str) -> Conflict:
    (made,) = [each for each in conflicts(situation) if each.rule == rule]
    return made


# --- the procedures --------------------------------------------------------------------------------------------------


def test_every_warning_has_its_rule_and_says_on_what_it_rests() -> None:
    assert set(timing().rules) == set(get_args(Name))
    for rule in timing().rules.values():
        assert rule.words
        assert rule.cure
        assert rule.by
        assert rule.source
        assert rule.version


def test_a_procedure_says_of_every_clock_how_sure_it_is_and_unverified_ones_stay_so() -> None:
    steps = lanes()["us-agreement-1"].steps
    clocks = {name: each.clock for name, each in steps.items() if each.clock}
    assert {name: (each.amount, each.unit, each.confidence) for name, each in clocks.items()} == {
        "us-request-to-develop": (21, "working-days", "unverified"),
        "us-negotiating": (9, "months", "unverified"),
        "us-request-final": (15, "working-days", "unverified"),
    }
    pipes = lanes()["us-agreement-1"].pipes
    assert len(pipes) == 13  # twelve release questions, and a company's licence
    assert all(each.role == "release" for each in pipes.values())


def test_necessity_is_good_for_six_months_or_twelve_by_its_category_and_for_either_where_none_is_said() -> None:
    for version in ("in-dpp-2016", "in-dap-2020"):
        held = lane(version)
        assert held is not None
        necessity = held.steps["in-acq-necessity"]
        assert necessity.months("buy-global") == (6, 6)
        assert necessity.months("buy-and-make") == (12, 12)
        assert necessity.months(None) == (6, 12)
    assert lanes()["in-dpp-2016"].confidence("in-acq-necessity") == "sourced"
    assert lanes()["in-dap-2020"].confidence("in-acq-necessity") == "unverified"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("10 U.S.C. 2350a", "10-usc-2350a"),
        ("Section 27 AECA (22 USC 2767)", "22-usc-2767"),
        ("10 USC 2350a; 22 USC 2767", ""),
        ("10 USC 2358", ""),
        (None, ""),
    ],
)
def test_an_authority_is_known_by_the_words_of_the_instrument_or_not_at_all(said: str | None, name: str) -> None:
    assert authority_of(said) == name


# --- days ------------------------------------------------------------------------------------------------------------


def test_working_days_are_counted_by_one_side_at_the_least_and_both_at_the_most() -> None:
    friday = date(2027, 6, 4)

    def off(side: str, day: date) -> Any:
        return "no" if (side, day) == ("IND", date(2027, 6, 8)) else works(side, day)

    assert span.due(Span.day(friday), CLOCK, "USA", works) == Span.day(date(2027, 6, 9))
    assert span.due(Span.day(friday), CLOCK, "USA", off) == Span(date(2027, 6, 9), date(2027, 6, 10))
    assert span.due(Span.day(friday), CLOCK, "IND", off) == Span.day(date(2027, 6, 10))


def test_a_feast_that_nobody_fixed_widens_the_bounds() -> None:
    def unsure(side: str, day: date) -> Any:
        return "unknown" if day == date(2027, 6, 8) else works(side, day)

    assert span.due(Span.day(date(2027, 6, 4)), CLOCK, "USA", unsure) == Span(date(2027, 6, 9), date(2027, 6, 10))


def test_the_last_day_of_a_month_stays_in_its_month() -> None:
    assert Span.day(date(2027, 8, 31)).months(6, 12) == Span(date(2028, 2, 29), date(2028, 8, 31))


# --- waiting periods -------------------------------------------------------------------------------------------------


def waiting(authority: str, *, signed: str, in_force: str, report: str, mine: str = "USA") -> Situation:
    return situation(
        {"agreements": ["a"]},
        mine=mine,
        instruments=agreement(signed=signed, in_force=in_force),
        cases=(case("USA", authority=authority),),
        steps=(step("USA", "us-congress", done=report), step("USA", "us-transmitted", done=signed)),
    )


def test_the_same_dates_are_lawful_under_one_authority_and_not_under_the_other() -> None:
    dates = {"report": "2027-05-01", "signed": "2027-05-10", "in_force": "2027-06-15"}
    assert found(waiting("10-usc-2350a", **dates)) == {}
    assert found(waiting("22-usc-2767", **dates)) == {"waiting-signature": "breached"}
    made = one(waiting("22-usc-2767", **dates), "waiting-signature")
    assert made.when == Span.day(date(2027, 5, 31))
    assert made.rests_on == ("instrument:a", "national_step:us-congress", "national_case:c-USA")


@pytest.mark.parametrize(
    ("in_force", "certainty"),
    [("2027-06-30", "certain"), ("2027-07-01", "possible"), ("2027-07-02", None), ("2027-06", "certain"),
     ("2027-07", "possible")],
)  # fmt: skip
def test_effect_waits_thirty_days_and_a_day_more_where_the_law_leaves_that_open(
    in_force: str, certainty: str | None
) -> None:
    held = waiting("10-usc-2350a", report="2027-06-01", signed="2027-06-01", in_force=in_force)
    assert found(held) == ({"waiting-effect": certainty} if certainty else {})


def test_an_authority_that_is_not_known_guards_nothing() -> None:
    held = situation(
        {"agreements": ["a"]},
        instruments=agreement(
            signed="2027-05-10", side_views=[{"side": "USA", "binding": "binding", "authority": "10 USC 2358"}]
        ),
        steps=(step("USA", "us-congress", done="2027-05-09"),),
    )
    assert found(held) == {}


def test_what_the_instrument_says_of_its_authority_is_heard_and_the_case_goes_before_it() -> None:
    said = agreement(
        signed="2027-05-10",
        in_force="2027-12-01",
        side_views=[{"side": "USA", "binding": "binding", "authority": "22 USC 2767"}],
    )
    steps = (step("USA", "us-congress", done="2027-05-09"), step("USA", "us-transmitted", done="2027-05-11"))
    assert found(situation({"agreements": ["a"]}, instruments=said, steps=steps)) == {"waiting-signature": "breached"}
    held = situation(
        {"agreements": ["a"]}, instruments=said, steps=steps, cases=(case("USA", authority="10-usc-2350a"),)
    )
    assert found(held) == {}


def test_a_day_without_a_report_is_not_known_and_asked_of_the_side_that_reports_alone() -> None:
    held = {
        "cases": (case("USA", authority="22-usc-2767"),),
        "steps": (step("USA", "us-signed", expected="2027-09-01"),),
    }
    made = one(situation(**held), "waiting-unreported")
    assert (made.certainty, made.when) == ("unknown", Span.day(date(2027, 8, 2)))
    assert found(situation(**held, mine="IND")) == {}


@pytest.mark.parametrize(
    ("signed", "done", "certainty"),
    [("2027-05-20", None, "ahead"), ("2027-05-10", None, "breached"), ("2027-05-10", "2027-05-25", None),
     ("2027-05-10", "2027-05-26", "breached"), ("2027-05", "2027-05-31", "possible"), ("2027-06-02", None, None)],
)  # fmt: skip
def test_signed_texts_are_due_within_fifteen_days(signed: str, done: str | None, certainty: str | None) -> None:
    steps = (step("USA", "us-transmitted", done=done),) if done else ()
    held = {"instruments": agreement(signed=signed), "cases": (case("USA"),), "steps": steps}
    made = found(situation({"agreements": ["a"]}, **held))
    assert made == ({"transmission": certainty} if certainty else {})
    if not done:  # that the partner has shared nothing says nothing
        assert found(situation({"agreements": ["a"]}, **held, mine="IND")) == {}


# --- necessity -------------------------------------------------------------------------------------------------------


def necessity(category: str | None = None, **said: Any) -> tuple[tuple[HeldCase, ...], HeldStep]:
    entry = {"entry": {"step": "in-acq-necessity", "category": category, "authority": "x"}} if category else {}
    cases = (case("IND", **entry),)
    return cases, step("IND", "in-acq-necessity", **{"done": "2027-01-15", **said})


def test_necessity_that_lapses_inside_the_waiting_period_is_warned_of() -> None:
    cases, held = necessity("buy-global")  # until 15 July
    congress = step("USA", "us-congress", expected="2027-06-20")
    made = one(situation(cases=cases, steps=(held, congress)), "necessity-waiting")
    assert (made.certainty, made.when) == ("certain", Span.day(date(2027, 7, 15)))
    assert made.blanks["over"] == Span(date(2027, 7, 20), date(2027, 7, 21))
    cases, held = necessity("buy-and-make")  # until January
    assert "necessity-waiting" not in found(situation(cases=cases, steps=(held, congress)))
    cases, held = necessity()  # nobody says of which category: six months or twelve
    assert found(situation(cases=cases, steps=(held, congress)))["necessity-waiting"] == "possible"


def test_necessity_that_lapsed_before_the_waiting_period_has_happened() -> None:
    cases, held = necessity("buy-global", done="2026-11-01")
    made = found(situation(cases=cases, steps=(held, step("USA", "us-congress", expected="2027-06-20"))))
    assert made["necessity-waiting"] == "breached"


def test_what_keeps_necessity_from_lapsing_ends_the_warning_only_where_it_was_in_time() -> None:
    cases, held = necessity("buy-global")
    congress = step("USA", "us-congress", expected="2027-06-20")
    kept = step("IND", "in-acq-rfp", done="2027-05-31")
    assert found(situation(cases=cases, steps=(held, congress, kept))) == {}
    late = step("IND", "in-acq-rfp", done="2027-08")
    assert "necessity-waiting" in found(situation(cases=cases, steps=(held, congress, late)))
    signed = step("IND", "in-acq-contract", done="2027-05-31")
    assert found(situation(cases=cases, steps=(held, congress, signed))) == {}


def others(*days: int) -> tuple[Any, ...]:
    """Steps of projects that took so many days from authority to effect."""
    made = []
    for number, each in enumerate(days):
        for name, when in (("us-authorised", date(2025, 1, 1)), ("us-in-effect", date(2025, 1, 1) + timedelta(each))):
            content = {"ref": f"{name}-{number}", "side": "USA", "project": f"q{number}", "rules": RULES["USA"],
                       "step": name, "done": when.isoformat()}  # fmt: skip
            made.append(KINDS["national_step"].read(content))
    return tuple(made)


def test_below_five_cases_they_are_listed_and_from_five_on_the_median_is_taken() -> None:
    mine = [step("USA", "us-authorised", done="2027-05-01").content]
    few = remaining.remaining("USA", mine, others(100, 300))
    assert few is not None
    assert (few.how, few.done) == ("cases", Span(date(2027, 8, 9), date(2028, 2, 25)))
    assert [each.project for each in few.earlier] == ["q0", "q1"]
    many = remaining.remaining("USA", mine, others(100, 900, 90, 110, 800))
    assert many is not None
    assert (many.how, many.done) == ("median", Span.day(date(2027, 8, 19)))
    assert remaining.remaining("USA", mine, ()) is None
    assert remaining.remaining("USA", [], others(100)) is None


def test_remaining_validity_is_compared_with_the_partner_s_remaining_time() -> None:
    cases, held = necessity("buy-global")  # until 15 July
    mine = (held, step("USA", "us-authorised", done="2027-05-01"))
    assert found(situation(cases=cases, steps=mine, others=others(100, 300)))["necessity-remaining"] == "certain"
    assert found(situation(cases=cases, steps=mine, others=others(50, 300)))["necessity-remaining"] == "possible"
    assert found(situation(cases=cases, steps=mine, others=others(50, 60))) == {}
    assert found(situation(cases=cases, steps=mine)) == {"necessity-unknown": "unknown"}
    expected = (*mine, step("USA", "us-in-effect", expected="2027-07-16"))
    made = one(situation(cases=cases, steps=expected, others=others(1, 2)), "necessity-remaining")
    assert made.certainty == "certain"  # what the partner expects itself goes before its earlier cases


def test_what_is_not_done_yet_is_done_today_at_the_earliest() -> None:
    cases, held = necessity("buy-global", done="2026-11-20")  # until 20 May, which is past
    mine = (held, step("USA", "us-authorised", done="2027-01-01"))
    assert found(situation(cases=cases, steps=mine, others=others(1, 2)))["necessity-remaining"] == "breached"


# --- waiting for each other, and what the sides say apart ------------------------------------------------------------


def circle(**requirement: Any) -> tuple[HeldStep, HeldStep]:
    return (
        step("IND", "in-acq-requirement", awaits=[{"side": "USA", "step": "us-release-night-vision"}], **requirement),
        step("USA", "us-release-night-vision", started="2027-02-01", national=True,
             awaits=[{"side": "IND", "step": "in-acq-requirement"}]),
    )  # fmt: skip


def test_a_requirement_that_waits_for_release_which_waits_for_it_is_a_circle_that_is_told_once() -> None:
    made = one(situation(steps=circle(started="2027-01-01")), "waits-in-a-circle")
    assert made.sides == ("IND", "USA")
    assert made.when == Span.day(date(2027, 2, 1))  # since both wait
    assert made.national
    assert found(situation(steps=circle(done="2027-03-01"))) == {}  # one of them went first
    assert found(situation(steps=circle(started="2027-01-01")[:1])) == {}  # the other is not known to wait


def test_a_sponsor_on_one_side_only_is_warned_of_and_silence_of_a_published_record_is_not() -> None:
    sponsor = {"sponsors": [{"side": "IND", "organisation": "Navy"}]}
    assert one(situation(sponsor), "sponsor-one-side").sides == ("USA",)
    assert found(situation(sponsor, published=True)) == {}
    both = {"sponsors": [*sponsor["sponsors"], {"side": "USA", "organisation": "Navy"}]}
    assert found(situation(both)) == found(situation()) == {}


@pytest.mark.parametrize(
    ("ends", "certainty"),
    [({"expires": "2030-01-23"}, "certain"), ({"expires": "2030-01-22"}, None), ({"expires": "2030"}, "possible"),
     ({"signed": "2027-01-01", "term_years": 4}, "certain"), ({"signed": "2027-01-01", "term_years": 3}, None),
     ({}, None)],
)  # fmt: skip
def test_a_framework_that_ends_inside_the_term_is_warned_of(ends: dict[str, Any], certainty: str | None) -> None:
    framework = INSTRUMENT.read({"ref": "f", "name": "F", "type": "research-moa", "binding": "binding",
                                 "implementation": "in-use", "expires": "2030-01-22"})  # fmt: skip
    held = {"f": framework, **agreement(parent="f", **ends)}
    project = {"agreements": ["a"]}
    assert found(situation(project, instruments=held)) == ({"framework-expires": certainty} if certainty else {})
    outlives = {"row": "framework-outlives", "state": "met", "on": "2027-01-01", "registry": "EX/1"}
    answered = {**project, "sop": "sop-1", "checklist": [outlives]}
    assert found(situation(answered, instruments=held)) == {}


def test_without_an_agreement_the_term_is_that_of_the_success_definition() -> None:
    framework = INSTRUMENT.read({"ref": "f", "name": "F", "type": "framework", "binding": "binding",
                                 "implementation": "in-use", "signed": "2020-01-01", "term_years": 8})  # fmt: skip
    measure = {"name": "m", "unit": "u", "baseline": "b", "target": "t", "by": "2028-06", "shown_by": "s"}
    definition = SUCCESS_DEFINITION.read({"ref": "d", "project": "p", "problem": "x", "measures": [measure]})
    held = situation({"enablers": ["f"]}, instruments={"f": framework}, definition=definition)
    assert one(held, "framework-expires").rests_on == ("instrument:f", "success_definition:d")


def test_an_instrument_that_one_side_calls_binding_and_the_other_not_is_warned_of() -> None:
    def views(*said: str) -> Situation:
        held = [{"side": side, "binding": each} for side, each in zip(("IND", "USA"), said, strict=True)]
        return situation(instruments=agreement(side_views=held), further=("a",))

    assert found(views("binding", "non-binding")) == {"binding-differs": "certain"}
    assert found(views("binding", "binding")) == {}
    assert found(views("binding", "not-stated")) == {}


def test_a_signatory_in_an_acting_capacity_is_warned_of_signed_or_still_to_sign() -> None:
    signed = [{"side": "USA", "name": "B", "office": "USA/post", "capacity": "performing-the-duties"}]
    held = agreement(signed="2027-05-25", signatories=signed)
    assert one(situation({"agreements": ["a"]}, instruments=held), "acting-signatory").sides == ("USA",)
    held = agreement(signed="2027-05-25", signatories=[{**signed[0], "capacity": "substantive"}])
    assert found(situation({"agreements": ["a"]}, instruments=held)) == {}
    ahead = (step("USA", "us-signed", expected="2027-08-01", office="USA/post"),)
    holder = {"USA/post": Holder("B", "acting", "appointment:b")}
    assert found(situation(steps=ahead, holders=holder)) == {"acting-signatory": "possible"}
    assert found(situation(steps=ahead)) == {}


def test_silence_moves_its_own_step_and_is_said_beside_the_stage_that_it_does_not_move() -> None:
    made = one(situation(steps=(step("IND", "in-acq-sanction", done="2027-05-01", silent=True),)), "silence")
    assert (made.gate, made.sides, made.when) == ("cleared", ("IND",), Span.day(date(2027, 5, 1)))


def test_a_clock_that_ran_out_is_listed_with_its_own_confidence() -> None:
    made = one(situation(steps=(step("USA", "us-request-final", started="2027-03-01"),)), "clock-over")
    assert (made.certainty, made.confidence, made.version) == ("breached", "unverified", "us-agreement-1")
    assert made.when == Span.day(date(2027, 3, 22))
    assert found(situation(steps=(step("USA", "us-request-final", started="2027-05-20"),))) == {"clock-over": "ahead"}
    assert found(situation(steps=(step("USA", "us-request-final", started="2027-03-01", done="2027-05-01"),))) == {}
    assert found(situation(steps=(step("USA", "us-negotiating", started="2027-05-01"),))) == {}


@pytest.mark.parametrize(
    ("rules", "route", "said", "certainty"),
    [("in-dap-2020", "foreign-military-sale", "owed", "certain"),
     ("in-dpp-2016", "foreign-military-sale", "owed", None),
     ("in-dpp-2016", "foreign-military-sale", "not-owed", "certain"),
     ("in-dap-2020", "direct-commercial", None, "unknown"),
     ("in-dap-2020", "foreign-military-sale", None, None), ("in-dap-2020", "co-development", "owed", None)],
)  # fmt: skip
def test_offsets_are_owed_or_not_by_route_under_the_rules_of_the_case(
    rules: str, route: str, said: str | None, certainty: str | None
) -> None:
    entry = {"step": "in-acq-rfp", "route": route, "authority": "x", **({"offsets": said} if said else {})}
    began = {"in-dpp-2016": "2019", "in-dap-2020": "2021"}[rules]
    held = situation(cases=(case("IND", rules=rules, began=began, entry=entry),))
    assert found(held) == ({"offsets": certainty} if certainty else {})


def test_a_conversion_says_where_the_project_enters_the_procedure() -> None:
    converted = {"outcome": {"code": "converted"}}
    assert found(situation(converted, cases=(case("IND"),))) == {"entry-converted": "certain"}
    entry = {"step": "in-acq-necessity", "route": "foreign-military-sale", "authority": "x"}
    assert found(situation(converted, cases=(case("IND", entry=entry),))) == {}
    assert found(situation({"outcome": {"code": "terminated"}}, cases=(case("IND"),))) == {}


def test_an_offer_that_is_open_while_a_side_has_suspended_can_not_be_agreed() -> None:
    made = one(situation(offer_until=date(2027, 6, 20), suspended=("USA",)), "offer-suspended")
    assert made.when == Span.day(date(2027, 6, 20))
    assert found(situation(offer_until=date(2027, 6, 20))) == found(situation(suspended=("USA",))) == {}


def test_dates_known_to_the_month_give_bounds() -> None:
    assert Span.of(When("2027-05")).before(Span.of(When("2027-06"))) == "certain"
    assert Span.of(When("2027-05")).before(Span.of(When("2027-05"))) == "possible"
    assert Span.of(When("2027-06")).before(Span.of(When("2027-05"))) == "no"
    assert Span().before(Span.of(When("2027-05"))) == "unknown"
