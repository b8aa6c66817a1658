"""Every form for a task (not for a record: test_forms walks those), in both languages: empty, wrong and right answers.

Whatever is wrong is said at once, in the words of the page, above the form and at its field. The forms are found from
the addresses that take something; one that is not in the table below fails.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

from dtti.demo.exercise import Exercise
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.record import read
from dtti.web import permits

from .capitals import Serve, copied, serve_side, sign_in  # noqa: F401 - fixtures
from .test_forms import CODED, LANGUAGES, Form

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.xdist_group("task_forms")]

#: What takes something and is no form for a task, or is walked where it can be staged.
ELSEWHERE = {
    "draft": "the form of a record: test_forms",
    "autosave": "the same, while one types",
    "choose": "the same, on a page of its own",
    "confirm_paper": "is there only where the other side reported the same paper: test_binding",
    "late": "is there only where an answer came late: test_late",
    "confirm_seat": "one button and nothing to fill in: test_people",
    "brought_check": "one button and nothing to fill in: test_bringing",
    "mail": "needs a mail server: test_mail",
    "meeting_carry": "one button and nothing to fill in: test_meeting_unsaid",
    "lane_step": "is walked with empty, wrong and right answers in test_lanes",
    "step-draft": "the same form, on a step that was begun: test_lanes",
    "project_resume": "is there only where this side has suspended: test_binding, test_once, two_nodes/test_exits",
    "recommendation_step": "is there only where a recommendation is: test_forum",
    "intake": "one choice, for the office of the forum alone: test_forum",
    "industry_accounts": "for the office of the forum alone: test_forum",
    "disposition_agenda": "one button and nothing to fill in: test_forum",
    "industry_send": "for industry alone: test_forum",
    "industry_say": "for industry alone: test_forum",
    "see_as": "one button and nothing to fill in: test_seeing",
    "watch": "one button and nothing to fill in: test_desk",
    "office_passkeys": "needs a device: test_passkeys_browser",
    "csp_report": "sent by browsers",
    "check": "takes a file of proof from anyone: test_explorer",
    "integrity": "one button and nothing to fill in: test_explorer",
}
ACCOUNTS = re.compile(r"(account|mfa|demo)_")  # test_accounts_words walks these
PERSON = re.compile(r"[a-z_]+ \(exercise\)")  # who sits there, by the name that a test gives
#: Not words of a language: programme, sides, zones, references, files, what carries a figure.
SIGNS = re.compile(
    r"\b(?:DTTI|UTC|IST|E[SD]T|[A-Z]{3}|JSON|PDF|XLSX|CSV|ICS|Word|Excel|MB|holidays)\b|\.ics|\S*\d\S*|[\w.]+(?:[-/_.:@]\w+)+"
)


class Staged:
    """Both capitals, and whoever sits down at one of them."""

    def __init__(self, exercise: Exercise, serve_side: Serve) -> None:  # noqa: F811
        self.exercise, self._serve = exercise, serve_side
        self.node: Node = exercise.pair.nodes["IND"]

    def sit(self, side: str, duty: str) -> Client:
        self.node = self._serve(side)
        return sign_in(self.node, duty)

    def code(self, name: str) -> str:
        return self.exercise.records[name].rpartition("/")[2]


@pytest.fixture
def staged(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest, serve_side: Serve) -> Staged:  # noqa: F811
    return Staged(request.getfixturevalue("exercise"), serve_side)


@pytest.fixture
def exercise(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Any:
    """Two capitals of its own for each test: what is right is sent."""
    yield from copied(tmp_path_factory, request)


class Task(Form):
    """A form of a page, as a person sees it."""

    def __init__(self, answer: Any, at: str) -> None:
        self.answer = answer
        assert answer.status_code < 500, answer.content.decode()[:1500]
        self.tree = html.fromstring(answer.content.decode() or "<main></main>")
        found = self.tree.xpath(f"//main//form{at}")
        self.form = found[0] if found else None

    @property
    def blank(self) -> dict[str, str]:
        """What a browser sends when nothing is answered."""
        hidden = self.form.xpath(".//input[@type='hidden'][@name!='csrfmiddlewaretoken']")
        asked = self.form.xpath(".//input[not(@type='hidden' or @type='checkbox' or @type='radio' or @type='file')]"
                                "[@name]|.//select[@name]|.//textarea[@name]")  # fmt: skip
        return {each.get("name"): "" for each in asked} | {each.get("name"): each.get("value") or "" for each in hidden}


Given = dict[str, Any]


@dataclass
class Walk:
    """A form: who fills it in, where it stands, and what is said of its answers.

    `path`: its page. `at`: which form of the page. `empty`: the fields at which something is said when nothing is
    answered. `wrong`: answers with the fields at which they are refused. `right`: answers that are taken. `sends`: what
    every answer carries (the button).
    """

    duty: str
    path: Callable[[Staged, Client], str]
    empty: set[str]
    wrong: Given = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    right: Given | None = field(default_factory=dict)
    side: str = "IND"
    at: str = "[@method='post'][not(contains(@action, '/watch/') or contains(@action, 'see-as'))]"
    sends: Given = field(default_factory=dict)


def file(name: str = "junk.bin", data: bytes = b"\x00\x01\x02 no such file") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def on(name: str, page: str) -> Callable[[Staged, Client], str]:
    """The page of an act on a staged record."""
    return lambda staged, _browser: f"/work/{staged.code(name)}/{page}/"


def meeting(name: str, page: str) -> Callable[[Staged, Client], str]:
    return lambda staged, _browser: f"/meetings/{staged.code(name)}/{page}/"


def to_verify(staged: Staged, browser: Client) -> str:
    page = html.fromstring(browser.get(f"/actions/of/{staged.code('meeting-1')}/2/").content.decode())
    return str(page.xpath("//a[contains(@href, '/actions/verify/')]/@href")[0])


def begun(staged: Staged, browser: Client) -> str:
    path = f"/actions/report/of/{staged.code('meeting-2')}/2/"
    sent = browser.post(path, {**Task(browser.get(path), "").blank, **REPORTED})
    return f"/actions/draft/{re.findall('/work/([^/]+)/', sent['Location'])[0]}/"


def brought(_staged: Staged, browser: Client) -> str:
    rows = b"Requirement,Service,Type,Wanted by\nNet (exercise),Navy,need,2028\n"
    return str(browser.post("/bring/", {"file": file("needs.csv", rows)})["Location"])


def kept(staged: Staged, _browser: Client) -> str:
    rows = read.listing(staged.node, Viewer("IND", national=True), "need", count=500).rows
    return f"/work/{next(each.code for each in rows if each.label == 'national' and each.side == 'IND')}/release/"


def drafted(page: str, purpose: str = "") -> Callable[[Staged, Client], str]:
    """The page that follows a draft of a new commitment."""

    def made(_staged: Staged, browser: Client) -> str:
        path = str(browser.get("/work/new/commitments/")["Location"])
        text = {"text": "We shall (exercise).", "made": "2026", "force": "firm", "due_text": "Soon.",
                "owners__0__side": "IND"}  # fmt: skip
        answer = browser.post(path, {**Form(browser.get(path)).sent, **text})
        assert answer.status_code == 302, Form(answer).summary
        name = re.findall("/work/([^/]+)/", answer["Location"])[0]
        return f"/work/{name}/{page}/{purpose}/" if purpose else f"/work/{name}/{page}/"

    return made


TODAY = {"date_day": "1", "date_month": "11", "date_year": "2026"}
REPORTED = {**TODAY, "state": "open", "work_done": "Half of it.", "kept": "yes"}
CHECK = {"check": "yes"}
NOT_READ = {"state": "met", "kept": "no", "date_day": "99", "date_month": "11", "date_year": "2026",
            "evidence": "No such thing", "document__number": "7", "later_year": "soon"}  # fmt: skip
#: What is open of a stage that a project can enter next.
ENDORSED = (
    "release-question__IND",
    "release-question__USA",
    "success-agreed__both",
    "working-group-decision__both",
)
WALKS: dict[str, list[Walk]] = {
    "meeting_days": [
        Walk("secretariat", meeting("meeting-3", "days"), set(), at="[@id='search']",
             wrong={"first": "soon", "last": "31.02.2027", "days": "many", "minutes": "x", "lead": "-1"},
             refused={"first", "last", "days", "minutes", "lead"},
             right={"first": "1 Mar 2027", "last": "31 Mar 2027"}),
    ],
    "meeting_notes": [
        Walk("secretariat", meeting("meeting-3", "notes"), {"said"}, at="[@id='note']",
             wrong={"said": "x", "due": "soon"}, refused={"item", "due"}, right={"item": "2", "said": "It went well."}),
    ],
    "meeting_announce": [
        Walk("secretariat", meeting("meeting-2", "announce"), {"on"}, side="USA",
             wrong={"on": "soon", "where": "x" * 1001}, refused={"on", "where"}, right={"on": "3 Oct 2026"}),
    ],
    "project_stage": [
        Walk("working_group_co_chair", lambda staged, _browser: f"/projects/{staged.code('ex-mooring')}/stage/",
             {"entered", *(f"row__{each}" for each in ENDORSED)}, at="[@id='answer']",
             wrong={"entered": "3 Oct 2026", "state": "waived", "authority": "x" * 1001, "until": "soon"},
             refused={"authority", "until", *(f"row__{each}" for each in ENDORSED[1:])},
             right=None),
        Walk("working_group_co_chair", lambda staged, _browser: f"/projects/{staged.code('net')}/stage/",
             {"entered", "state"}, at="[@id='answer']", sends={"keep": "yes"},
             wrong={"entered": "3 Oct 2026", "state": "met"}, refused={"registry"},
             right={"entered": "3 Oct 2026", "state": "met", "registry": "EX/7"}),
    ],
    "project-reading": [
        Walk("working_group_co_chair", lambda staged, _browser: f"/projects/{staged.code('mat')}/reading/",
             {"of_measure", "date", "value", "evidence"},
             wrong={"of_measure": "3", "date": "soon", "value": "about 26", "evidence": "zzzz"},
             refused={"date", "value", "evidence"},
             right={"of_measure": "3", "date": "18 Nov 2026", "value": "26.5", "document__title": "EX/9"}),
    ],
    "project-assessment": [
        Walk("working_group_co_chair", lambda staged, _browser: f"/projects/{staged.code('mat')}/assessment/",
             {"final", "date", "note"}, wrong={"final": "success", "date": "soon"}, refused={"date", "note"},
             right={"final": "partial", "date": "18 Nov 2026", "note": "EX/9"}),
    ],
    "project-milestone": [
        Walk("working_group_co_chair", lambda staged, _browser: f"/projects/{staged.code('mat')}/milestone/",
             {"milestones__0__milestone", "date"},
             wrong={"milestones__0__milestone": "4", "date": "18 Nov 2026", "milestones__0__forecast": "Dec 2029"},
             refused={"milestones__0__reason"},
             right={"milestones__0__milestone": "4", "date": "18 Nov 2026", "milestones__0__actual": "10 Nov 2026"}),
    ],
    "meeting_answers": [
        Walk("secretariat", meeting("meeting-3", "answers"), {"answer"},
             wrong={"answer": file()}, refused={"answer"}, right=None),
    ],
    "meeting_word": [
        Walk("secretariat", meeting("meeting-3", "word/agenda"), {"returned"},
             wrong={"returned": file("agenda.docx")}, refused={"returned"}, right=None),
    ],
    "report-action": [
        Walk("working_group_co_chair", lambda staged, _browser: f"/actions/report/of/{staged.code('meeting-2')}/2/",
             {"state", "date", "kept"}, wrong=NOT_READ,
             refused={"date", "later", "evidence", "document__title", "work_done"}, right=REPORTED),
    ],
    "report-commitment": [
        Walk("secretariat", lambda staged, _browser: f"/actions/report/on/{staged.code('trial')}/",
             {"state", "date", "kept"}, side="USA", wrong=NOT_READ,
             refused={"date", "later", "evidence", "document__title", "work_done"}, right=REPORTED),
    ],
    "verify-report": [
        Walk("secretariat", to_verify, {"state", "date", "kept"}, wrong={**TODAY, "state": "open", "kept": "no"},
             refused={"why"}, right={**TODAY, "state": "met", "work_done": "Seen.", "kept": "no"}),
    ],
    "report-draft": [
        Walk("working_group_co_chair", begun, {"state", "date", "kept"}, wrong={**REPORTED, "later_year": "2028"},
             refused={"why"}, right=REPORTED),
    ],
    "bring-in-actions": [
        Walk("secretariat", lambda _staged, _browser: "/actions/bring-in/", {"file"}, wrong={"file": file()},
             refused={"file"}, right={"file": file("list.csv", b"Action no.,Status\nex-group-02/3,done\n")}),
    ],
    "bring": [
        Walk("secretariat", lambda _staged, _browser: "/bring/", {"file"},
             right={"file": file("a.csv", b"Requirement,Service\nNet,Navy\n")}),
    ],
    "brought": [
        Walk("secretariat", brought, set(), at="[@id='brought']", sends={"read": "yes"},
             wrong={"register": "needs", "col__0": "title", "col__1": "title"},
             refused={"col__0", "col__1"}, right={"register": "needs"}),
        Walk("secretariat", brought, {"rows"}, at="[@id='brought']",
             sends={"do": "record:0", "register": "needs", "kept": "yes"}, right=None),
    ],
    "check_draft": [Walk("co_chair", drafted("check", "propose"), set(), sends=CHECK)],
    "show_draft": [Walk("co_chair", drafted("show-draft"), set(), sends=CHECK)],
    "agree": [Walk("working_group_co_chair", on("net-success", "agree"), set(), sends=CHECK)],
    "send_back": [
        Walk("working_group_co_chair", on("net-success", "send-back"), {"remarks"}, sends=CHECK,
             wrong={"remarks": "  "}, refused={"remarks"}, right={"remarks": "The figure is too low."}),
    ],
    "withdraw": [Walk("co_chair", on("statement", "withdraw"), set(), sends=CHECK)],
    "hand_over": [Walk("working_group_co_chair", on("net", "hand-over"), set(), sends=CHECK)],
    "request_pen": [Walk("working_group_co_chair", on("helmet", "ask"), set(), sends=CHECK)],
    "remark": [
        Walk("secretariat", on("net", "remark"), {"remarks"}, sends=CHECK, right={"remarks": "Seen."}),
    ],
    "remark_to_other": [
        Walk("secretariat", on("net", "remark-to-the-other-side"), {"remarks"}, sends=CHECK,
             right={"remarks": "Seen."}),
    ],
    "notice": [
        Walk("co_chair", on("statement", "notice"), {"notice"}, sends=CHECK, wrong={"notice": "other"},
             refused={"notice"}, right={"notice": "suspend", "remarks": "Until the review."}),
    ],
    **{
        f"project_{page}": [
            Walk("co_chair", on("net", page), {"reason", "remarks"}, sends=CHECK,
                 right={"reason": "funding", "remarks": "Until the review."}),
        ]
        for page in ("suspend", "leave")
    },
    "release": [Walk("disclosure_officer", kept, set(), sends=CHECK)],
    "make_public": [Walk("public_officer", on("readout", "make-public"), set(), sends=CHECK)],
    "ask_seat": [
        Walk("secretariat", lambda _staged, _browser: "/people/", {"person", "office", "duty"}, at="[@id='ask']",
             wrong={"person": "x", "office": "y", "duty": "z"}, refused={"person", "office", "duty"}, right=None),
        Walk("secretariat", lambda _staged, _browser: "/people/", {"end"}, at="[@id='end']",
             wrong={"end": "x"}, refused={"end"}, right=None),
    ],
    "restrict": [
        Walk("co_chair", lambda _staged, _browser: "/restricted/", {"title", "members", "remarks"}, at="[@id='make']",
             wrong={"title": "Cell", "members": ["x"], "remarks": "Why."}, refused={"members"}, right=None),
    ],
    "calendars": [
        Walk("secretariat", lambda _staged, _browser: "/account/calendars", {"of"}, at="[.//select[@name='body']]",
             wrong={"of": "body"}, refused={"body"}, right={"of": "mine"}),
    ],
}  # fmt: skip
EVERY = [pytest.param(walk, id=f"{name}-{n}") for name, walks in WALKS.items() for n, walk in enumerate(walks)]


def test_every_address_that_takes_a_form_is_walked_here_or_said_where() -> None:
    takes = {name for name in (*permits.WRITING, *permits.ROOM, *permits.ACCOUNTS) if not ACCOUNTS.match(name)}
    assert takes == set(WALKS) | set(ELSEWHERE)


def check_words(task: Task, prefix: str) -> None:
    """No code and no pattern; on a Hindi page no Latin letters that are not marked so; every field has a label."""
    for each in task.tree.xpath("//main//code|//main//pre|//main//details[contains(@class,'raw')]"):
        each.drop_tree()
    language = "hi" if prefix else "en"
    for words in (PERSON.sub("", each) for each in task.visible(language)):
        assert not CODED.search(words), words
        if prefix:
            assert not re.search("[A-Za-z]{2}", SIGNS.sub("", words)), words
    if task.form is None:
        return
    assert not task.form.xpath(".//*[@pattern]")
    for each in task.form.xpath(".//input[@type!='hidden'][@type!='checkbox'][@type!='radio']|.//select|.//textarea"):
        assert task.tree.xpath(f"//label[@for='{each.get('id')}']"), each.get("name")
        assert not re.fullmatch(r"[a-z_]+:\S+|(?:office|project|body)/\S+", each.get("value") or ""), each.get("name")


def check_refused(task: Task, prefix: str, fields: set[str]) -> None:
    """What is wrong stands above the form and at each field, once, and nowhere else."""
    assert {target for target, _said in task.summary} == {f"#id_{each}" for each in fields}, task.summary
    for each in fields:
        assert task.tree.xpath(f"//*[@id='id_{each}']"), each
        said = task.at(each)
        assert said, each
        assert bool(re.search("[\u0900-\u097f]", said)) == bool(prefix), said
    assert {each.get("id") for each in task.tree.xpath("//main//div[@class='err']")} == {
        f"id_{each}_err" for each in fields
    }
    check_words(task, prefix)


@pytest.mark.parts(3)
@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("walk", EVERY)
def test_a_form_says_all_that_is_wrong_at_its_fields_and_takes_what_is_right(
    staged: Staged, walk: Walk, prefix: str
) -> None:
    browser = staged.sit(walk.side, walk.duty)
    path = prefix + walk.path(staged, browser).removeprefix(prefix)
    first = Task(browser.get(path), walk.at)
    assert first.form is not None, (path, first.answer.status_code)
    check_words(first, prefix)
    to = first.form.get("action") or path
    empty = Task(browser.post(to, {**first.blank, **walk.sends}), walk.at)
    if walk.empty or empty.answer.status_code != 302:
        check_refused(empty, prefix, walk.empty)
    if walk.wrong:
        again = Task(browser.get(path), walk.at)
        for each in walk.wrong.values():
            if isinstance(each, SimpleUploadedFile):
                each.seek(0)
        check_refused(
            Task(browser.post(to, {**again.blank, **walk.wrong, **walk.sends}), walk.at), prefix, walk.refused
        )
    if walk.right is None:
        return
    for each in walk.right.values():
        if isinstance(each, SimpleUploadedFile):
            each.seek(0)
    sent = Task(browser.get(path), walk.at)
    answer = browser.post(to, {**sent.sent, **walk.right, **walk.sends})
    if answer.status_code != 302:
        task = Task(answer, walk.at)
        assert task.summary == []
        assert not task.tree.xpath("//main//div[@class='err']")
        check_words(task, prefix)


@pytest.mark.parametrize("prefix", LANGUAGES)
def test_the_form_of_a_record_says_what_a_stage_lacks_before_anything_is_sent(staged: Staged, prefix: str) -> None:
    browser = staged.sit("IND", "working_group_co_chair")
    path = prefix + str(browser.get("/work/new/projects/")["Location"]).removeprefix(prefix)
    entering = {"ref": "ex-early", "name": "Early (exercise)", "in_dtti": "yes",
                "stages__0__stage": "proposed", "stages__0__entered": "3 Oct 2026"}  # fmt: skip
    unnamed = Task(browser.post(path, {**Form(browser.get(path)).sent, **entering}), "")
    check_refused(unnamed, prefix, {"sop"})
    named = Task(browser.post(path, {**Form(unnamed.answer).sent, **entering, "sop": "sop-1"}), "")
    check_refused(named, prefix, {"nomination_source"})
