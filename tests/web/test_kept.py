"""What is kept to a restricted group from the forms: written within it, marked so, and found by no other office."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from tests.node.capitals import VERBS, project

from dtti.accord import table, table_2
from dtti.ledger import act as acts
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core import groups, text
from dtti.node.core.draft import Draft, new_record
from dtti.node.folder.codes import new_code
from dtti.node.people import models

from .signing import Page, Signing, built, press, sign_in, signing  # noqa: F401 - fixtures
from .test_leaks import Samples, answers, differing

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("signing")]

PLANTED = "PLANTED-NATIONAL-IND"
CELL = "Quetzal cell"
SINCE = "2020-01-01T00:00:00Z"
NEED = {
    "ref": "ex-kept",
    "type": "need",
    "side": "IND",
    "title": f"{PLANTED} net",
    "user": "Navy",
    "capability": "Look",
}


@dataclass
class Inside:
    """India's pages, a member of a group and someone in another office; the released need that both see."""

    signing: Signing
    group: str
    member: Client
    outside: Client
    other: str
    told: str

    @property
    def last(self) -> acts.Act:
        """The act that stands last in the national ledger."""
        store = self.signing.node.store
        return acts.open_leaf(store.leaf(NATIONAL, store.size(NATIONAL) - 1)).act

    def begin(self, section: str, form: dict[str, str]) -> tuple[str, str]:
        """A new record's form answered and kept; its code, and the page that checks it."""
        path = self.member.get(f"/work/new/{section}/")["Location"]
        code, purpose = path.split("/")[2], path.split("/")[4]
        answer = self.member.post(path, form)
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return code, f"/work/{code}/check/{purpose}/"

    def kept_need(self) -> str:
        """A need kept to the group, as its form writes it; its code."""
        code, check = self.begin("needs", {**NEED, "kept": self.group})
        assert press(self.member, check).status_code == 302
        return code

    def project(self) -> tuple[str, str]:
        """A project of this side alone, a report on it that is to be kept to the group; its code, and the check."""
        india, record = self.signing.ind, new_record("project", "IND")
        india.node.write(
            Draft(
                "state",
                record,
                table.State(basis="own"),
                india.office,
                (text.Text(content=project("ex-kept")),),
                ledger=NATIONAL,
            )
        )
        self.signing.node.settle()
        code = record.rsplit("/", 1)[1]
        answer = self.member.post(f"/work/{code}/draft/paper/", {**PROJECT, "kept": self.group})
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return code, f"/work/{code}/check/paper/"


@pytest.fixture
def inside(signing: Signing) -> Inside:  # noqa: F811
    india, other = signing.ind, new_record("office", "IND")
    grants = [
        table_2.Grant(2, ["all"], other, SINCE, [*VERBS, "restrict"]),
        table_2.Grant(3, ["all"], india.office, SINCE, ["restrict"]),
    ]
    india.node.write(Draft("power", terms=table_2.Power(grants=grants)))
    content = {"ref": "IND/ex-other", "side": "IND", "title": "Another desk"}
    india.node.write(Draft("state", other, table.State(base=0), other, (text.Text(content=content),)))
    code = new_code()
    members = [table_2.Member(india.office, SINCE)]
    india.node.write(groups.draft(india.office, code, members, title=CELL, reason=f"{PLANTED} reason"))
    told = new_record("need", "IND")
    content = {**NEED, "ref": "ex-told", "title": "A told need"}
    india.node.write(Draft("state", told, table.State(base=0), india.office, (text.Text(content=content),)))
    signing.swap()
    outside = sign_in(signing.node, other, "co_chair", "Outsider Rao (exercise)")
    return Inside(signing, code, signing.browser, outside, other, told.rsplit("/", 1)[1])


def options(page: Page) -> list[str]:
    return [str(each) for each in page.tree.xpath("//input[@name='kept']/@value")]


