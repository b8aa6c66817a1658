"""Every page of a node, found by following its links as its officers see them: in both languages, at every width."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, get_resolver, resolve
from playwright.sync_api import Browser, CDPSession, expect

from tests.web.routes import routes

from .capitals import Capital, Capitals
from .desks import Desk, definition, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("two_nodes")]

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
PARTS = 18  # days within which axe has judged every page
MOST = 60 * 1024  # bytes of a page whose style, fonts and scripts a browser has already
SAMPLES = {"work": 200, "record projects": 60, "record recommendations": 20}  # pages whose links are followed
FEW = 2  # of other kinds
#: Who looks, and where besides the desk and the pages of work: each sees doors that the others have not.
PEOPLE: dict[tuple[str, str], tuple[str, ...]] = {
    ("IND", "Cdr. Arjun Rao"): ("/",),
    ("USA", "Daniel Ortega"): (),
    ("IND", "Meera Anand"): ("/projects/",),
    ("IND", "Nisha Varma"): ("/forum/", "/recommendations/"),
    ("IND", "Dev Thakur"): (),
    ("IND", "Ravi Kulkarni"): (),
    ("USA", "Helen Brandt"): (),
    ("IND", "Joy Lobo"): ("/industry/",),
}
OFFICER, INDUSTRY = ("IND", "Cdr. Arjun Rao"), ("IND", "Joy Lobo")
#: Addresses of the record's rooms that are no pages: what they are instead.
NO_PAGE = {
    "start": "begins a draft and leads to it",
    "autosave": "takes what is typed",
    "choose": "finds a record for a question of a draft; walked in tests/web/test_forms.py",
    "names": "options of a field",
    "entry-leaf": "a file",
    "entry-part": "a file",
    "proof-file": "a file",
    "feed": "JSON",
    "ask_seat": "takes what is asked, and leads back",
    "confirm_seat": "takes a confirmation, and leads back",
    "restrict": "takes a change of a group, and leads back",
    "show_draft": "confirms what a draft's own page leads to",
    "sent": "says whether a form that was sent stands; walked in tests/web/test_once.py",
    "calendar": "a file for calendar programs",
    "see_as": "takes that one looks as the other side does, and leads back",
    "watch": "takes that a seat watches a record, and leads back",
    "paper": "a file",
    "portfolio-paper": "a file",
    "ask-begin": "leads to the form of a request; walked in tests/web/test_asks.py",
    "ask-answer": "leads to the form of an answer; walked in tests/web/test_asks.py",
    "ask-withdraw": "leads to the form of a request; walked in tests/web/test_asks.py",
    "delay-begin": "leads to the form of a reason; walked in tests/web/test_asks.py",
    "actions-sheet": "a file",
    "meeting_word_file": "a file",
    "brought_check": "shows what a file will write; walked in tests/web/test_bringing.py",
    "meeting_carry": "takes a press alone, from the page of the meeting; tests/web/test_meeting_unsaid.py",
    "meeting_announce": "is there where a readout is cleared; walked in tests/two_nodes/test_meeting.py",
    "report-commitment": "the form of an action, on a commitment; walked in tests/web/test_actions.py",
    "report-draft": "the same form, begun before; walked in tests/web/test_actions.py",
    "project-assessment": "the form of a reading, for the office that is named; walked in tests/web/test_plans.py",
    "late": "is there only where an answer came late; walked in tests/web/test_late.py",
    "disposition_new": "leads to the form of a disposition; walked in tests/two_nodes/test_forum.py",
    "disposition_agenda": "takes a press alone, from the page of the disposition; tests/two_nodes/test_forum.py",
    "industry_receipt": "a file",
    "industry_say": "takes what is said on the page of a submission, and leads back; walked in tests/web/test_forum.py",
}
FILE = re.compile(r"\.(?:xlsx|csv|docx|pdf|ics|json)$")
#: Not words of a language: names of the programme, sides and zones, codes, references, digests, addresses, commands.
SIGNS = (
    r"DTTI|EX[/A-Z0-9-]+|SEED-\d+|UTC|IST|E[SD]T|IND|USA|\S*\d\S*|[\w.]+(?:[-/_.:@]\w+)+"
    r"|JSON|PDF|XLSX|CSV|ICS|\.ics|Word|Excel|MB"
)
#: What a custodian's page says of software, in its own words.
SOFTWARE = r"MiB|USC|holidays|Python|sqlite|wal|full|normal|rollback|ledger|record|accounts|dtti"


@dataclass(frozen=True)
class Place:
    """A page as somebody reaches it."""

    name: str
    person: tuple[str, str]
    address: str


def named(address: str) -> str | None:
    """What kind of page an address is: its route and what distinguishes pages of one route; None for no page."""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return None
    name = match.view_name
    if name.endswith(("-json", "-csv", "-xlsx")) or name in NO_PAGE or name.startswith(("account_", "mfa_", "demo_")):
        return None
    return " ".join([name, *(match.kwargs[each] for each in ("section", "purpose") if each in match.kwargs)])


def links(desk: Desk, address: str) -> list[str]:
    """Where a page leads, by addresses of the same node; the files that it offers are no pages."""
    answer = desk.page.context.request.get(desk.capital.url + address)
    assert answer.ok, (address, answer.status)
    anchors = re.findall(r"<a\b[^>]*>", answer.text())
    found = [re.search(r'\bhref="(/(?!hi/)[^"]*)"', each) for each in anchors if not re.search(r"\bdownload\b", each)]
    return [unescape(each[1]) for each in found if each and "tables=" not in each[1]]


def walk(desk: Desk, person: tuple[str, str], starts: tuple[str, ...], within: tuple[str, ...]) -> dict[str, Place]:
    """One page of each kind that this person reaches from `starts`, going to addresses that begin as `within` says."""
    found: dict[str, Place] = {}
    seen: dict[str, int] = {}
    waiting, asked = list(starts), set[str]()
    while waiting:
        address = waiting.pop(0)
        name = None if FILE.search(urlsplit(address).path) else named(address)
        if name is None or address in asked or seen.get(name, 0) >= SAMPLES.get(name, FEW):
            continue
        asked.add(address)
        seen[name] = seen.get(name, 0) + 1
        found.setdefault(name, Place(name, person, address))
        waiting += [each for each in links(desk, address) if each.startswith(within)]
    return found


def works(desk: Desk) -> list[str]:
    """The pages of work on everything live that this person sees in lists."""
    pages = [each for list_ in ("/projects/", "/needs/", "/success/", "/instruments/") for each in links(desk, list_)]
    codes = [
        found[1]
        for each in pages
        if (found := re.match(r"/(?:projects|needs|success|instruments)/([a-z2-7]{16})/", each))
    ]
    return [f"/work/{code}/" for code in dict.fromkeys(codes)]


@pytest.fixture(scope="module")
def quiet(capitals: Capitals) -> Capitals:
    """Both capitals, whose rounds have nothing left to do."""
    return capitals


@pytest.fixture(scope="module")
def desks(browser: Browser, quiet: Capitals) -> Iterator[dict[tuple[str, str], Desk]]:
    """Everyone of PEOPLE signed in, each in a browser window of his own."""
    sides: dict[str, Capital] = {"IND": quiet.ind, "USA": quiet.usa}
    with ExitStack() as stack:
        yield {
            (side, name): stack.enter_context(
                signed_in(browser, sides[side], name, opens="Industry room" if (side, name) == INDUSTRY else "Desk")
            )
            for side, name in PEOPLE
        }


@pytest.fixture(scope="module")
def places(desks: dict[tuple[str, str], Desk]) -> list[Place]:
    """One page of each kind; drafts are begun first, so that there are some."""
    found: dict[str, Place] = {}
    officer = desks[OFFICER]
    for section in ("projects", "success", "needs", "meetings"):
        officer.go(f"/work/new/{section}/")
        officer.press("Check your answers")  # not yet, says the page; and keeps the draft
        name = f"{named(urlsplit(officer.page.url).path)} {section}"
        found[name] = Place(name, OFFICER, urlsplit(officer.page.url).path)
    officer.go("/work/new/success/")
    officer.fill(definition("ex-buoy-checked", "ex-buoy", "9"))
    officer.press("Check your answers")
    found["check_draft propose"] = Place("check_draft propose", OFFICER, urlsplit(officer.page.url).path)
    officer.go("/projects/ex-net/national-step/")
    officer.page.locator("#id_step").select_option(index=1)
    officer.press("Go on")
    officer.fill({"started": "3 Nov 2026"})
    officer.press("Check your answers")
    officer.follow("Go back")
    expect(officer.page).to_have_url(re.compile("/national-steps/draft/"))
    found["step-draft"] = Place("step-draft", OFFICER, urlsplit(officer.page.url).path)
    officer.go("/bring/")
    sheet = {
        "name": "needs.csv",
        "mimeType": "text/csv",
        "buffer": b"Title,Remarks\nQuiet pumps (exercise),asked for\n",
    }
    officer.page.set_input_files("#id_file", files=[sheet])
    officer.press("Read the file")
    brought = urlsplit(officer.page.url).path
    meeting = next(each for each in links(officer, "/meetings/") if re.fullmatch(r"/meetings/[a-z2-7]{16}/", each))
    starts = ("/", "/record/", "/projects-board/", "/record/entries/", "/search/?q=net", "/waiting/", brought)
    starts = (*starts, "/national-steps/record/")  # where "begin" leads for a kind that begins on a page of its own
    found |= walk(officer, OFFICER, (*starts, f"{meeting}days/", f"{meeting}answers/"), PEOPLE[OFFICER])
    for person, parts in PEOPLE.items():
        if person == OFFICER:
            continue
        work = () if person == INDUSTRY else ("/", *works(desks[person]))
        found = walk(desks[person], person, (*work, *parts), ("/work/", *parts)) | found
    officer.go(works(officer)[0] + "remark/")
    officer.fill({"remarks": "Seen."})
    officer.press("Check your answers")
    officer.press("Remark inside, for the record")
    done = urlsplit(officer.page.url).path
    for name, address in (
        ("done", done),
        ("not here", "/projects/no-such-thing/"),
        ("past", "/projects/aluav/?on=2020-01-01"),
    ):
        found[name] = Place(name, OFFICER, address)
    for desk in desks.values():
        desk.complaints.clear()
    return sorted(found.values(), key=lambda place: place.name)


def test_every_address_of_the_record_is_among_the_pages(places: list[Place]) -> None:
    rooms = routes(get_resolver("dtti.web.views.urls"))
    known = {name for name, _route in rooms if not name.endswith(("-json", "-csv", "-xlsx"))}
    reached = {place.name.split()[0] for place in places}
    left = sorted(known - reached - set(NO_PAGE))
    assert left == [], "\n".join(left)


@pytest.mark.parts
@pytest.mark.parametrize("language", ["en", "hi"])
def test_axe_finds_nothing_nothing_runs_off_the_side_and_the_browser_does_not_complain(
    places: list[Place],
    desks: dict[tuple[str, str], Desk],
    language: str,
    today: Callable[[list[Place], int], list[Place]],
) -> None:
    faults: list[object] = []
    judged = {place.name for place in today(places, PARTS)}  # axe takes a second for each page and width
    for place in places:
        desk = desks[place.person]
        desk.page.set_viewport_size({"width": 1280, "height": 900})
        desk.go(("/hi" if language == "hi" else "") + place.address)
        desk.page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        for width in (1280, 375) if place.name in judged else ():
            desk.page.set_viewport_size({"width": width, "height": 900})
            broken = Axe().run(desk.page, options=RULES).response["violations"]
            faults += [(place.name, width, one["id"], [node["html"][:160] for node in one["nodes"]]) for one in broken]
        desk.page.set_viewport_size({"width": 320, "height": 900})
        wide = desk.page.evaluate("document.documentElement.scrollWidth")
        if wide != 320:
            faults.append((place.name, 320, "runs off the side", wide))
        if place.name != "not here":
            faults += [(place.name, each) for each in desk.complaints]
        desk.complaints.clear()
    assert faults == [], "\n".join(map(str, faults))


def test_a_repeat_page_is_at_most_60_kilobytes(places: list[Place], desks: dict[tuple[str, str], Desk]) -> None:
    heavy = []
    for person, desk in desks.items():
        weight = Weight(desk.page.context.new_cdp_session(desk.page))
        desk.go("/")
        desk.go("/hi/")  # the font of Devanagari too: an English form shows Hindi text
        for place in places:
            if place.person == person:
                weight.bytes = 0
                desk.go(place.address)
                if weight.bytes > MOST:
                    heavy.append((place.name, weight.bytes))
    assert heavy == []


class Weight:
    """Counts the bytes that a page takes from the network, headers among them."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes = 0
        session.on("Network.loadingFinished", self.add)
        session.send("Network.enable")

    def add(self, event: dict[str, float]) -> None:
        """Add what one answer took."""
        self.bytes += int(event["encodedDataLength"])


