"""The look: two languages, dates and numbers, signs and grades, pages that stay light and strict."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.web import gallery

from dtti.documents.charts import html as charts
from dtti.language.catalogue import LANGUAGES
from dtti.web import look

CSS = (look.STATIC / "dtti" / "dtti.css").read_text(encoding="utf-8")
GALLERY = {language: gallery.render("gallery.html", language) for language in LANGUAGES}


def shown(source: str, language: str = "en", **values: object) -> str:
    """A snippet that uses the macros of value.html and page.html, rendered."""
    env = gallery.environment(language, static=lambda path: f"/static/{path}")
    heads = '{% from "macros/value.html" import grade, side, when, absence, value, cite, sign %}'
    heads += '{% from "macros/page.html" import wait, refusal, receipt, button %}'
    return env.from_string(heads + source).render(values)


class Text(HTMLParser):
    """The words of a page, without those of elements in another language than the page's own."""

    VOID = frozenset({"meta", "link", "input", "br", "rect", "path", "circle", "line"})
    SPOKEN = frozenset({"aria-label", "title", "data-label", "data-saved", "data-unsaved"})

    def __init__(self, page: str, language: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[bool] = []
        self.language = language
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            given = dict(attrs).get("lang")
            foreign = given != self.language if given else bool(self.open and self.open[-1])
            self.open.append(foreign or tag in ("code", "script", "style"))
        self.words += [value or "" for name, value in attrs if name in self.SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            self.open.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1]):
            self.words.append(data)


# Dates and numbers


def test_hindi_groups_figures_in_lakh_and_crore() -> None:
    assert shown("{{ 12345678|number }}") == "12,345,678"
    assert shown("{{ 12345678|number }}", "hi") == "1,23,45,678"


def test_days_agree_with_their_number() -> None:
    assert [shown("{{ n|days }}", n=n) for n in (0, 1, 1204)] == ["0 days", "1 day", "1,204 days"]
    assert shown("{{ n|days }}", "hi", n=12) == "12 दिन"


# Words


def test_a_hindi_page_shows_no_english() -> None:
    words = " ".join(Text(GALLERY["hi"], "hi").words)
    # What is not English though written in its letters: codes, sources, markings, names of rules, addresses, digests.
    known = r"DTTI|EX-\d+|S\d+|IN-7|US-31|IND|USA|UTC|UNCLASSIFIED|REL|[a-z]+(-[a-z]+)+|https?://\S+|07be\S+"
    assert re.findall(r"[A-Za-z]{2,}", re.sub(known, "", words)) == []


# Signs, grades, absences

GRADES = ("agreed_here", "on_paper", "recorded", "published", "stated")
NOT_GRADES = ("offer", "returned", "draft", "lapsed", "withdrawn", "void", "overtaken")


@pytest.mark.long
def test_every_grade_and_state_has_its_own_words_in_both_languages() -> None:
    for language in LANGUAGES:
        words = [re.sub("<[^>]+>", "", shown("{{ grade(code) }}", language, code=code)) for code in GRADES + NOT_GRADES]
        assert len(set(words)) == len(words), words
        assert not [word for word in words if "_" in word]


def test_grades_differ_in_sign_as_well_as_in_words() -> None:
    signs = [shown("{{ sign(code) }}", code=code) for code in GRADES]
    assert len(set(signs)) == len(GRADES)


@pytest.mark.parametrize("code", ["offer", "returned"])
def test_an_open_offer_has_no_disc_and_says_that_nothing_is_agreed(code: str) -> None:
    badge = shown("{{ grade(code) }}", code=code)
    assert "<circle" not in badge
    assert badge.endswith("not agreed</span></span>")
    assert "<circle" in shown("{{ grade('agreed_here') }}")


