"""The next version of the procedure at its pages: begun, refused, sent, compared by both, agreed, and as a file."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.test import Client
from lxml import html
from tests.cli.served import command
from tests.node import capitals
from tests.node.capitals import FAR

from dtti.accord import table
from dtti.accord.procedures import Codes, codes
from dtti.language.catalogue import translate
from dtti.ledger.store import NATIONAL
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.people.models import Draft
from dtti.programme.face import Beginning
from dtti.programme.kinds import KINDS
from dtti.programme.sop.versions import Procedure, versions
from dtti.web import middleware
from dtti.web.views import beside_text

from .capitals import serve
from .signing import Page, Signing, built, press, sign_in, signing  # noqa: F401 - fixtures
from .test_forms import Form
from .test_task_forms import SIGNS

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.xdist_group("procedure")]

KIND = KINDS["procedure"]
NAMES = list(versions()["sop-1"].rows)


def begun(**changed: Any) -> dict[str, Any]:
    return KIND.tidy({**KIND.face.begins(Beginning("IND", ("IND", "USA"))), **changed})


def changed_rows() -> list[dict[str, Any]]:
    found = begun()["rows"]
    found[1]["words"] = "The need that it meets"
    return found


def at(row: str, member: str) -> str:
    return f"rows__{NAMES.index(row)}__{member}"


def offered(made: Signing, **changed: Any) -> str:
    """A version that India offers; its record."""
    record = new_record("procedure", "IND")
    content = begun(rows=changed_rows(), **changed)
    made.ind.write("propose", record, table.Propose(0, "IND", FAR), text.Text(content=content))
    made.swap()
    return record


def washington(made: Signing, settings: Any) -> Client:
    node = serve(settings, made.usa.node)
    settings.DEMONSTRATION = True
    return sign_in(node, made.usa.office, name="Daniel Ortega (exercise)")


def told(browser: Client, address: str) -> Any:
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.content.decode()[:600])
    return answer.json()


def choices(browser: Client) -> list[str]:
    return [
        str(each)
        for each in Page(browser.get("/procedure/compare/")).tree.xpath("//select[@name='other']/option/@value")
    ]


def test_a_version_is_drafted_from_the_page_refused_all_at_once_sent_compared_and_agreed(
    signing: Signing,  # noqa: F811
    settings: Any,
) -> None:
    browser = signing.browser
    page = Page(browser.get("/procedure/"))
    assert page.tree.xpath("//main//a[normalize-space()='Draft the next version']/@href") == ["/procedure/draft/"]
    assert "Neither side has sent or stated one here." in page.text
    address = browser.get("/procedure/draft/")["Location"]
    assert len(address) < 2000  # servers and proxies refuse an address of several thousand letters
    form = Form(browser.get(address))
    assert [form.sent[at(each, "id")] for each in NAMES] == NAMES
    (asked,) = form.form.xpath(f".//label[@for='id_{at(NAMES[0], 'by')}']")
    assert squeezed(asked).startswith("Who can answer")
    folded = [str(each.text_content()) for each in form.form.xpath(".//details[starts-with(@id,'id_rows__')]/summary")]
    assert len(folded) == len(NAMES)
    assert folded[1] == "2. Screened: The need that it answers"
    assert not Draft.objects.exists()

    wrong = {
        at("need-of-side", "id"): "Need Of Side",
        at("success-agreed", "words"): "",
        at("lessons-written", "stage"): "x",
    }
    refused = Form(browser.post(address, {**form.sent, "title": "", "effective": "soon", **wrong}))
    said = {target for target, _words in refused.summary}
    last = f"#id_rows__{len(NAMES) - 1}__stage"
    assert said >= {
        "#id_title",
        "#id_effective",
        f"#id_{at('need-of-side', 'id')}",
        f"#id_{at('success-agreed', 'words')}",
        last,
    }
    assert "small English letters" in refused.at(at("need-of-side", "id"))
    unfolded = refused.form.xpath(".//fieldset[@class='row'][starts-with(@id,'id_rows__')]/@id")
    assert len(unfolded) == 3  # what is wrong stands open, the rest folded
    assert Draft.objects.count() == 1

    sent = {**form.sent, at("need-of-side", "words"): "The need that it meets", at("success-agreed", "waivable"): "no"}
    more = browser.post(address, {**sent, "more": "rows"})["Location"]
    form = Form(browser.get(more.partition("#")[0]))
    new = {
        "stage": "screened",
        "words": "Told to both services",
        "words_hi": "दोनों सेनाओं को बताया गया",
        "id": "services-told",
        "by": "The secretariat of that side",
        "how": "attested",
        "basis": "Services heard of projects from the press.",
        "confidence": "inferred",
    }
    whole = {**form.sent, **{f"rows__{len(NAMES)}__{name}": value for name, value in new.items()}}
    both = Form(
        browser.post(address, {**whole, at("success-agreed", "unless"): "yes", at("success-agreed", "waivable"): "yes"})
    )
    ids = [each["id"] for each in Draft.objects.get().content["rows"]]
    assert ids.index("services-told") == ids.index("interests-declared") + 1  # at the end of its stage, by itself
    place = ids.index("success-agreed")
    assert "(rule procedure-unless)" in both.answer.content.decode() or both.at(f"rows__{place}__unless")
    fixed = {**both.sent, f"rows__{place}__unless": "no", f"rows__{place}__waivable": "no"}
    check = browser.post(address.partition("?")[0], fixed)
    assert check.status_code == 302, Form(check).summary
    assert press(browser, check["Location"]).status_code == 302
    signing.swap()
    code = address.split("/")[2]

    mine = told(browser, "/procedures/sop-2.json")
    states = {each["id"]: each["state"] for each in mine["compared"]["changes"]["rows"]}
    assert states == {"need-of-side": "changed", "services-told": "added", "success-agreed": "changed"}
    assert mine["holding"]["held"] is False
    shown = Page(browser.get("/procedures/sop-2/"))
    assert "Both sides have not agreed this text. It governs no project." in shown.text
    assert "The software here does not hold sop-2" in shown.text
    listed = Page(browser.get("/procedure/"))
    assert "Standard Operating Procedure, version 2" in listed.text
    assert "offer, not agreed" in " ".join(listed.text.split())

    other = washington(signing, settings)
    theirs = told(other, "/procedures/sop-2.json")
    assert theirs["compared"]["changes"] == mine["compared"]["changes"]
    page = Page(other.get("/procedures/sop-2/"))
    (changed,) = page.tree.xpath("//h4[contains(., 'The need that it meets')]/following-sibling::div[1]")
    assert [each.text_content() for each in changed.xpath(".//del")] == ["[removed: answers]"]
    assert [each.text_content() for each in changed.xpath(".//ins")] == ["[added: meets]"]
    assert press(other, f"/work/{code}/agree/").status_code == 302
    signing.swap()
    for browser, node in ((other, signing.usa.node), (signing.browser, signing.ind.node)):
        serve(settings, node)
        settings.DEMONSTRATION = True
        page = Page(browser.get("/procedures/sop-2/"))
        assert "Both sides have agreed this text. It governs no project by that alone." in page.text
        assert "activated by the root keys of both sides" in page.text
        assert "stays under the version that its text names" in page.text
        assert "agreed here" in " ".join(Page(browser.get("/procedure/")).text.split())


def test_any_two_versions_that_one_may_see_are_compared_and_no_draft_of_the_other_side(
    signing: Signing,  # noqa: F811
    settings: Any,
) -> None:
    record = offered(signing)
    kept = new_record("procedure", "IND")
    planted = begun(ref="sop-9", title="PLANTED version", rows=changed_rows())
    signing.ind.write("state", kept, table.State(basis="own"), text.Text(content=planted), ledger=NATIONAL)
    signing.swap()
    codes_of = {"open": record.rsplit("/", 1)[1], "kept": kept.rsplit("/", 1)[1]}
    assert choices(signing.browser) == ["sop-1", codes_of["kept"], codes_of["open"]]
    found = told(signing.browser, "/procedure/compare.json?one=sop-2&other=sop-9")["changes"]
    assert [each["field"] for each in found["whole"]] == ["title"]
    assert found["rows"] == []
    (back,) = told(signing.browser, "/procedure/compare.json?one=sop-2&other=sop-1")["changes"]["rows"]
    assert [(each["before"], each["after"]) for each in back["fields"]] == [
        ("The need that it meets", "The need that it answers")
    ]
    other = washington(signing, settings)
    assert choices(other) == ["sop-1", codes_of["open"]]
    for name in ("sop-9", codes_of["kept"], kept, "no-such"):
        for address in ("/procedure/compare/", "/procedure/compare.json"):
            refused = other.get(f"{address}?one=sop-1&other={name}")
            assert refused.status_code == 422, (address, name)
            assert "PLANTED" not in refused.content.decode()
            assert "whose text can be read" in refused.content.decode()
    assert "PLANTED" not in other.get("/procedure/").content.decode()
    serve(settings, signing.ind.node)
    settings.DEMONSTRATION = True
    nobody = Client()
    assert choices(nobody) == ["sop-1"]
    page = Page(nobody.get("/procedure/"))
    assert "Draft the next version" not in page.text
    assert nobody.get("/procedure/draft/").status_code in (302, 403)
    assert not Draft.objects.exists()


def test_who_may_not_draft_it_is_told_so_and_offered_no_button(signing: Signing) -> None:  # noqa: F811
    auditor = sign_in(signing.node, signing.ind.office, "auditor", "Nobody Writing (exercise)")
    assert "Draft the next version" not in Page(auditor.get("/procedure/")).text
    assert auditor.get("/procedure/draft/").status_code == 403


def test_the_page_names_each_difference_to_what_the_software_holds(signing: Signing) -> None:  # noqa: F811
    """As where a later release holds the version: here the other side's own code offers one that is out already."""
    first = offered(signing, ref="base")
    same = begun(ref="sop-1", follows="base", title=versions()["sop-1"].about.title, effective="2026-11-30")
    record = signing.offered(same, new_record("procedure", "USA"))
    address = f"/procedures/{record.rsplit('/', 1)[1]}"
    held = told(signing.browser, f"{address}.json")["holding"]
    assert (held["held"], held["codes_equal"], held["words_equal"]) == (True, True, True)
    assert (held["rule_sets"], held["in_force"]) == (["dtti_2"], ["dtti_2"])
    page = Page(signing.browser.get(f"{address}/"))
    assert "The software here holds sop-1, and its codes are those of this text. Its words are the same." in page.text
    assert "In force here by the root keys of both sides, with this version: rule set dtti_2." in page.text
    assert not page.tree.xpath("//section[@id='differs']")

    cases = {
        "words": ("Other words", True, False),
        "waivable": (False, False, True),
        "words_hi": ("और शब्द", True, False),
    }
    for member, (value, codes_equal, words_equal) in cases.items():
        rows = begun()["rows"]
        rows[1] = {**rows[1], member: value}
        record = signing.offered(
            {**same, "rows": rows} if value else KIND.tidy({**same, "rows": rows}), new_record("procedure", "USA")
        )
        address = f"/procedures/{record.rsplit('/', 1)[1]}"
        held = told(signing.browser, f"{address}.json")["holding"]
        assert (held["codes_equal"], held["words_equal"]) == (codes_equal, words_equal), member
        (row,) = held["changes"]["rows"]
        assert (row["id"], [each["field"] for each in row["fields"]]) == (NAMES[1], [member])
        assert Page(signing.browser.get(f"{address}/")).tree.xpath("//section[@id='differs']"), member
    record = signing.offered({**same, "exits": ["withdrawn"]}, new_record("procedure", "USA"))
    page = Page(signing.browser.get(f"/procedures/{record.rsplit('/', 1)[1]}/"))
    assert "its codes are not those of this text" in page.text
    assert first.startswith("procedure/IND/")