UNMARKED = r"""() => { const found = []
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
        const part = walk.currentNode.parentElement
        const exempt = part.closest('code, pre, script, noscript, style, title, .cite, .ref, .marking')
        const mixed = part.tagName === 'OPTION' && /[\u0900-\u097F]/.test(part.text)  // no language within an option
        if (part.closest('[lang]').lang === 'hi' && !exempt && !mixed)
            found.push(walk.currentNode.data) }
    for (const part of document.querySelectorAll('[aria-label], [alt], [placeholder]'))
        if (part.closest('[lang]').lang === 'hi')
            found.push(part.getAttribute('aria-label') || part.alt || part.placeholder || '')
    return found }"""


def test_a_hindi_page_has_no_english_but_recorded_text_marked_as_english(
    places: list[Place], desks: dict[tuple[str, str], Desk]
) -> None:
    left: dict[str, list[str]] = {}
    for place in places:
        desk = desks[place.person]
        desk.go(f"/hi{place.address}")
        said = [re.sub(f"{SIGNS}|{SOFTWARE}", "", text) for text in desk.page.evaluate(UNMARKED)]
        english = [text.strip()[:80] for text in said if re.search("[A-Za-z]{2,}", text)]
        if english:
            left[place.name] = english[:40]
    assert left == {}, "\n".join(f"{name}: {said}" for name, said in left.items())