def test_a_one_sided_record_names_the_side() -> None:
    assert "recorded by India" in shown("{{ grade('recorded', by='IND') }}")
    assert "offer by the United States, not agreed" in shown("{{ grade('offer', by='USA') }}")
    assert "अमेरिका का प्रस्ताव, सहमति नहीं" in shown("{{ grade('offer', by='USA') }}", "hi")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, "not known"),
        ("", "not known"),
        ({"absent": "unknown"}, "not known"),
        ({"absent": "none"}, "none"),
        ({"absent": "not_released"}, "not released"),
        ({"absent": "withheld", "note": "by India, 3 Nov 2026"}, "withheld: by India, 3 Nov 2026"),
        ({"absent": "erased"}, "erased"),
        (0, "0"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_unknown_none_withheld_and_erased_are_four_answers_and_zero_is_none_of_them(given: object, words: str) -> None:
    assert re.sub("<[^>]+>", "", shown("{{ value(given) }}", given=given)) == words


def test_recorded_text_is_never_read_as_markup() -> None:
    source = "{{ wait(on='IND', days=1, what=text, action={'label': text, 'url': '#'}) }}"
    page = shown(source, text="<script>x</script>")
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") == 2


def test_a_refusal_says_reason_remedy_rule_and_who_can_satisfy_it() -> None:
    item = {"rule": "no-open-offer", "reason": "An offer is open.", "remedy": "Answer it.", "who": "USA"}
    item |= {"source": "SOP", "version": "3", "confidence": "unverified"}
    words = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", shown("{{ refusal([item]) }}", item=item))).strip()
    assert words == (
        "Not done. Nothing was recorded. Reason An offer is open. What would satisfy it United States : Answer it. "
        "Rule no-open-offer SOP , version 3 (unverified)"
    )


def test_what_waits_names_side_days_date_and_one_button() -> None:
    given = "on='USA', days=1, since='2026-11', what='The text', action={'label': 'Remind', 'url': '/r'}"
    page = shown("{{ wait(" + given + ") }}")
    words = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page)).strip()
    assert words == "1 day Waiting on the United States since Nov 2026 The text Remind"
    assert page.count('class="btn') == 1


# Pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_keep_a_strict_content_policy(language: str) -> None:
    for page in (GALLERY[language], gallery.render("gallery_sign_in.html", language)):
        assert re.findall(r'\s(?:style|on[a-z]+)="|<style|javascript:', page) == []
        assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", page) == []
        assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*', page) == []


def test_ids_are_unique_and_labels_and_hints_point_to_them() -> None:
    page = GALLERY["en"]
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(set(ids)) == sorted(ids)
    pointed = re.findall(r'\sfor="([^"]+)"', page) + " ".join(re.findall(r'aria-describedby="([^"]+)"', page)).split()
    assert [name for name in pointed if name not in ids] == []


def test_the_style_sheet_is_light_and_asks_no_other_house() -> None:
    assert len(gzip.compress(CSS.encode(), mtime=0)) < 8_000
    assert "@import" not in CSS
    addresses = re.findall(r"url\(([^)]+)\)", CSS)
    assert addresses
    assert [name for name in addresses if not (look.STATIC / "dtti" / name).is_file()] == []


def test_no_rule_of_the_style_sheet_is_without_use() -> None:
    used = "".join(path.read_text(encoding="utf-8") for path in look.TEMPLATES.rglob("*.html"))
    used += (look.STATIC / "dtti" / "dtti.js").read_text(encoding="utf-8")
    used += Path(charts.__file__).read_text(encoding="utf-8")
    text = re.sub(r"url\([^)]+\)|/\*.*?\*/", "", CSS, flags=re.DOTALL)
    names = set(re.findall(r"\.([a-z][\w-]*)", text))
    made = {"both", "joint", "none", "stack", "done", "now", "skipped"}  # given by what is shown
    prefixed = re.compile(r"(?:g|k|c|m|p|a|b|w|f)-")  # g-{{ grade }}, k-{{ state }} and the like
    assert sorted(name for name in names - made if name not in used and not prefixed.match(name)) == []


def test_all_that_is_shipped_has_its_licence_beside_it() -> None:
    held = look.STATIC / "dtti"
    assert "SIL OPEN FONT LICENSE Version 1.1" in (held / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    assert "Zero-Clause BSD" in (held / "vendor" / "htmx-LICENSE.txt").read_text(encoding="utf-8")