def test_a_text_whose_version_goes_round_or_is_away_is_shown_and_compared_with_nothing(
    signing: Signing,  # noqa: F811
) -> None:
    kept = new_record("procedure", "IND")
    inside = begun(ref="inside", rows=changed_rows())
    signing.ind.write("state", kept, table.State(basis="own"), text.Text(content=inside), ledger=NATIONAL)
    record = new_record("procedure", "IND")
    after = begun(ref="after", follows="inside")
    signing.ind.write("state", record, table.State(basis="own"), text.Text(content=after), ledger=NATIONAL)
    signing.node.settle()
    page = Page(signing.browser.get("/procedures/after/"))
    assert "What it changes of inside" in page.text
    shown = told(signing.browser, "/procedures/after.json")["compared"]["changes"]
    assert [each["id"] for each in shown["rows"]] == [NAMES[1]]


def moved_rows() -> list[dict[str, Any]]:
    """A row moved from one stage to an earlier one."""
    rows = begun()["rows"]
    moved = {"release-question": {"stage": "exploring"}}
    return [{**row, **moved.get(row["id"], {})} for row in rows]


def moved(made: Signing, **changed: Any) -> str:
    record = new_record("procedure", "IND")
    content = KIND.tidy(KIND.face.arranged({**begun(), "rows": moved_rows(), **changed}))
    made.ind.write("propose", record, table.Propose(0, "IND", FAR), text.Text(content=content))
    made.swap()
    return record.rsplit("/", 1)[1]