def test_the_form_offers_this_side_alone_first_then_each_group_of_the_office(inside: Inside):
    path = inside.member.get("/work/new/needs/")["Location"]
    assert options(Page(inside.member.get(path))) == ["yes", inside.group, "no"]
    assert f"Kept to {CELL}" in Page(inside.member.get(path)).text
    path = inside.outside.get("/work/new/needs/")["Location"]
    assert options(Page(inside.outside.get(path))) == ["yes", "no"]
    path = inside.member.get("/work/new/projects/")["Location"]  # to be offered: it goes to the other side
    assert options(Page(inside.member.get(path))) == []
    assert inside.member.post(path, {**PROJECT, "kept": inside.group}).status_code in (409, 422)
    remark = f"/work/{inside.told}/remark/"
    assert options(Page(inside.member.get(remark))) == ["yes", inside.group]
    assert options(Page(inside.outside.get(remark))) == []
    # what both sides know of can be kept to a group too: its versions are counted by whoever reads them
    assert options(Page(inside.member.get(f"/work/{inside.told}/draft/state/"))) == ["yes", inside.group, "no"]
    assert options(Page(inside.outside.get(f"/work/{inside.told}/draft/state/"))) == ["yes", "no"]


PROJECT = {**project("ex-kept"), "name": f"{PLANTED} net", "in_dtti": "yes", "text_basis": "own"}


@pytest.mark.parametrize("section", ["needs", "projects"])
def test_a_text_is_written_within_the_group_that_its_page_shows(inside: Inside, section: str):
    if section == "needs":
        code, check = inside.begin(section, {**NEED, "kept": inside.group})
    else:
        code, check = inside.project()
    (held,) = models.Draft.objects.filter(record__endswith=code)
    assert held.particulars["kept"] == inside.group
    page = Page(inside.member.get(check))
    assert f"Kept to {CELL}" in page.text
    assert f"{CELL} ({inside.group})" in page.text
    assert inside.group in page.raw
    told = inside.signing.node.store.size(RELEASED)
    assert press(inside.member, check).status_code == 302
    assert (inside.last.verb, inside.last.terms["group"]) == ("state", inside.group)
    assert inside.signing.node.store.size(RELEASED) == told
    for path in (f"/{section}/", f"/{section}/{code}/", f"/work/{code}/", f"/search/?q={PLANTED}", "/"):
        for prefix, marks in (("", ("National, not released", f"Kept to {CELL}")), ("/hi", (CELL, "केवल"))):
            shown = inside.member.get(prefix + path).content.decode()
            assert all(mark in shown for mark in marks), prefix + path
    entry = Page(inside.member.get(f"/record/acts/{held_act(inside)}/")).text
    assert f"Kept to {CELL}" in entry
    assert inside.group in entry


def held_act(inside: Inside) -> str:
    """The id of the act that stands last in the national ledger."""
    store = inside.signing.node.store
    return acts.open_leaf(store.leaf(NATIONAL, store.size(NATIONAL) - 1)).id


def test_what_is_written_on_a_kept_record_stays_within_its_group_whatever_is_sent(inside: Inside):
    code = inside.kept_need()
    form = Page(inside.member.get(f"/work/{code}/draft/state/"))
    assert options(form) == []
    assert f"Kept to {CELL}" in form.text
    for kept in ("no", "yes", ""):
        sent = {**NEED, "capability": f"{PLANTED} {kept or 'none'}", "kept": kept}
        assert inside.member.post(f"/work/{code}/draft/state/", sent).status_code == 302
        assert press(inside.member, f"/work/{code}/check/state/").status_code == 302
        assert (inside.last.verb, inside.last.terms["group"]) == ("state", inside.group)
    assert options(Page(inside.member.get(f"/work/{code}/remark/"))) == []
    assert press(inside.member, f"/work/{code}/remark/", remarks=PLANTED, kept="yes").status_code == 302
    assert (inside.last.verb, inside.last.terms["group"]) == ("comment", inside.group)


def test_a_remark_kept_to_a_group_closes_no_record_that_was_open(inside: Inside):
    code, check = inside.begin("needs", {**NEED, "ref": "ex-open", "title": "Open net", "kept": "yes"})
    assert press(inside.member, check).status_code == 302
    for record in (inside.told, code):
        path = f"/work/{record}/remark/"
        asked = Page(inside.member.post(path, {"remarks": PLANTED, "kept": inside.group, "check": "yes"}))
        assert f"Only offices in {CELL} read this remark" in asked.text
        assert press(inside.member, path, remarks=PLANTED, kept=inside.group).status_code == 302
        assert (inside.last.verb, inside.last.terms.get("group")) == ("comment", inside.group)
        shown = inside.outside.get(f"/work/{record}/")
        assert shown.status_code == 200
        assert press(inside.outside, path, remarks="All of us").status_code == 302
        assert "group" not in inside.last.terms


