"""All projects at once: board, table, timeline, files, portfolio, its paper; as many questions for 3 as for 60."""

import csv
import io
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.node import capitals
from tests.node.capitals import Capital

from dtti.accord import table
from dtti.demo.exercise import Exercise
from dtti.demo.exercise_projects import EXITS, STAGES
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.office import pipeline
from dtti.office.asking import Asking, Moment
from dtti.programme.kinds import KINDS

from .capitals import Serve, copied, serve, serve_side, sign_in  # noqa: F401 - fixtures
from .signing import Page

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("seeing")]


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Exercise]:
    """Both capitals; these tests write accounts alone."""
    yield from copied(tmp_path_factory, request)


@pytest.fixture
def node(serve_side: Serve) -> Node:  # noqa: F811
    return serve_side("IND")


@pytest.fixture
def officer(node: Node) -> Client:
    return sign_in(node, "working_group_co_chair", "IND/ex-project-officer")


def cards(browser: Client, query: str = "") -> dict[str, Any]:
    data = browser.get(f"/projects-board.json{query}").json()
    return {each["ref"]: each for column in data["stages"] + data["unstaged"] for each in column["cards"]}


def test_every_project_says_its_stage_who_is_awaited_and_what_is_at_rest(officer: Client) -> None:
    held = cards(officer)
    net, buoy, signal = held["ex-net"], held["ex-buoy"], held["ex-signal"]
    assert (net["stage"], net["on"], net["state"], net["asks"]) == ("shape", "IND", "ask", 1)
    (suspended,), (dormant,) = buoy["marks"], signal["marks"]
    assert suspended.startswith("suspended by the United States since ")
    assert dormant.startswith("dormant, no act since ")
    assert net["marks"] == held["ex-helmet"]["marks"] == []


@pytest.mark.parametrize(
    "address", ["/projects/", "/projects-board/", "/projects-board/?view=table", "/hi/projects/", "/search/?q=signal"]
)
def test_what_is_dormant_is_marked_wherever_it_stands(officer: Client, address: str) -> None:
    words = "निष्क्रिय" if address.startswith("/hi") else "dormant, no act since"
    said = officer.get(address).content.decode()
    assert words in said
    for page in ("/projects/ex-net/", "/asks/ex-ask-nominee/"):
        assert words not in officer.get(page).content.decode()


def test_views_keep_filters_and_files_hold_what_the_table_shows(officer: Client) -> None:
    page = Page(officer.get("/projects-board/?view=table&domain=naval"))
    ways = page.tree.xpath("//ul[@class='views']//a/@href")
    assert all("domain=naval" in each for each in ways[:3])
    told = {"ex-net", "ex-buoy", "ex-signal", "ex-harbour", "ex-survey"}
    staged = {each.ref for each in (*STAGES, *EXITS) if each.domain == "naval"}
    assert set(cards(officer, "?domain=naval")) == told | staged
    file = officer.get("/projects-board.csv?domain=naval")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert sum("Shipboard drone recovery net" in each[0] for each in rows if each) == 1
    assert officer.get("/projects-board.xlsx").content[:2] == b"PK"
    assert officer.get("/projects-board/?view=nonsense").status_code == 200


def test_the_portfolio_lists_cases_below_five_and_gives_no_statistic(officer: Client) -> None:
    held = officer.get("/portfolio.json").json()
    by_stage = {each["stage"]: each for each in held["ageing"]}
    left = [(each["ref"], each["open"]) for each in by_stage["execute"]["left"]]
    assert left == [("ex-flare", False), ("ex-goggle", False)]
    for each in held["ageing"]:
        few = each["n"] < pipeline.FEW
        assert (each["median"] is None, each["p85"] is None, len(each["left"])) == (few, few, each["n"] if few else 0)
    assert {each["median"] is None for each in held["ageing"]} == {True, False}
    assert {each["ref"] for each in by_stage["shape"]["open"]} == {"ex-net", "ex-stretcher", "ex-mooring"}
    assert (held["dormant"]["days"], held["dormant"]["confidence"]) == (183, "inferred")
    page = Page(officer.get("/portfolio/"))
    assert "Common signal book for small boats" in page.text
    assert "National, not released" in page.text


def test_the_portfolio_is_one_page_of_paper_and_says_what_it_rests_on(officer: Client, node: Node) -> None:
    for language, count in (("en", 1), ("both", 2)):
        pdf = officer.get(f"/portfolio/papers/portfolio.{language}.pdf")
        assert pdf.status_code == 200
        made = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf.content, capture_output=True, check=True)
        said = made.stdout.decode()
        assert said.count("\f") == count
        assert "Shipboard drone recovery net" in said
        assert "National, not released" in said
    public = Client().get("/portfolio/papers/portfolio.en.pdf")
    told = subprocess.run(
        ["pdftotext", "-", "-"], input=public.content, capture_output=True, check=True
    ).stdout.decode()
    assert "ex-net" not in told
    assert "entry" not in told


# --- the same few questions whatever the number of projects ----------------------------------------------------------


