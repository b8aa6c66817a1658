"""What an entered stage rested on and has changed since, on the page of the checklist, for the side that looks."""

import pytest
from django.test import Client
from tests.node.capitals import carry
from tests.node.test_gates import need, passed, wanted

from dtti.accord import table
from dtti.node.core import text
from dtti.node.line import spill

from .signing import Page, Signing, built, signing  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("signing")]
HOW = {"": ("another text stands now", "its text was erased"), "/hi": ("अब दूसरा पाठ मान्य है", "इसका पाठ मिटा दिया गया")}


def test_the_checklist_names_both_acts_of_what_has_changed_since(signing: Signing) -> None:  # noqa: F811
    pair = signing.pair
    (mine, stated), (theirs, told) = need(pair.ind, "in-need"), need(pair.usa, "us-need")
    signing.swap()
    record, _ = passed(pair)
    later_text = text.Text(content=wanted("in-need", "IND", user="Nobody"))
    later = pair.ind.write("state", mine, table.State(base=1), later_text).act
    gone = spill.erase(pair.usa.node, told).tombstone.act
    carry(pair.usa, pair.ind)
    signing.swap()
    path = f"/projects/{record.rpartition('/')[2]}/checklist"
    for prefix, said in HOW.items():
        page = Page(signing.browser.get(f"{prefix}{path}/"))
        links = {str(each) for each in page.tree.xpath("//main//a/@href")}
        assert all(any(act in link for link in links) for act in (stated, later, told, gone))
        assert all(each in page.text for each in said)
    held = signing.browser.get(f"{path}.json").json()["flagged"]
    assert {(one["row"], one["how"], one["evidence"]) for one in held} == {
        ("need-of-side", "superseded", "need:in-need"),
        ("need-of-side", "erased", f"need:{theirs.split('/')[2]}"),
    }
    assert Client().get(f"{path}/").status_code == 404


def test_the_entry_of_a_move_says_in_words_how_each_row_stands_and_leads_to_what_shows_it(
    signing: Signing,  # noqa: F811
) -> None:
    pair = signing.pair
    shown = [need(pair.ind, "in-need")[1], need(pair.usa, "us-need")[1]]
    signing.swap()
    _record, offer = passed(pair)
    signing.swap()
    for prefix, said in (
        ("", ("co-development", "screened", "The need that it answers", "the text of this entry itself")),
        ("/hi", ("वह आवश्यकता जिसे यह पूरा करती है", "इसी प्रविष्टि का पाठ")),
    ):
        page = Page(signing.browser.get(f"{prefix}/record/acts/{offer}/"))
        (table,) = page.tree.xpath("//main//table[.//th[contains(., 'asked') or contains(., 'माँगा')]]")
        links = {str(each) for each in table.xpath(".//a/@href")}
        assert all(any(act in link for link in links) for act in shown)
        assert all(each in page.text for each in said)
        assert "need-of-side" not in str(table.text_content())