def squeezed(tree: Any) -> str:
    return " ".join(str(tree.text_content()).split())


def follows(browser: Client, address: str) -> Any:
    """The comparison on a page, which stands open and before the whole text."""
    page = Page(browser.get(address))
    (found,) = page.tree.xpath("//main//section[@id='follows']")
    assert found.xpath("following::table[contains(concat(' ', @class, ' '), ' whole ')]"), address
    assert not found.xpath("preceding::table[contains(concat(' ', @class, ' '), ' whole ')]"), address
    assert not found.xpath(".//details"), address
    return found


def test_who_is_to_agree_is_told_what_it_changes_of_the_version_that_it_follows(
    signing: Signing,  # noqa: F811
    settings: Any,
) -> None:
    code = moved(signing)
    other = washington(signing, settings)
    for address in (f"/work/{code}/", f"/work/{code}/agree/"):
        section = follows(other, address)
        said = squeezed(section)
        assert "What it changes of sop-1" in said
        assert "No text between the two sides stands yet." in said
        assert (
            "Compared with the version that it changes: sop-1: Standard Operating Procedure, version 1, held by this "
            "software." in said
        )
        (row,) = map(squeezed, section.xpath(".//h4"))
        assert squeezed(section.xpath(".//h3")[-1]) == "Stage: Being explored"
        assert row == (
            "The release question answered: yes, yes with conditions, or no (moved here from the stage: endorsed)"
        )
        assert "all of it is new" not in Page(other.get(address)).text
        hindi = follows(other, f"/hi{address}")
        assert "दोनों पक्षों के बीच अभी कोई पाठ मान्य नहीं है।" in squeezed(hindi)
        assert "(इस चरण से यहाँ लाई गई: अनुमोदित)" in squeezed(hindi.xpath(".//h4")[0])
        assert not re.search("[A-Za-z]{4}", squeezed(hindi.xpath(".//h4")[0]))
        heads = {squeezed(each) for each in hindi.xpath("following::table[1]//th[@scope='col']")}
        assert "उत्तर कौन दे सकता है" in heads  # of `by`, which elsewhere is a day
        assert squeezed(hindi.xpath(".//h3")[-1]) == f"चरण: {translate('being explored', 'hi')}"


