"""Remarks are read where people decide, each with who reads it; whoever may not read one is told of none."""

from typing import Any

import pytest
from django.test import Client
from tests.node.capitals import project

from dtti.accord import table
from dtti.ledger.engine import Sqlite
from dtti.ledger.store import NATIONAL
from dtti.node.core import text
from dtti.node.core.draft import Draft
from dtti.node.line import spill

from .capitals import serve
from .signing import Page, Signing, built, press, sign_in, signing  # noqa: F401 - fixtures
from .test_kept import CELL, Inside, inside  # noqa: F401 - fixture

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("signing")]

GROUP, ALONE, TOLD, THEIRS = "quagga for the cell", "quagga for our side", "quagga for both sides", "quagga of theirs"


def shown(browser: Client, path: str) -> dict[str, str]:
    """The remarks on a page: their words, and all that stands around each."""
    page = Page(browser.get(path))
    assert page.answer.status_code == 200, path
    rows = page.tree.xpath("//section[@id='remarks']//li")
    return {str(row.xpath("string(.//p[@class='said'])")): " ".join(str(row.text_content()).split()) for row in rows}


def twin(browser: Client, path: str) -> list[dict[str, Any]]:
    """The same, as a program reads it."""
    found: list[dict[str, Any]] = browser.get(path.rstrip("/") + ".json").json()["remarks"]
    return found


def test_each_remark_stands_on_the_pages_of_work_and_record_with_who_reads_it(inside: Inside) -> None:  # noqa: F811
    work = f"/work/{inside.told}/"
    for page, said, kept in (
        ("remark/", GROUP, {"kept": inside.group}),
        ("remark/", ALONE, {}),
        ("remark-to-the-other-side/", TOLD, {}),
    ):
        assert press(inside.member, work + page, remarks=said, **kept).status_code == 302
    record = next(one for one in inside.signing.node.store.records() if one.endswith(inside.told))
    inside.signing.usa.write("comment", record, None, text.Text(remarks=THEIRS))
    inside.signing.swap()
    for path in (work, f"/needs/{inside.told}/"):
        found = shown(inside.member, path)
        assert sorted(found) == sorted([THEIRS, TOLD, ALONE, GROUP])
        assert f"Kept to {CELL}" in found[GROUP]
        assert "National, not released" in found[GROUP]
        assert "National, not released" in found[ALONE]
        assert "Kept to" not in found[ALONE]
        for each in (TOLD, THEIRS):
            assert "Read by both sides" in found[each]
            assert "National" not in found[each]
        assert "United States" in found[THEIRS]
        assert [one["remarks"] for one in twin(inside.member, path)] == list(found)
        inner = {one["remarks"]: one["inside"] for one in twin(inside.member, path)}
        assert inner == {THEIRS: False, TOLD: False, ALONE: True, GROUP: True}
        outside = shown(inside.outside, path)
        assert sorted(outside) == sorted([THEIRS, TOLD, ALONE])
        assert GROUP not in inside.outside.get(path.rstrip("/") + ".json").content.decode()
        public = Client().get(path).content.decode()
        assert "quagga" not in public


def test_whoever_answers_an_offer_reads_the_remarks_on_it_first(signing: Signing) -> None:  # noqa: F811
    record = signing.offered(project("ex-two"), remarks="Please mind line 2.")
    code = record.rsplit("/", 1)[1]
    signing.usa.write("comment", record, None, text.Text(remarks=THEIRS))
    signing.swap()
    assert press(signing.browser, f"/work/{code}/remark/", remarks=ALONE).status_code == 302
    for page in ("agree/", "send-back/", "", "remark-to-the-other-side/"):
        found = shown(signing.browser, f"/work/{code}/{page}")
        assert sorted(found) == sorted([ALONE, THEIRS, "Please mind line 2."])
        assert "Read by both sides" in found["Please mind line 2."]
    assert sorted(shown(signing.browser, f"/projects/{code}/")) == sorted([ALONE, THEIRS, "Please mind line 2."])


def test_the_other_capital_reads_what_it_was_told_and_no_word_more(
    signing: Signing,  # noqa: F811
    settings: Any,
) -> None:
    code = signing.pair.record.rsplit("/", 1)[1]
    for page, said in (("remark/", ALONE), ("remark-to-the-other-side/", TOLD)):
        assert press(signing.browser, f"/work/{code}/{page}", remarks=said).status_code == 302
    signing.swap()
    node = serve(settings, signing.usa.node)
    settings.DEMONSTRATION = True
    there = sign_in(node, signing.usa.office, name="Ann Reed (exercise)")
    for path in (f"/work/{code}/", f"/projects/{code}/"):
        assert list(shown(there, path)) == [TOLD]
        assert ALONE not in there.get(path).content.decode()


def test_what_was_erased_says_so_and_a_dated_page_knows_no_later_remark(signing: Signing) -> None:  # noqa: F811
    code = signing.pair.record.rsplit("/", 1)[1]
    reached = signing.node.book.released.time[:10]
    receipt = signing.ind.comment(signing.pair.record, TOLD)
    kept = signing.ind.comment(signing.pair.record, ALONE, ledger=NATIONAL)
    signing.node.settle()
    assert sorted(shown(signing.browser, f"/projects/{code}/")) == sorted([ALONE, TOLD])
    before = str(int(reached[:4]) - 1) + reached[4:]
    assert TOLD not in signing.browser.get(f"/projects/{code}/?known={before}").content.decode()
    spill.erase(signing.node, receipt.act)
    page = signing.browser.get(f"/work/{code}/").content.decode()
    assert TOLD not in page
    (erased,) = [one for one in twin(signing.browser, f"/work/{code}/") if one["act"] == receipt.act]
    assert (erased["remarks"], erased["gone"]) == ("", "erased")
    assert kept.act in {one["act"] for one in twin(signing.browser, f"/work/{code}/")}


def test_a_page_asks_as_many_questions_for_thirty_remarks_as_for_three(inside: Inside, monkeypatch) -> None:  # noqa: F811
    asked: list[str] = []
    run = Sqlite.run

    def counted(self: Sqlite, sql: str, *values: Any) -> Any:
        asked.append(sql)
        return run(self, sql, *values)

    node, path = inside.signing.node, f"/needs/{inside.told}/"
    record = next(one for one in node.store.records() if one.endswith(inside.told))
    counts = []
    for more in (3, 27):
        for number in range(more):
            words = text.Text(remarks=f"quagga {more}-{number}")
            node.write(Draft("comment", record, table.Plain(), inside.signing.ind.office, (words,)))
        inside.member.get(path)
        with monkeypatch.context() as patched:
            patched.setattr(Sqlite, "run", counted)
            asked.clear()
            assert len(shown(inside.member, path)) == sum((3, 27)[: len(counts) + 1])
        counts.append(len(asked))
    assert counts[0] == counts[1] > 0