def test_a_group_of_which_the_office_is_no_member_is_refused_and_never_falls_open(inside: Inside):
    size = inside.signing.sizes()
    strange = [new_code(), inside.group, "x" * 16]
    for group in strange:
        path = inside.outside.get("/work/new/needs/")["Location"]
        refused = inside.outside.post(path, {**NEED, "kept": group})
        assert refused.status_code in (409, 422), group
        assert CELL not in refused.content.decode()
        assert models.Draft.objects.count() == 0
        remark = inside.outside.post(f"/work/{inside.told}/remark/", {"remarks": "x", "kept": group, "confirm": "yes"})
        assert remark.status_code in (409, 422)
    _, check = inside.begin("needs", {**NEED, "kept": inside.group})
    leave(inside)
    assert inside.member.get(check).status_code == 404
    assert press(inside.member, check).status_code == 404
    assert inside.signing.sizes()[RELEASED] >= size[RELEASED]
    assert inside.last.verb != "state"


def leave(inside: Inside) -> None:
    """The office leaves the group, and another office stays in it."""
    since = [
        table_2.Member(inside.signing.ind.office, SINCE, "2021-01-01T00:00:00Z"),
        table_2.Member(inside.other, SINCE),
    ]
    office = inside.signing.ind.office
    inside.signing.node.write(groups.draft(office, inside.group, since, title=CELL, reason="Leaves"))


def test_a_draft_of_what_is_kept_is_closed_once_the_office_has_left_the_group(inside: Inside):
    code = inside.kept_need()
    path = f"/work/{code}/draft/state/"
    sent = {**NEED, "capability": f"{PLANTED} draft"}
    assert inside.member.post(path, sent).status_code == 302
    assert PLANTED in inside.member.get("/").content.decode()
    leave(inside)
    for where in (path, f"/work/{code}/check/state/", f"/work/{code}/"):
        assert inside.member.get(where).status_code == 404
    assert inside.member.post(path, sent).status_code == 404
    assert inside.member.post(f"{path}save", sent).status_code in (403, 404)
    assert PLANTED not in inside.member.get("/").content.decode()
    assert inside.outside.get(f"/work/{code}/").status_code == 200


@pytest.mark.long
def test_an_office_outside_finds_nothing_of_it_on_any_page(inside: Inside):
    node = inside.signing.node
    node.settle()
    samples = Samples(node)
    before = answers(inside.outside, samples)
    hidden = [inside.kept_need()]
    assert press(inside.member, f"/work/{hidden[0]}/remark/", remarks=f"{PLANTED} inside").status_code == 302
    told = f"/work/{inside.told}/remark/"
    assert press(inside.member, told, remarks=f"{PLANTED} told", kept=inside.group).status_code == 302
    assert inside.member.post(f"/work/{hidden[0]}/draft/state/", {**NEED, "user": PLANTED}).status_code == 302
    inside.begin("needs", {**NEED, "ref": "ex-third", "kept": inside.group})
    after = answers(inside.outside, samples)
    secrets = [*hidden, inside.group, *(one for one in Samples(node).national if one not in samples.national)]
    for path, (status, body) in after.items():
        assert status < 500, path
        said = body if "PLANTED" not in path else body.replace(b"PLANTED", b"")
        at = said.find(PLANTED.encode())
        assert at < 0, (path, said[at - 200 : at + 100])
        assert CELL.encode() not in said, path
        assert [one for one in secrets if one.encode() in body] == [], path
    differs = differing(_without_keys(before), _without_keys(after))
    assert [(path, *each) for path, each in differs.items() if not _moves(path)] == []
    absent: Any = [inside.outside.get(f"/work/zzzzzzzzzzzzzzzz/{each}").status_code for each in DOORS]
    code, check = inside.project()
    assert inside.outside.get(f"/work/{code}/").status_code == 200  # until it is kept to the group
    assert press(inside.member, check).status_code == 302
    for path in (
        "/",
        "/projects/",
        "/projects.json",
        f"/search/?q={PLANTED}",
        "/record/?ledger=national",
        "/feed.json",
    ):
        body = inside.outside.get(path).content.decode().replace(f"?q={PLANTED}", "").replace(f"q={PLANTED}", "")
        assert code not in body, path
    for one in (*hidden, code):
        assert [inside.outside.get(f"/work/{one}/{each}").status_code for each in DOORS] == absent


