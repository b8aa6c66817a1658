"""Who may do what at a page: every form that can be sent, by every duty and purpose, held against ``duties.toml``.

The table is read here by itself and asked in the plainest way, so that a page which forgets to ask, a purpose with too
wide a question, and a page that nobody listed are all found by the same walk.
"""

import re
import tomllib
from importlib import resources
from typing import Any

import pytest
from django.test import Client

from dtti.accord import table
from dtti.demo.exercise import Exercise
from dtti.ledger import act as acts
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core import text
from dtti.node.core.draft import Draft, new_record
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.people import models, seats
from dtti.node.people.models import Authorship, Person
from dtti.node.record import read
from dtti.programme import kinds
from dtti.web import permits
from dtti.web.accounts.guard import STAGED

from .capitals import exercise, serve_side  # noqa: F401 - fixtures
from .routes import routes

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("permissions")]

DUTIES = tomllib.loads(resources.files("dtti.node.people").joinpath("duties.toml").read_text(encoding="utf-8"))
OFFICE = "IND/ex-secretary"  # one office for all, with every power: only the duty tells them apart

#: What each page that writes asks of a duty: the verbs of which it needs one, by the purpose in its address.
ASKS: dict[str, dict[str, tuple[str, ...]]] = {
    "agree": {"": ("accept",)},
    "send_back": {"": ("send_back",)},
    "withdraw": {"": ("withdraw",)},
    "late": {"": ("withdraw",)},
    "hand_over": {"": ("hand_over",)},
    "request_pen": {"": ("request_pen",)},
    "remark": {"": ("comment",)},
    "remark_to_other": {"": ("comment",)},
    "notice": {"": ("notice",)},
    "release": {"": ("release",)},
    "make_public": {"": ("make_public",)},
    "confirm_paper": {"": ("state",)},
    "show_draft": {"": ("draft",)},
    "check_draft": {"propose": ("propose",), "counter": ("send_back",), "state": ("state",), "paper": ("state",)},
}
#: Pages of no record: what they ask, they ask of this side's offices.
INSIDE = {"ask_seat": ("seat",), "confirm_seat": ("seat",), "restrict": ("restrict",)}
ASKS |= {name: {"": verbs} for name, verbs in INSIDE.items()}
for _page in ("meeting_carry", "meeting_days", "meeting_notes", "meeting_word"):
    ASKS[_page] = {"": ("draft", "propose")}
ASKS["meeting_answers"] = {"": ("draft", "state")}
ASKS["meeting_announce"] = {"": ("draft", "propose")}
ASKS["project_stage"] = {"": ("draft", "propose")}
ASKS["disposition_agenda"] = {"": ("draft", "propose")}
ASKS["recommendation_step"] = {"": ("draft", "state")}
#: Pages of one office: nobody of another is told that they are there.
OF_THE_FORUM = ("intake", "industry_accounts")
ASKS |= {name: {"": ("draft", "state")} for name in OF_THE_FORUM}
for _page in ("project_suspend", "project_resume", "project_leave"):
    ASKS[_page] = {"": ("notice",)}
#: Pages on whose form a report on an action is written, whatever the record in their address.
REPORTING = ("report-action", "report-commitment", "verify-report", "report-draft", "bring-in-actions")
ASKS |= {name: {"": ("draft", "state")} for name in REPORTING}
#: Short forms at the page of a project, and the kind of record that each writes.
OF_A_PROJECT = dict.fromkeys(("project-reading", "project-assessment"), "measurement") | {
    "project-milestone": "plan_report",
    **dict.fromkeys(("lane_step", "step-draft"), "national_step"),
}
ASKS |= {name: {"": ("draft", "state")} for name in OF_A_PROJECT}
#: Files that are brought in may become drafts of any kind.
ANYTHING = dict.fromkeys(("bring", "brought"), ("draft", "propose", "send_back", "state")) | {
    "brought_check": ("state",)
}
ASKS |= {name: {"": verbs} for name, verbs in ANYTHING.items()}
for _page in ("draft", "autosave", "choose"):
    ASKS[_page] = {purpose: ("draft", *verbs) for purpose, verbs in ASKS["check_draft"].items()}


