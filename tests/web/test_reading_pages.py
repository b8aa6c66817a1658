"""The reading pages on the public record: every page answers in both languages, and says what the record says."""

import html
import re
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dtti.office.places import Place
from dtti.office.statements import Changes, Shift, compare
from dtti.programme import reports, walk
from dtti.programme.kinds import KINDS
from dtti.programme.published import code, load
from dtti.programme.reports import between, count
from dtti.programme.reports.statement import Line, StatementMade
from dtti.web.views import asked, press
from dtti.web.views.reading import PATTERNS
from dtti.web.views.statements import shifted

from .reading import DAY, SignIn, fetched, india, node, page, public, sign_in  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reading")]

ADDRESSES = [f"/{one.pattern}" for one in PATTERNS if "<" not in str(one.pattern) and str(one.pattern).endswith("/")]
SHARED = Path(__file__).resolve().parents[3] / "shared" / "history"


def words(text: str) -> str:
    """What a page says, without its mark-up, in one line."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_answers_in_both_languages_and_as_json(public: Client, address: str) -> None:  # noqa: F811
    english, hindi = page(public, address), page(public, f"/hi{address}")
    assert '<html lang="en"' in english
    assert '<html lang="hi"' in hindi
    assert isinstance(fetched(public, f"{address.rstrip('/')}.json"), dict)
    assert english.count("<h1") == hindi.count("<h1") == 1


def test_every_kind_of_record_has_a_page_and_a_twin_in_both_languages(public: Client) -> None:  # noqa: F811
    by_kind = defaultdict(list)
    for item in load():
        by_kind[item.kind].append(item.ref)
    assert len(by_kind) == 16
    for kind, refs in by_kind.items():
        for ref in (refs[0], refs[len(refs) // 2], refs[-1]):
            address = f"/{KINDS[kind].face.address}/{ref}/"
            made = fetched(public, f"{address.rstrip('/')}.json")
            assert kind == "project" or made["record"]["ref"] == ref
            then = words(page(public, f"{address}?on=2019-12-31"))
            assert ("published, confirmed by neither" in then) != ("Not yet there at the time you ask about" in then)
            assert "प्रकाशित, किसी पक्ष से पुष्ट नहीं" in words(page(public, f"/hi{address}"))


def test_a_hindi_page_leaves_recorded_text_in_its_own_language_and_marks_it(public: Client) -> None:  # noqa: F811
    text = page(public, "/hi/bodies/dtti-group/")
    assert '<h1><span lang="en">DTTI Group</span></h1>' in text
    assert "बैठकों के बीच अंतराल" in text
    assert "Gaps between meetings" not in text


# --- bodies and meetings ---------------------------------------------------------------------------------------------


def test_a_body_shows_its_gaps_against_its_rule_and_whose_turn_it_is(public: Client) -> None:  # noqa: F811
    made = fetched(public, f"/bodies/dtti-group.json?on={DAY}")["cadence"]
    assert made["gaps"]["days"] == [240, 223, 327, 420]
    assert made["gaps"]["excess_days"] == [57, 40, 144, 237]
    assert made["last"]["overdue_days"] == 813  # 12 May 2022 to 1 August 2024
    said = words(page(public, f"/bodies/dtti-group/?on={DAY}"))
    assert "Days between meetings that follow each other 240, 223, 327, 420" in said
    assert "A meeting is overdue by 813 days." in said
    assert "0 kept, 4 broken" in said
    assert "Next to host United States" in said


def test_the_rule_of_a_body_shows_its_source_its_confidence_and_its_grade(public: Client) -> None:  # noqa: F811
    said = words(page(public, "/cadence/"))
    rule = said[said.index("every six months, alternating") :][:160]
    assert "SEED-2 · inferred" in rule
    assert "Rule stands as published, confirmed by neither" in rule


def test_holders_of_the_chairs_are_certain_or_only_possible(public: Client) -> None:  # noqa: F811
    chairs = fetched(public, "/co-chairs.json?on=2019-03-15&body=dtti-group")["bodies"]["dtti-group"]["co_chairs"]
    assert [each["holder"] for each in chairs["USA"]] == ["Ellen M. Lord"]
    assert [each["holder"] for each in chairs["IND"]] == ["Ajay Kumar"]
    said = words(page(public, f"/bodies/dtti-group/?on={DAY}"))
    row = said[said.index("Secretary, Department of Defence Production") :][:200]
    assert row.startswith(
        "Secretary, Department of Defence Production India not known Giridhar Aramane additional charge Sanjeev Kumar"
    )


def test_on_an_earlier_day_a_body_stood_as_it_was_known_to_stand(public: Client) -> None:  # noqa: F811
    assert fetched(public, "/bodies/jwg-jet-engine.json?on=2017-01-01")["state"]["state"] == "active"
    assert fetched(public, "/bodies/jwg-jet-engine.json?on=2019-12-31")["state"]["state"] == "suspended"
    assert "Not now." in page(public, "/bodies/jwg-jet-engine/?on=2017-01-01")


def test_the_tree_puts_working_groups_under_the_group_and_the_group_under_the_ministers(
    public: Client,  # noqa: F811
) -> None:
    tree = fetched(public, "/bodies-tree.json")["tree"]
    ministers = next(each for each in tree if each["ref"] == "2plus2")
    group = next(each for each in ministers["below"] if each["ref"] == "dtti-group")
    assert {"jwg-actc", "jwg-air-systems", "jwg-land-systems", "jwg-naval-systems", "dicf"} <= {
        each["ref"] for each in group["below"]
    }


def test_a_meeting_shows_who_sat_and_the_days_since_the_one_before(public: Client) -> None:  # noqa: F811
    said = words(page(public, "/meetings/dtti-group-09/"))
    assert "DTTI Group, no. 9" in said
    assert "Subhash Chandra" in said
    assert fetched(public, "/meetings/dtti-group-09.json")["gaps"][0]["days"] == 223
    assert "no. 8, 15 Mar 2019 no. 9, 24 Oct 2019 223 40" in said


# --- instruments -----------------------------------------------------------------------------------------------------


def test_an_instrument_keeps_its_dates_apart(public: Client) -> None:  # noqa: F811
    said = words(page(public, "/instruments/isa/?on=2024-08-01"))
    dates = said[said.index("Dates") :]
    assert "Signed 18 Dec 2019" in dates
    assert "In force not known" in dates
    assert "First step 27 Sep 2021" in dates
    assert "From signature to first step 649 days" in dates


def test_what_expires_within_twelve_months_is_counted_from_the_day_asked_about(public: Client) -> None:  # noqa: F811
    within = fetched(public, "/expiring.json?on=2024-08-01")["expiring"]["within_12_months"]
    assert within == ["framework-2015"]


def test_a_statement_whose_list_was_not_published_is_compared_as_unknown(public: Client) -> None:  # noqa: F811
    made = fetched(public, "/statements.json?from=soi-1&to=soi-2")
    assert made["changes"] == dict.fromkeys(("added", "dropped", "moved", "kept"), "unknown") | {"known": False}
    said = words(page(public, "/statements/?from=soi-1&to=soi-2"))
    assert "DTTI Statement of Intent, September 2020: the list was not published." in said
    assert "Air-Launched Unmanned Aerial Vehicle near term" in said
    assert "not known: list not published" in said


def test_two_published_lists_are_compared_line_by_line() -> None:
    def statement(**lines: tuple[str, str]) -> StatementMade:
        rests: Any = {"uses": [], "sources": [], "confidence": "stated"}
        rows = [Line(ref, horizon, day, **rests) for ref, (horizon, day) in lines.items()]
        return StatementMade("", "", None, None, [], True, len(rows), {}, {}, {}, [], rows, **rests)

    before = statement(
        net=("near", "unknown"), drone=("near", "2021"), helmet=("mid", "unknown"), gun=("long", "unknown")
    )
    after = statement(
        net=("near", "unknown"), drone=("near", "2022"), helmet=("near", "unknown"), radar=("mid", "unknown")
    )
    assert compare(before, after) == Changes(
        True, ["radar"], ["gun"], ["helmet"], ["drone"], ["net"], {"drone": Shift(1, 729)}
    )


def test_a_promise_moved_within_bounds_is_called_moved_by_days_that_are_not_known() -> None:
    assert shifted(Shift(0, 0)) == "on the same day"
    assert shifted(Shift(-3, 40)) == shifted(Shift(0, 31)) == shifted(Shift(-5, 0))
    assert shifted(Shift(-3, 40)) == "by days that are not known"
    assert shifted(Shift(1, 729)) == "1 to 729 days later"


def test_promises_are_set_against_what_is_known(public: Client) -> None:  # noqa: F811
    made = fetched(public, "/promises.json?on=2024-08-01")["statements"]["soi-1"]
    assert (made["n"], made["kept"]) == (7, ["aluav"])
    assert made["lines"]["aluav"]["days_to_agreement"] == 645
    said = words(page(public, "/promises/?on=2024-08-01"))
    assert "Of 7 lines, 1 led to an agreement or a sale." in said


# --- trade -----------------------------------------------------------------------------------------------------------


def test_contracts_stand_against_the_claim_with_the_gap_that_is_not_explained(public: Client) -> None:  # noqa: F811
    made = fetched(public, "/trade.json?on=2019-12-31")
    said, rests = made["contracts_against_claim"], made["against_claim_rests_on"]
    assert len(rests["uses"]) == 8  # the contracts counted, and the claim
    assert (rests["sources"] != [], rests["confidence"]) == (True, "inferred")
    assert said == {
        "contracts": 7,
        "sum_preferred_usd": 12_909_700_000,
        "sum_low_usd": 12_409_700_000,
        "sum_high_usd": 13_850_000_000,
        "claim_usd": 18_000_000_000,
        "gap_low_usd": 4_150_000_000,
        "gap_high_usd": 5_590_300_000,
        "gap_preferred_usd": 5_090_300_000,
    }
    shown = words(page(public, "/trade/?on=2019-12-31"))
    assert "Contracts known, preferred figures US$ 12.9097 billion" in shown
    assert "Latest claim of a total estimated at US$ 18 billion" in shown
    assert "Not explained, at least and at most US$ 4.15 billion to US$ 5.5903 billion" in shown


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/trade/", "at least US$ 3.85 billion, no upper end"),
        ("/hi/trade/", "कोई ऊपरी छोर नहीं"),
        ("/trade/?on=2019-12-31", "US$ 4.15 billion to US$ 5.5903 billion, approximate as the claim is"),
        ("/hi/trade/?on=2019-12-31", "दावे की तरह अनुमानित"),
        ("/trade/?on=2021-12-31", "Of the contracts, signed since then US$ 12.347 billion to US$ 13.85 billion"),
        ("/claims/claim-2018-07/", "no upper end"),
        ("/claims/claim-2021-09/", "Of the contracts, signed since then US$ 12.347 billion to US$ 13.85 billion"),
    ],
)
def test_what_is_not_explained_is_said_with_the_ends_that_the_claim_has(
    public: Client,  # noqa: F811
    address: str,
    said: str,
) -> None:
    assert said in words(page(public, address))


@pytest.mark.parametrize(
    "address",
    [
        *("trade/", "trade-compared/", "contracts/", "contracts/?category=hybrid", "contracts/US-IN-2020-02/"),
        *("ask/count/?kind=trade_contract&by=route", "ask/count/?kind=trade_contract&by=category"),
    ],
)
def test_a_route_has_its_own_words_and_not_those_of_a_meeting(public: Client, address: str) -> None:  # noqa: F811
    for prefix, own, other in (("/", "hybrid", "part in person"), ("/hi/", "मिश्रित", "अंशतः प्रत्यक्ष")):
        shown = words(page(public, prefix + address))
        assert own in shown
        assert other not in shown


def test_a_figure_says_what_it_measures_and_stays_exact_in_both_languages(public: Client) -> None:  # noqa: F811
    assert "US$ 962.7 million contract value" in words(page(public, "/contracts/c130j-6-2008/"))
    assert "96.27 करोड़ अमेरिकी डॉलर संविदा मूल्य" in words(page(public, "/hi/contracts/c130j-6-2008/"))


def test_a_claim_stands_beside_the_contracts_known_by_then(public: Client) -> None:  # noqa: F811
    then = fetched(public, "/claims/claim-2019-12.json")["against_contracts"]
    assert (then["sum_preferred_usd"], then["gap_preferred_usd"]) == (12_909_700_000, 5_090_300_000)


# --- sources, differences, the scorecard, constraints ----------------------------------------------------------------


def test_a_source_shows_everything_that_cites_it(public: Client) -> None:  # noqa: F811
    citing = {f"{item.kind}:{item.ref}" for item in load() if "source:S58" in walk.links(item.content)}
    citing.remove("source:S58")  # every source rests on itself
    named = fetched(public, "/sources/S58.json")["named_by"]
    assert {f"{each['kind']}:{each['ref']}" for each in named} == citing
    assert f"{len(citing)} records" in words(page(public, "/sources/S58/"))


def test_a_difference_shows_every_statement_and_which_is_preferred_and_why(public: Client) -> None:  # noqa: F811
    said = words(page(public, "/differences/soi-1-date/"))
    assert "Day on which the first Statement of Intent was signed" in said
    assert "24 October 2019, at the 9th Group meeting preferred" in said
    assert "December 2019, at the second 2+2 (a possible reading)" in said
    assert "Why: Reports of the day itself" in said
    assert "None is preferred." in words(page(public, "/differences/near-term-promise/"))


def test_the_scorecard_counts_with_its_cases(public: Client) -> None:  # noqa: F811
    assert fetched(public, "/scorecard.json")["counts"] == {
        "named": 16,
        "inside_dtti": 15,
        "inside_dtti_sourced_name": 14,
        "agreement_reached": 3,
        "agreement_signing_day_confirmed": 1,
        "fielded_or_in_production": 0,
    }
    said = words(page(public, "/scorecard/"))
    assert "Agreement reached 3 Air-Launched Unmanned Aerial Vehicle" in said
    assert "Fielded or in production 0 none" in said


def test_a_constraint_shows_law_exposure_waiver_and_each_side(public: Client) -> None:  # noqa: F811
    said = words(page(public, "/constraints/caatsa-231/"))
    assert "section 231" in said
    assert "Five S-400 systems from Russia" in said
    assert "Waiver proposed" in said
    assert "India The defence minister said that the S-400 purchase would go ahead." in said
    assert "United States The White House called the waiver narrow." in said


# --- needs and offers ------------------------------------------------------------------------------------------------


def test_needs_and_offers_are_paired_and_one_not_released_stays_with_those_who_may_see_it(
    sign_in: SignIn,  # noqa: F811
    public: Client,  # noqa: F811
) -> None:
    national, outside = sign_in("secretariat"), sign_in("public")
    made = fetched(national, "/needs.json")
    assert (made["total"], made["pairs"]) == (3, [{"of": "drone-net", "fits": "net-offer"}])
    assert "KEPTBACK sentence." in page(national, "/needs/")
    for browser in (outside, public):
        assert fetched(browser, "/needs.json")["total"] == 0
        assert "KEPTBACK" not in page(browser, "/needs/")
        assert "neither side has published its register" in page(browser, "/needs/")


# --- the two press reports -------------------------------------------------------------------------------------------


def test_every_statement_of_the_two_reports_is_told_and_every_link_answers(public: Client) -> None:  # noqa: F811
    made = fetched(public, "/press.json")
    statements = [each for report in made["reports"] for each in report["statements"]]
    assert made["counts"] == {"all": 31, "held": 26, "part": 2, "absent": 0, "context": 3}
    addresses = {one["url"] for each in statements for one in (*each["held"], *each["more"])}
    assert len(addresses) > 40
    for address in sorted(addresses):
        page(public, address)
    assert all(each["held"] for each in statements)
    assert all(each["confidence"] in CONFIDENCES for each in statements if each["id"] != "0.12")


CONFIDENCES = ("sourced", "single-source", "inferred", "unverified", "stated")
#: Statements of the reports that the history files do not list, found later.
LATER = ["0.17", "0.18", "2.13"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not beside this repository")
def test_the_page_holds_the_statements_that_the_history_lists() -> None:
    listed = re.findall(r"^\| (\d\.\d+) \|", (SHARED / "press-reports.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [each["id"] for each in press.stored()["statement"] if each["id"] not in LATER] == listed


def statements_of(browser: Client, address: str = "/press.json") -> dict[str, Any]:
    made = fetched(browser, address)
    return {each["id"]: each for report in made["reports"] for each in report["statements"]}


def test_held_is_what_is_there_for_the_reader_with_the_weakest_confidence(
    public: Client,  # noqa: F811
    sign_in: SignIn,  # noqa: F811
) -> None:
    visitor = statements_of(public)
    assert visitor["0.8"]["state"] == "part"
    assert visitor["0.8"]["not_here"] == ["Success definitions"]
    assert visitor["0.7"]["state"] == "part"
    assert statements_of(sign_in("secretariat"))["0.7"]["state"] == "held"  # needs that a visitor may not see
    assert (visitor["2.6"]["state"], visitor["2.6"]["confidence"]) == ("held", "inferred")
    assert (visitor["2.5"]["state"], visitor["2.5"]["confidence"]) == ("held", "sourced")
    assert (visitor["0.4"]["state"], visitor["0.4"]["confidence"]) == ("held", "single-source")
    assert (visitor["2.8"]["state"], visitor["2.8"]["confidence"]) == ("held", "single-source")  # by its row alone
    early = statements_of(public, "/press.json?on=2018-01-01")
    assert (early["0.9"]["state"], early["0.9"]["confidence"]) == ("absent", None)
    assert early["2.1"]["state"] != "held"
    said = words(page(public, "/press/"))
    assert "in full" in said
    assert "single source" in said
    assert "Not here" in words(page(public, "/press/"))
    assert "यहाँ नहीं" in words(page(public, "/hi/press/"))


def test_what_must_be_read_with_care_is_said(public: Client) -> None:  # noqa: F811
    by_id = statements_of(public)
    assert by_id["0.10"]["care"].startswith("The report can be taken to date this signature to December 2019")
    assert f"/differences/{code('difference', 'soi-1-date')}/" in [each["url"] for each in by_id["0.10"]["held"]]


def test_every_place_of_a_statement_is_one_that_the_packaged_record_can_hold() -> None:
    kept = {f"{item.kind}:{item.ref}": item.content for item in load()}
    for each in press.stored()["statement"]:
        assert each["links"]
        for text in (*each["links"], *each.get("more", ())):
            place = Place(text)
            assert place.page.partition("?")[0] in press.PAGES if place.page else place.record in kept, text
            assert not place.field or getattr(kept[place.record], place.field) not in (None, ()), text


def test_the_page_of_a_project_says_what_it_costs_and_who_shares_the_work(public: Client) -> None:  # noqa: F811
    said = words(page(public, f"/projects/{code('project', 'aluav')}/"))
    for one in ("over US$ 22 million", "shared equally", "50 %", "AFRL Aerospace Systems Directorate"):
        assert one in said
    assert "लागत" in words(page(public, f"/hi/projects/{code('project', 'aluav')}/"))


def test_both_languages_of_every_statement_are_there() -> None:
    stored = tomllib.loads(Path(press.__file__).parents[1].joinpath("press.toml").read_text(encoding="utf-8"))
    for each in (*stored["report"], *stored["statement"]):
        texts = [each, *(each[part] for part in ("care",) if part in each)]
        for text in texts:
            assert re.search("[\u0900-\u097f]", text["hi"]), each["id"]
            assert not re.search("[\u0900-\u097f]", text["en"]), each["id"]


# --- the front and the search ----------------------------------------------------------------------------------------


def test_the_front_counts_what_the_viewer_may_see(public: Client, sign_in: SignIn) -> None:  # noqa: F811
    def counts(browser: Client) -> dict[str, int]:
        made = fetched(browser, "/record.json")
        return {
            each["kind"]: each["count"] for column in made["columns"] for group in column for each in group["sections"]
        }

    published = defaultdict(int)
    for item in load():
        published[item.kind] += 1
    assert counts(public) == published
    assert counts(sign_in("secretariat"))["need"] == 3


def test_search_finds_what_holds_every_word_and_nothing_that_the_viewer_may_not_see(
    public: Client,  # noqa: F811
    sign_in: SignIn,  # noqa: F811
) -> None:
    found = fetched(public, "/search.json?q=aircraft carrier technology&kind=body")
    assert [row["ref"] for row in found["rows"]] == ["jwg-actc"]
    assert fetched(public, "/search.json?q=KEPTBACK")["total"] == 0
    assert fetched(sign_in("secretariat"), "/search.json?q=keptback")["total"] == 1


# --- how results are worked out --------------------------------------------------------------------------------------


def test_every_line_of_how_a_result_is_worked_out_has_its_hindi(public: Client) -> None:  # noqa: F811
    collection = reports.published()
    said = {line for name in reports.REPORTS for line in reports.report(name, collection).method}
    said |= {*between.METHOD, *count.METHOD}
    assert set(asked.methods()) == said
    assert asked.methods()["Working groups that a source counts and does not name stay unnamed."] in page(
        public, "/hi/bodies/dtti-group/"
    )