def _project(number: int) -> dict[str, Any]:
    day = date(2026, 1, 1) + timedelta(days=number)
    stages = [{"stage": "proposed", "entered": day.isoformat()}]
    left = [{"stage": "exploring", "entered": (day + timedelta(days=10 + number)).isoformat()}]
    return {
        "ref": f"p-{number}", "name": f"Project {number}", "in_dtti": True, "stages": [*stages, *left],
    }  # fmt: skip


def _state(capital: Capital, kind: str, content: dict[str, Any], ledger: str = "released") -> None:
    paper = text.Paper(f"X/{content['ref']}", "2026-01-01") if KINDS[kind].mode == "joint" else None
    terms = table.State(basis="paper") if paper else table.State(base=0)
    body = text.Text(content=KINDS[kind].tidy(content), paper=paper)
    capital.write("state", new_record(kind, capital.side), terms, body, ledger=ledger)


PAGES = ("/projects-board/", "/projects-board/?view=table", "/projects-board/?view=timeline", "/portfolio/")


@pytest.mark.long
def test_pipeline_and_portfolio_ask_as_much_for_three_projects_as_for_sixty(
    tmp_path: Any, settings: Any, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
    made = capitals.found(tmp_path / "ind", "IND")
    (tmp_path / "ind" / "keys" / "passphrase").write_text(capitals.PASSPHRASE.decode())
    _state(made, "office", {"ref": "IND/other", "side": "IND", "title": "Another office"})
    counts: dict[int, dict[str, int]] = {}
    started = 0
    for many in (3, 60):
        for number in range(started, many):
            _state(made, "project", _project(number))
            ask = {
                "ref": f"a-{number}", "side": "IND", "office": "IND/ex-sec", "of": "IND/other", "what": "comments",
                "about": f"project:p-{number}", "text": "?", "asked_on": datetime.now(UTC).date().isoformat(),
            }  # fmt: skip
            if number < 20:
                _state(made, "ask", ask, ledger="national")
        started = many
        opened = serve(settings, made.node)
        settings.DEMONSTRATION = True
        browser = sign_in(opened, "co_chair", made.office)
        run, asked = opened.projection.engine.run, [0]

        def counting(*given: Any, run: Any = run, asked: list[int] = asked) -> Any:
            asked[0] += 1
            return run(*given)

        counts[many] = {}
        for address in PAGES:
            opened.projection._kept_at = []  # nothing is kept of an earlier answer
            monkeypatch.setattr(opened.projection.engine, "run", counting)
            asked[0] = 0
            assert browser.get(address).status_code == 200
            counts[many][address] = asked[0]
            monkeypatch.setattr(opened.projection.engine, "run", run)
    assert counts[3] == counts[60]
    held = pipeline.ageing(pipeline.pipeline(Asking(opened, Viewer("IND", national=True), Moment()), {}))
    identify = held[0]
    # 60 projects left after 10, 11 ... 69 days: half of them within 39, 85 in 100 within 60.
    assert (identify.n, identify.median, identify.p85) == (60, 39, 60)
    assert len(held[1].open) == 60
    made.node.close()


# --- dates known between two days ------------------------------------------------------------------------------------


def test_what_is_known_between_two_days_is_drawn_and_told_between_them(
    tmp_path: Any, settings: Any, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
    made = capitals.found(tmp_path / "ind", "IND")
    (tmp_path / "ind" / "keys" / "passphrase").write_text(capitals.PASSPHRASE.decode())
    horizons = [{"statement": "first", "horizon": "near", "promised": "[2027-01..2027-06]"}]
    _state(
        made,
        "instrument",
        {
            "ref": "first",
            "name": "A list",
            "type": "statement-of-intent",
            "lines_known": False,
            "binding": "not-stated",
            "implementation": "unknown",
        },
    )
    stages = [
        {"stage": "proposed", "entered": "[2024-11..2025-02]"},
        {"stage": "exploring", "entered": "[2025-06-01..]"},
    ]
    _state(made, "project", {"ref": "net", "name": "A net", "in_dtti": True, "stages": stages, "horizons": horizons})
    opened = serve(settings, made.node)
    settings.DEMONSTRATION = True
    browser = sign_in(opened, "co_chair", made.office)
    for address in ("/projects-board/?view=timeline", "/portfolio/"):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert "between Jan 2027 and Jun 2027" in Page(answer).text, address
    assert browser.get("/portfolio/papers/portfolio.en.pdf").content[:5] == b"%PDF-"
    story = browser.get("/projects/net.json").json()["story"]["lines"]
    assert [(each["sort"], each["on"]) for each in story if each["sort"] == "stage"] == [
        ("stage", "[2025-06-01..]"),
        ("stage", "[2024-11..2025-02]"),
    ]
    asking = Asking(opened, Viewer("IND", national=True), Moment())
    (passed,) = [one.passed for one in pipeline.pipeline(asking, {}).projects]
    assert passed[0].left == (date(2025, 6, 1), datetime.now(UTC).date())
    made.node.close()