def test_screenshots_are_taken_for_people_to_look_at(places: list[Place], desks: dict[tuple[str, str], Desk]) -> None:
    given = os.environ.get("DTTI_SHOTS")
    if not given:
        pytest.skip("DTTI_SHOTS names no folder")
    folder = Path(given)
    folder.mkdir(parents=True, exist_ok=True)
    for place in places:
        page = desks[place.person].page
        for language in ("en", "hi"):
            for width in (1280, 375):
                page.set_viewport_size({"width": width, "height": 900})
                desks[place.person].go(("/hi" if language == "hi" else "") + place.address)
                page.screenshot(path=folder / f"{place.name.replace(' ', '-')}.{language}.{width}.png", full_page=True)
    assert len(list(folder.glob("*.png"))) >= 4 * len(places)


@pytest.mark.parametrize("name", ["record projects", "work"])
def test_on_paper_a_page_says_where_it_is_from_and_has_nothing_to_press(
    places: list[Place], desks: dict[tuple[str, str], Desk], name: str
) -> None:
    place = next(each for each in places if each.name == name)
    desk = desks[place.person]
    desk.go(place.address)
    desk.page.emulate_media(media="print")
    expect(desk.page.locator(".printed")).to_contain_text(place.address)
    assert [each for each in desk.page.locator("button, a.btn, nav.nav").all() if each.is_visible()] == []
    expect(desk.page.get_by_role("heading", level=1)).to_be_visible()
    desk.page.emulate_media(media="screen")
