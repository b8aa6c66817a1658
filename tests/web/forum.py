"""People of the industry forum at the pages: its office, companies and associations, who is let in."""

from django.http import HttpResponse
from django.test import Client

from dtti.node.core.node import Node
from dtti.node.people import industry, seats
from dtti.node.people.models import Person
from dtti.web.accounts.guard import STAGED

from .signing import Page

FORUM = "ex-forum"
GIVEN = {
    "title": "One furnace record for both ranges",
    "text": "PLANTED-INDUSTRY: our furnace holds 1,412 degrees.",
    "proprietary": "yes",
}
CLEARED = {"public_title": "Furnace records", "public_summary": "One form for furnace records on both ranges."}


def signed_in(person: Person) -> Client:
    """A browser of somebody staged, who needs no second factor."""
    browser = Client()
    browser.force_login(person)
    session = browser.session
    session[STAGED] = True
    session.save()
    return browser


def official(node: Node, duty: str = "co_chair", office: str = FORUM, name: str = "") -> Client:
    """An official of an office of this side."""
    username = f"{node.side.lower()}.{duty}.{office}{name}".replace("_", "-")
    person, made = Person.objects.get_or_create(
        username=username, defaults={"full_name": f"{name or duty} of {office} (exercise)", "fictitious": True}
    )
    if made:
        seats.give_seat(node, person, f"{node.side}/{office}", duty)
    return signed_in(person)


def submitter(node: Node, organisation: str, is_a: str = "company", *, let_in: bool = True) -> Client:
    """Somebody of industry, let in for an organisation."""
    username = organisation.partition(" ")[0].lower()
    person, made = Person.objects.get_or_create(
        username=username, defaults={"full_name": f"{organisation} speaker", "fictitious": True}
    )
    if made:
        seats.give_seat(node, person, f"{node.side}/{FORUM}", "industry_submitter")
        if let_in:
            office = seats.office_id(node, f"{node.side}/{FORUM}")
            industry.represent(person, industry.invite(organisation, is_a, office))
    return signed_in(person)


def send(browser: Client, **given: str) -> str:
    """Send a recommendation at its form; its reference."""
    shown = Page(browser.get("/industry/send/"))
    answer = browser.post("/industry/send/", {**shown.fields, **given})
    assert answer.status_code == 302, Page(answer).text
    return answer["Location"].rstrip("/").rpartition("/")[2]


def say(browser: Client, code: str, what: str, **given: str) -> HttpResponse:
    """Say something of a submission at its page."""
    tree = Page(browser.get(f"/industry/{code}/")).tree
    forms = [
        {each.get("name"): each.get("value") for each in form.xpath(".//input[@type='hidden']")}
        for form in tree.xpath("//main//form")
    ]
    (fields,) = [each for each in forms if each.get("what") == what]
    return browser.post(f"/industry/{code}/say/", {**fields, **given})


def confirm(browser: Client, answer: HttpResponse) -> HttpResponse:
    """Confirm for the record what a form led to."""
    assert answer.status_code == 302, Page(answer).text[:2000]
    shown = Page(browser.get(answer["Location"]))
    return browser.post(answer["Location"], {**shown.fields, "confirm": "yes"})


def kept_to(browser: Client) -> str:
    """The code of the restricted group that the page of what came in offers first, where it asks for one."""
    offered = Page(browser.get("/forum/intake/")).tree.xpath("//input[@name='kept']/@value")
    return str(offered[0]) if offered else ""


def take(browser: Client, code: str, kept: str | None = None) -> HttpResponse:
    """Take what came in by form into the record, and confirm it."""
    given = {"take": code, "kept": kept_to(browser) if kept is None else kept}
    return confirm(browser, browser.post("/forum/intake/", given))


def step(browser: Client, record: str, name: str, **given: str) -> HttpResponse:
    """Take a step of a recommendation at its form, and confirm it."""
    return confirm(browser, browser.post(f"/recommendations/{record}/step/{name}/", {"on": TODAY, **given}))


def record_of(browser: Client, reference: str) -> str:
    """The code of the record of a recommendation, as its office finds it by its reference."""
    rows = browser.get("/recommendations.json").json()["rows"]
    return str(next(row["name"] for row in rows if row["ref"] == reference))


def filled(page: Page) -> dict[str, str]:
    """All answers of the form of a page as they stand, as a browser would send them."""
    made: dict[str, str] = {}
    for each in page.tree.xpath("//main//form//*[@name]"):
        name, how = each.get("name"), each.get("type", "")
        if each.tag == "select":
            chosen = each.xpath("./option[@selected]|./optgroup/option[@selected]")
            made[name] = chosen[0].get("value") if chosen else ""
        elif each.tag == "textarea":
            made[name] = (each.text or "").lstrip("\n")
        elif each.tag == "input" and (how not in ("radio", "checkbox", "file") or each.get("checked") is not None):
            made[name] = each.get("value", "")
    return made


def today() -> str:
    """The day it is, as a person writes it."""
    day = seats.today()
    return f"{day.day} {day:%b %Y}"


TODAY = today()