def may(duty: str, verbs: tuple[str, ...], kind: str) -> bool:
    """What the table says, in the plainest reading."""
    row = DUTIES[duty]
    said = {kind, "all", "joint"} if kind in kinds.KINDS and kinds.KINDS[kind].mode == "joint" else {kind, "all"}
    return any(
        verb in line["verbs"] and said & set(line["kinds"])
        for line in row["may"]
        for verb in verbs
        if verb not in row["never"] and "all" not in row["never"]
    )


FILLED = {"what": "consider", "field": "ref", "text": "record", "code": "z" * 16, "kind": "need"}


def addresses(name: str, purpose: str) -> list[str]:
    """Routes of the page of that name, its JSON twin among them, with the purpose filled in."""
    filled = {"purpose": purpose, **FILLED}
    return [
        "/" + re.sub(r"<slug:(\w+)>", lambda part: filled.get(part[1], part[0]), route)
        for found, route in routes()
        if found.removesuffix("-json") == name
    ]


@pytest.fixture
def node(serve_side: Any) -> Node:  # noqa: F811
    return serve_side("IND")


def seat(node: Node, duty: str, office: str = OFFICE, user: str = "") -> Client:
    """A browser of someone with a duty in an office."""
    username = user or f"walks.{duty}".replace("_", "-")
    person, made = Person.objects.get_or_create(
        username=username, defaults={"full_name": f"{duty} (exercise)", "fictitious": True}
    )
    if made:
        seats.give_seat(node, person, office, duty)
    browser = Client()
    browser.force_login(person)
    session = browser.session
    session[STAGED] = True
    session.save()
    return browser


def record(node: Node, kind: str, label: str) -> str:
    """The code of a staged record of a kind that was told (released) or kept (national)."""
    rows = read.listing(node, Viewer("IND", national=True), kind, count=500).rows
    return next(row.code for row in rows if row.label == label and row.side == "IND")


def keep_national(exercise: Exercise, kind: str) -> str:  # noqa: F811
    """A national record of a kind, in the words of a released one; its code."""
    desk = exercise.ind_sec
    rows = read.listing(desk.node, Viewer("IND"), kind, count=500).rows
    row = next(row for row in rows if row.label == "released" and row.side == "IND" and row.text_state == "held")
    content = read.state(desk.node, Viewer("IND"), row.record)[1]  # type: ignore[index]
    made = new_record(kind, "IND")
    terms = table.State(basis="own") if kind not in ("need", "event") else table.State(base=0)
    desk.pair.clock.later()
    desk.node.write(
        Draft(
            "state",
            made,
            terms,
            desk.office,
            (text.Text(content={**content, "ref": f"kept-{made[-6:]}"}),),
            ledger="national",
        )
    )
    return made.rsplit("/", 1)[1]


SENT: list[dict[str, str]] = [{}, {"kept": "no", "confirm": "yes"}, {"show": "yes"}]


# --- the walk --------------------------------------------------------------------------------------------------------


def test_every_page_that_takes_a_form_is_listed_and_asked_about(node: Node):
    browser = seat(node, "co_chair")
    taking = set()
    for name, route in routes():
        path = "/" + route
        for given, value in (
            ("<slug:section>", "projects"),
            ("<slug:purpose>", "propose"),
            ("<slug:name>", "zzzzzzzzzzzzzzzz"),
            ("<slug:act>", "0" * 64),
            ("<slug:identity>", "0" * 64),
            ("<slug:what>", "consider"),
            ("<slug:code>", "zzzz"),
        ):
            path = path.replace(given, value)
        path = re.sub(r"<int:\w+>", "1", path)
        path = re.sub(r"<(?:\w+:)?\w+>", "x", path)
        if browser.post(path, {}).status_code != 405:
            taking.add(name.removesuffix("-json"))
        browser = seat(node, "co_chair")  # a page may have signed it out
    assert taking == set(permits.ACCOUNTS) | set(permits.WRITING) | permits.ROOM
    assert set(permits.WRITING) == set(ASKS)


