"""What a page shows and what a form takes: nothing unseen on the one, nothing that a program put in from the other."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from tests.language.test_characters import TEXTS
from tests.language.test_printed import seen
from tests.node.capitals import Capital
from tests.web.capitals import sign_in
from tests.web.reading import india, node, state  # noqa: F401 - fixtures

from dtti.language.characters import found, pieces
from dtti.node.core import text
from dtti.node.core.node import Node
from dtti.node.people.models import Draft
from dtti.web import characters

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reading")]

FRAME = '<!doctype html><title>{0}</title><main id="main" tabindex="-1"><div class="wrap">{1}</div></main>'
PLACES = [
    "<p>{}</p>",
    '<p title="{0}">{0}</p>',
    '<a href="/x">{}</a>',
    "<button>{}</button>",
    "<textarea>\n{}</textarea>",
    '<input value="{}">',
    "<select><option>{}</option></select>",
    "<svg><text>{0}</text><title>{0}</title></svg>",
    "<ins>{0}</ins><del>{0}</del>",
    "<table><tr><td data-label='{0}'>{0}</td></tr></table>",
    "<!-- {} --><p>x</p>",
]


def words(page: str) -> str:
    """The words of a page as one reads them."""
    page = re.sub(r'<span class="vh">.*?</span>', "", page)
    return html.unescape(re.sub(r"<[^>]*>", "", page))


@given(TEXTS)
def test_no_page_holds_what_cannot_be_seen_wherever_a_text_is_drawn(said: str) -> None:
    for place in PLACES:
        made = characters.page(FRAME.format(html.escape(said), place.format(html.escape(said))))
        lines = re.split("[\n\t]", html.unescape(made))
        assert all(seen(re.sub("(?<=\u094d)[\u200c\u200d]", "", line)) for line in lines)
        assert ('id="characters"' in made) == bool(found(said))


@given(TEXTS)
def test_words_between_tags_are_shown_as_drawn(said: str) -> None:
    if "<" in said or "&" in said:
        return
    expected = "".join(
        shown if why != "mixed" or shown.startswith(piece) else piece + shown for piece, shown, why in pieces(said)
    )
    assert words(characters.page(f"<p>{said}</p>")) == expected


def test_a_page_without_any_goes_as_it_came() -> None:
    page = FRAME.format("कार्य समूह – “x”", "<p>क्‍ष ₹ 5 [U]</p>")
    assert characters.page(page) is page


def test_marks_do_not_reach_the_head_of_a_page() -> None:
    made = characters.page(FRAME.format("x", "<h1>a" + "\u0301" * 360 + "</h1>"))
    assert made.count("\u0301") == 0
    assert "[U+0301 ×358]" in made


def test_codes_stand_in_one_list_with_name_and_reason_for_who_follows_the_mark() -> None:
    made = characters.page(FRAME.format("x", "<p>P\u0430tent</p>"))
    assert '<a href="#characters">' in made
    assert "CYRILLIC SMALL LETTER A" in made
    assert "P\u0430[U+0430]tent" in words(made)


@pytest.fixture
def odd_need(india: Capital, monkeypatch: pytest.MonkeyPatch) -> str:  # noqa: F811
    """A need recorded before there was a policy; returns its code."""
    content = {
        "ref": "odd-need",
        "type": "need",
        "side": "IND",
        "domain": "naval",
        "title": "P\u0430tent\u200bed net",
        "user": "Corvettes\u2028and frigates",
        "capability": "a" + "\u0301" * 360 + " \U000e0041 \u3164 \ufffd",
    }
    with monkeypatch.context() as patch:
        patch.setattr(text, "against", lambda _stored: ())
        record, _receipt = state(india, "need", content)
    return record.rsplit("/", 1)[1]


def test_an_old_record_is_shown_marked_and_never_changed(node: Node, odd_need: str) -> None:  # noqa: F811
    browser = sign_in(node, "secretariat", "IND/ex-sec")
    for address in (f"/needs/{odd_need}/", f"/hi/needs/{odd_need}/", "/needs/", "/?q=net", "/record/entries/", "/"):
        page = browser.get(address).content.decode()
        for character in ("\u200b", "\u2028", "\u0301", "\U000e0041", "\u3164"):
            assert character not in page, address
    page = browser.get(f"/needs/{odd_need}/").content.decode()
    assert "P\u0430[U+0430]tent[U+200B]ed net" in words(page)
    assert "Corvettes[U+2028]and frigates" in words(page)
    assert "ZERO WIDTH SPACE" in page
    raw = browser.get(f"/needs/{odd_need}.json").content.decode()
    assert "P\u0430tent\u200bed net" in raw


@pytest.fixture
def desk(node: Node, settings: Any) -> Client:  # noqa: F811
    """A browser of the secretariat, from which no second factor is asked."""
    settings.DEMONSTRATION = True
    return sign_in(node, "secretariat", "IND/ex-sec")


def begun(browser: Client) -> str:
    return str(browser.get("/work/new/needs/")["Location"])


def test_what_word_pastes_is_cleaned_in_a_form_and_the_cleaning_is_shown(desk: Client) -> None:
    address = begun(desk)
    answers = {
        "ref": "pasted",
        "type": "need",
        "domain": "naval",
        "title": "Co\u00adoperation\u00a0of\ufeff ships",
        "capability": "re\u0301seau\u2028net\u200b",
        "remarks": "5\u202f000",
    }
    there = desk.post(address, answers, follow=True)
    held = Draft.objects.get(content__ref="pasted")
    assert (held.content["title"], held.content["capability"]) == ("Cooperation of ships", "réseau\nnet")
    assert held.remarks == "5 000"
    page = words(there.content.decode())
    assert "Cleaned of what a program put in" in page
    for said in ("Title: soft hyphen U+00AD, no-break space U+00A0, byte order mark U+FEFF", "zero-width space U+200B"):
        assert said in page
    hindi = desk.post("/hi" + address, answers, follow=True).content.decode()
    assert "अविभाज्य रिक्त स्थान U+00A0" in hindi
    assert "Cleaned" not in hindi


@pytest.mark.parametrize("odd", ["\U000e0041", "\u3164", "\u115f", "\ufdd0", "\u034f", "\U0001f600"])
def test_what_no_program_pastes_is_refused_at_its_field_by_name(desk: Client, odd: str) -> None:
    address = begun(desk)
    answers = {"ref": "odd", "type": "need", "domain": "naval", "title": f"net{odd}", "capability": "x"}
    answer = desk.post(address, answers)
    assert answer.status_code == 200
    assert f"U+{ord(odd):04X}" in words(answer.content.decode())
    assert 'aria-invalid="true"' in answer.content.decode()
    assert odd not in answer.content.decode()


def test_the_code_of_a_character_is_not_sent_back_as_a_text(desk: Client) -> None:
    answers = {"ref": "odd", "type": "need", "domain": "naval", "title": "net[U+E0041]", "capability": "x[U+0301 ×358]"}
    shown = words(desk.post(begun(desk), answers).content.decode())
    assert "[U+005B]U+E0041] is how a page shows a character" in shown
    assert "[U+005B]U+0301 ×358] is how a page shows a character" in shown


def test_a_password_is_what_it_is(node: Node) -> None:  # noqa: F811
    made: dict[str, Any] = {}

    def view(request: Any) -> None:
        made["password"] = request.POST["password"]

    view.__module__ = "allauth.account.views"
    from django.test import RequestFactory

    request = RequestFactory().post("/account/sign-in", {"password": "a\u00a0b"})
    assert characters.CharacterMiddleware(lambda _request: None).process_view(request, view) is None
    view(request)
    assert made["password"] == "a\u00a0b"