def test_it_is_compared_before_it_is_sent_and_what_is_signed_is_the_same(
    signing: Signing,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = signing.browser
    address = browser.get("/procedure/draft/")["Location"]
    sent = {**Form(browser.get(address)).sent, at("need-of-side", "words"): "The need that it meets"}
    check = browser.post(address, sent)["Location"]
    section = follows(browser, check)
    assert "The need that it meets (changed)" in squeezed(section)
    assert "No text between the two sides stands yet." in squeezed(section)
    fields = Page(browser.get(check)).fields
    monkeypatch.setattr(beside_text, "ROOMS", {})
    assert not Page(browser.get(check)).tree.xpath("//section[@id='follows']")
    assert browser.post(check, {**fields, "confirm": "yes"}).status_code == 302  # what was shown is what is bound to


def test_once_a_text_stands_it_is_compared_with_that_and_with_the_version_that_it_follows(
    signing: Signing,  # noqa: F811
) -> None:
    record = f"procedure/IND/{moved(signing)}"
    offer = signing.usa.node.book.view(record).offer
    assert offer is not None
    signing.usa.write("accept", record, table.Answer(offer.id))
    signing.swap()
    content = KIND.tidy(KIND.face.arranged({**begun(), "rows": moved_rows()[1:]}))
    signing.ind.write("propose", record, table.Propose(1, "IND", FAR), text.Text(content=content))
    signing.swap()
    section = follows(signing.browser, f"/work/{record.rsplit('/', 1)[1]}/")
    assert "No text between the two sides stands yet." not in squeezed(section)
    assert "Nominated by someone with standing (removed)" in squeezed(section)
    assert "moved here from the stage: endorsed" in squeezed(section)


def test_who_drafts_or_sends_a_text_is_told_of_others_that_change_the_same_version(
    signing: Signing,  # noqa: F811
    settings: Any,
) -> None:
    browser, warned = signing.browser, "//main//*[@id='open-beside']//a"
    address = browser.get("/procedure/draft/")["Location"]
    assert not Page(browser.get(address)).tree.xpath(warned)
    code = moved(signing, ref="sop-8")
    assert not Page(browser.get(f"/work/{code}/")).tree.xpath(warned)  # no text stands beside itself

    def links(address: str) -> list[tuple[str, str]]:
        found = Page(browser.get(address)).tree.xpath(warned)
        return [(squeezed(each), str(each.get("href"))) for each in found]

    offer = "sop-8: Standard Operating Procedure, version 2, offer, not agreed"
    expected = [(offer, f"/procedures/{code}/")]
    address = browser.get("/procedure/draft/")["Location"]
    assert links(address) == expected
    sent = {**Form(browser.get(address)).sent, at("need-of-side", "words"): "The need that it meets"}
    elsewhere = Form(browser.post(address, {**sent, "follows": "sop-8", "title": ""}))
    assert not elsewhere.answer.content.decode().count("open-beside")  # it changes another version
    check = browser.post(address, {**sent, "follows": "sop-1"})["Location"]
    assert links(check) == expected
    assert "sop-1 को बदलने वाला एक और पाठ खुला है" in Page(browser.get(f"/hi{check}")).text
    assert press(browser, check).status_code == 302  # a warning, and no refusal
    signing.swap()

    record = f"procedure/IND/{code}"
    opened = signing.usa.node.book.view(record).offer
    assert opened is not None
    signing.usa.write("accept", record, table.Answer(opened.id))
    signing.swap()
    mine = check.split("/")[2]
    assert links(f"/work/{mine}/") == [(offer.replace("offer, not agreed", "agreed here"), f"/procedures/{code}/")]
    other = washington(signing, settings)
    (theirs,) = Page(other.get(f"/work/{mine}/agree/")).tree.xpath(warned)
    assert "agreed here" in squeezed(theirs)


def test_each_version_says_on_what_it_rests_and_no_row_reads_as_surer(signing: Signing) -> None:  # noqa: F811
    page = Page(signing.browser.get("/procedure/"))
    about = versions()["sop-1"].about
    (head,) = page.tree.xpath("//main//h2[normalize-space()='Standard Operating Procedure, version 1']/..")
    assert squeezed(head).endswith("Rests on: S57 · inferred")
    cells = {
        squeezed(row.xpath("./th")[0]): squeezed(row.xpath(".//small")[0])
        for row in page.tree.xpath("//main//tr[th[@scope='row']][.//small]")
    }
    sure = {rule.words: rule.confidence for rule in versions()["sop-1"].rows.values()}
    assert {"sourced", "inferred", "unverified"} == set(sure.values())
    for words, confidence in sure.items():
        whole = "sop-1; sourced by the sources of that version: S57; the version itself is inferred"
        assert cells[words] == (whole if confidence == "sourced" else f"sop-1; {confidence}")
    assert about.sources == ("S57",)
    moved(signing)
    text_of_record = Page(signing.browser.get("/procedures/sop-2/")).text
    assert "sop-2; sourced, but that version names no source" in text_of_record
    assert "sop-2; inferred" in text_of_record


def test_the_sources_of_a_version_lead_to_their_pages_where_the_reader_sees_them(signing: Signing) -> None:  # noqa: F811
    source = {"ref": "S57", "title": "How projects behaved", "type": "press", "publisher": "Exercise"}
    record = new_record("source", "IND")
    signing.ind.write("state", record, table.State(base=0), text.Text(content=KINDS["source"].tidy(source)))
    signing.swap()
    (link,) = Page(signing.browser.get("/procedure/")).tree.xpath("//main//a[normalize-space()='S57']/@href")
    assert signing.browser.get(link).status_code == 200


def test_pages_and_json_have_the_same_hindi_of_each_row(signing: Signing) -> None:  # noqa: F811
    (held,) = told(signing.browser, "/procedure.json")["versions"]
    page = Page(signing.browser.get("/hi/procedure/"))
    shown = [squeezed(each) for each in page.tree.xpath("//main//tr[.//small]/th[@scope='row']")]
    assert held["rows"]["nominated-by"]["words_hi"] == "किसी अधिकृत द्वारा नामित"
    assert [row["words_hi"] for row in held["rows"].values()] == shown


def run(signing: Signing, *words: object) -> subprocess.CompletedProcess[str]:  # noqa: F811
    asked = command("procedure", *words, "--node", signing.ind.folder)
    return subprocess.run(asked, env=capitals.environment(), capture_output=True, text=True)


def test_the_command_writes_what_was_offered_or_agreed_and_refuses_the_rest(signing: Signing, tmp_path: Path) -> None:  # noqa: F811
    record = offered(signing)
    file = tmp_path / "sop_2.toml"
    written = run(signing, "sop-2", "-o", file)
    assert (written.returncode, written.stderr) == (0, "")
    first = file.read_text(encoding="utf-8")
    assert "offered for agreement, and agreed by nobody yet" in first.partition("\n")[0]
    held = msgspec.convert(tomllib.loads(first), Procedure)
    assert (held.about.version, held.about.confidence) == ("sop-2", "unverified")
    assert held.rows["need-of-side"].words == "The need that it meets"
    offer = signing.usa.node.book.view(record).offer
    assert offer is not None
    signing.usa.write("accept", record, table.Answer(offer.id))
    signing.swap()
    agreed = run(signing, record.rsplit("/", 1)[1], "--json")
    value = json.loads(agreed.stdout)
    assert (value["version"], value["record"], value["grade"]) == ("sop-2", record, "agreed_here")
    assert "agreed by both sides" in value["toml"].partition("\n")[0]
    stored = tomllib.loads(value["toml"])
    assert stored["about"]["confidence"] == "sourced"
    assert msgspec.convert({**stored["about"], "rows": stored["rows"]}, Codes) == codes("sop-1")  # words alone changed
    none = run(signing, "sop-7")
    assert none.returncode == 1
    assert "procedure-record" in none.stderr
    inside = new_record("procedure", "IND")
    content = begun(ref="inside")
    signing.ind.write("state", inside, table.State(basis="own"), text.Text(content=content), ledger=NATIONAL)
    assert "procedure-record" in run(signing, "inside").stderr  # kept inside: not even its name is told
    said = new_record("procedure", "IND")
    signing.ind.write("state", said, table.State(basis="own"), text.Text(content=begun(ref="told")))
    assert "procedure-open" in run(signing, "told").stderr


def test_pages_in_hindi_say_all_of_their_own_words_in_hindi(signing: Signing) -> None:  # noqa: F811
    rows = changed_rows()
    rows[3] = {**rows[3], "stage": "exploring", "how": "in-force", "sides": ["IND"], "paths": ["sale-linked"]}
    record = new_record("procedure", "IND")
    content = KIND.tidy(KIND.face.arranged({**begun(), "rows": rows[:-1], "exits": ["withdrawn"]}))
    signing.ind.write("propose", record, table.Propose(0, "IND", FAR), text.Text(content=content))
    signing.swap()
    for address in ("/procedure/", "/procedures/sop-2/", "/procedure/compare/?one=sop-1&other=sop-2", "/procedures/"):
        answer = signing.browser.get(f"/hi{address}")
        assert answer.status_code == 200
        (main,) = html.fromstring(answer.content.decode()).xpath("//main")
        for each in main.xpath(".//*[@lang='en']|.//script|.//code|.//option"):
            each.text = ""
            for below in list(each):
                each.remove(below)
        left = [SIGNS.sub("", one) for one in main.itertext()]
        assert [one.strip() for one in left if re.search("[A-Za-z]{2}", one)] == [], address
    page = Page(signing.browser.get("/hi/procedures/sop-2/"))
    assert "उसके समझौते का लागू होना" in page.text  # where the answer is found now
    middleware.open_node.cache_clear()