KINDS = [
    "project",
    *(pytest.param(kind, marks=pytest.mark.sweep) for kind in ("success_definition", "need", "meeting")),
]


@pytest.mark.parts(3)
@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("duty", DUTIES)
def test_what_gets_past_is_what_the_table_allows(node: Node, duty: str, kind: str):
    browser = seat(node, duty)
    size = {name: node.store.size(name) for name in (RELEASED, NATIONAL)}
    code = record(node, kind, "released")
    for name, purposes in ASKS.items():
        of = "office" if name in INSIDE else "action_report" if name in REPORTING else kind
        of = OF_A_PROJECT.get(name, of)
        if name == "meeting_announce":
            of = "readout"
        if name.startswith("project_"):
            of = "project"
        if name in ("recommendation_step", *OF_THE_FORUM):
            of = "recommendation"
        if name in ("meeting_carry", "disposition_agenda"):
            of = "meeting"
        if name == "meeting_answers":
            of = "delegation"
        if name in ANYTHING:
            of = next((one for one in kinds.KINDS if may(duty, ANYTHING[name], one)), kind)
        for purpose, verbs in purposes.items():
            for address in addresses(name, purpose):
                # In Hindi and as JSON it is the same page: there each address is tried once, and in a sweep every way.
                once = address.endswith(".json") or (address.startswith("/hi/") and kind == "project")
                for sent in SENT[:1] if once else SENT:
                    if may(duty, verbs, of) and "confirm" in sent:
                        continue  # it may be written, and is, elsewhere
                    if may(duty, verbs, of) and "show" in sent and purpose == "propose":
                        continue
                    models.Draft.objects.all().delete()
                    path = address.replace("<slug:name>", code).replace("<slug:act>", "0" * 64)
                    path = path.replace("<path:number>", "1")
                    status = browser.post(path, sent).status_code
                    allowed = may(duty, verbs, of)
                    if name == "release" and duty != "industry_submitter":
                        assert status == (404 if allowed else 403), (address, kind, sent)
                    elif "show" in sent and name == "draft" and duty != "industry_submitter":
                        assert status == 403, (address, kind, sent)
                    elif duty == "industry_submitter":  # as to a stranger
                        assert status == Client().post(path, sent).status_code, (address, kind, sent, status)
                        assert status in (302, 401, 404), (address, kind, sent, status)
                    elif name in OF_THE_FORUM:
                        assert status in (403, 404), (address, kind, sent, status)
                    else:
                        assert (status != 403) == allowed, (address, kind, sent, status)
    assert {name: node.store.size(name) for name in size} == size
    assert Authorship.objects.count() == 0


@pytest.mark.parametrize("kind", ["project", pytest.param("need", marks=pytest.mark.sweep)])
@pytest.mark.parametrize("duty", ["co_chair", "secretariat", "working_group_co_chair", "disclosure_officer"])
def test_a_national_text_leaves_by_release_and_by_nothing_else(
    exercise: Exercise,  # noqa: F811
    node: Node,
    duty: str,
    kind: str,
):
    browser = seat(node, duty)
    code = keep_national(exercise, kind)
    node.settle()
    released = node.store.size(RELEASED)
    for name, purposes in ASKS.items():
        for purpose in purposes if name != "release" else ():
            for sent in SENT:
                path = addresses(name, purpose)[0].replace("<slug:name>", code)
                browser.post(
                    path, {**sent, "remarks": "a remark", "firm": "yes", "notice": "suspend", "reason": "funding"}
                )
    assert node.store.size(RELEASED) == released
    told = {acts.open_leaf(leaf).act.record.rpartition("/")[2] for leaf in node.store.leaves(RELEASED)}
    assert code not in told