def state(browser: Client, code: str, kept: str, said: str) -> None:
    """State the next version of a need through its form."""
    path = f"/work/{code}/draft/state/"
    content = {**NEED, "ref": "ex-told", "title": "A told need", "capability": said}
    assert browser.post(path, {**content, "kept": kept}).status_code == 302
    assert press(browser, f"/work/{code}/check/state/").status_code == 302


@pytest.mark.long
def test_a_text_on_what_both_sides_know_is_kept_to_a_group_and_nobody_else_can_tell(inside: Inside):
    node, code = inside.signing.node, inside.told
    state(inside.outside, code, "yes", "One for all of us")
    assert inside.last.terms == {"base": 0}
    samples, told = Samples(node), node.store.size(RELEASED)
    before = answers(inside.outside, samples)
    state(inside.member, code, inside.group, f"{PLANTED} one")
    assert inside.last.terms == {"base": 1, "group": inside.group}
    state(inside.member, code, inside.group, f"{PLANTED} two")
    assert inside.last.terms == {"base": 2, "group": inside.group}
    assert node.store.size(RELEASED) == told
    shown = Page(inside.member.get(f"/work/{code}/")).text
    assert "Kept inside" in shown
    assert f"Kept to {CELL}" in shown
    assert inside.member.get(f"/record/acts/{held_act(inside)}/").status_code == 200
    assert inside.outside.get(f"/record/acts/{held_act(inside)}/").status_code == 404
    after = answers(inside.outside, samples)
    for path, (status, body) in after.items():
        said = body if "PLANTED" not in path else body.replace(b"PLANTED", b"")
        assert status < 500
        assert PLANTED.encode() not in said, path
        assert not [one for one in (inside.group, CELL, held_act(inside)) if one.encode() in body], path
    differs = differing(_without_keys(before), _without_keys(after))
    assert [(path, *each) for path, each in differs.items() if not _moves(path)] == []
    check = f"/work/{code}/check/state/"
    sent = {**NEED, "ref": "ex-told", "title": "A told need", "capability": "Two for all of us", "kept": "yes"}
    assert inside.outside.post(f"/work/{code}/draft/state/", sent).status_code == 302
    page = inside.outside.get(check).content.decode()
    assert PLANTED not in page
    assert inside.group not in page
    assert press(inside.outside, check).status_code == 302
    assert inside.last.terms == {"base": 1}  # it follows what its readers read: no number is missing to them
    state(inside.member, code, inside.group, f"{PLANTED} three")
    assert inside.last.terms == {"base": 3, "group": inside.group}
    record = inside.last.record
    stood = node.book.view(record, NATIONAL)
    node.book.reload()
    assert node.book.view(record, NATIONAL) == stood  # judged anew, it is the same


DOORS = ("", "draft/state/", "check/state/", "draft/paper/", "remark/", "release/", "remark-to-the-other-side/")


def _without_keys(found: dict[str, tuple[int, bytes]]) -> dict[str, tuple[int, bytes]]:
    """Answers without the key that each form draws anew."""
    return {
        path: (status, re.sub(rb'name="nonce" value="[0-9a-f]{64}"', b"", body))
        for path, (status, body) in found.items()
    }


def _moves(path: str) -> bool:
    """Pages that differ anyway: forms of acts carry a seed; the size of the national ledger is known to its readers."""
    path = path.removeprefix("/hi")
    return (path.startswith("/work/") and path.strip("/").count("/") > 1) or path.startswith(
        ("/record/entries", "/record/check", "/status", "POST /record/check/")
    )
