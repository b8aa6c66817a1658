"""Whatever is offered, by whatever code: every value and term is on the page that binds, or it cannot be agreed."""

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.node.capitals import FAR, Capital, project
from tests.programme.contents import contents, leaves, words

from dtti.accord import table
from dtti.ledger.store import RELEASED
from dtti.node.acting.whole import plain
from dtti.node.core import checks, text
from dtti.node.core.draft import new_record
from dtti.programme.kinds import KINDS

from .signing import Lawless, Page, Signing, built, signing, stored  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db

JOINT = sorted(code for code, kind in KINDS.items() if kind.mode == "joint")
some = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)
many = settings(some, max_examples=150)

LINE = words(120, False)
SAID = st.fixed_dictionaries(
    {},
    optional={
        "remarks": words(400, True),
        "paper": st.builds(text.Paper, LINE, st.sampled_from(("2026", "2026-11-20")), LINE),
        "held": st.builds(text.Held, LINE, LINE, LINE),
        "file_number": LINE,
        "by": st.builds(text.By, LINE, st.sampled_from(("", "acting", "substantive"))),
    },
)
TERMS = st.builds(
    lambda until, next_, firm: table.Propose(0, next_, until, firm),
    st.sampled_from(("2031-01-26T09:00:00Z", "2099-12-31T23:59:59Z")),
    st.sampled_from(("IND", "USA")),
    st.booleans(),
)
FILES = st.lists(st.tuples(LINE, st.binary(min_size=1, max_size=40)), max_size=3)


def on_page(value: Any, page: Page) -> bool:
    """Whether a value stands on the page as it is stored."""
    return plain(stored(value)) in page.raw


def an_offer(signing: Signing, kind: str, data: st.DataObject) -> tuple[str, dict[str, Any], text.Text, Any, Any]:  # noqa: F811
    content, terms = data.draw(contents(kind)), data.draw(TERMS)
    files = data.draw(FILES)
    listed = [text.File(name, "application/pdf") for name, _ in files]
    body = text.Text(content=content, files=listed, **data.draw(SAID))
    by = Capital(Lawless(signing.usa.folder), signing.usa.office)
    record = new_record(kind, "USA")
    by.write("propose", record, terms, body, files=[each for _, each in files])
    by.node.close()
    signing.pair.swap()
    signing.node.settle()
    return record, content, body, terms, files


def shows_all(signing: Signing, data: st.DataObject, kind: str) -> None:  # noqa: F811
    record, content, body, terms, files = an_offer(signing, kind, data)
    for name in ("agree", "send-back"):
        page = signing.get(record, name)
        assert page.answer.status_code == 200
        assert page.folded == []
        assert [leaf for leaf in leaves(content) if not on_page(leaf, page)] == []
        for leaf in leaves(json.loads(text.write(body))):
            assert on_page(leaf, page), leaf
        for leaf in leaves(table.write_terms(terms)):
            assert on_page(leaf, page), leaf
        for file, held in files:
            assert sha256(held).hexdigest() in page.text
            assert f"{len(held)} bytes" in page.text
            assert plain(file) in page.text
        assert ("It cannot be withdrawn." in page.text) == terms.firm
    placed = next(one for one in signing.node.store.of_record(record))
    assert placed.id in page.raw
    assert ("Agree, for the record" in signing.get(record, "agree").buttons) == (not _against(signing, record))


def _against(signing: Signing, record: str) -> Any:  # noqa: F811
    """What the write path says against agreeing."""
    view = signing.node.book.view(record)
    assert view.offer
    placed = signing.node.store.find(view.offer.id)
    assert placed
    held = signing.node.store.body(placed.owner(view.offer.body))
    return checks.judge_offer(signing.node, view, held.data)  # type: ignore[union-attr]


@some
@given(data=st.data(), kind=st.sampled_from(JOINT))
def test_every_value_and_every_term_of_an_offer_is_on_the_page_that_binds(
    signing: Signing,  # noqa: F811
    data: st.DataObject,
    kind: str,
) -> None:
    shows_all(signing, data, kind)


@pytest.mark.sweep
@many
@given(data=st.data(), kind=st.sampled_from(JOINT))
def test_every_value_and_every_term_of_many_offers_is_on_the_page_that_binds(
    signing: Signing,  # noqa: F811
    data: st.DataObject,
    kind: str,
) -> None:
    shows_all(signing, data, kind)


@some
@given(data=st.data(), kind=st.sampled_from(JOINT))
def test_two_contents_never_look_alike(signing: Signing, data: st.DataObject, kind: str) -> None:  # noqa: F811
    one = data.draw(contents(kind))
    other = data.draw(contents(kind) | st.just(one) | changed(one))
    pages = [signing.get(signing.offered(content, new_record(kind, "USA")), "agree") for content in (one, other)]
    bodies = [[pre.text_content() for pre in page.tree.xpath("//main//pre")] for page in pages]
    assert (bodies[0][-1] == bodies[1][-1]) == (one == other)


def changed(content: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The same content but for one member, or with rows in another order."""

    def spoil(name: str) -> dict[str, Any]:
        value = content[name]
        if isinstance(value, list):
            return {**content, name: [*value[1:], value[0], value[0]]}
        return {**content, name: f"{value} "} if isinstance(value, str) else {**content, name: 7}

    return st.sampled_from(sorted(content)).map(spoil)


UNREADABLE: dict[str, tuple[dict[str, Any] | None, str]] = {
    "plain words": (None, "content"),
    "an unknown member": ({**project("ex-odd"), "also_agreed": "A sale of everything."}, "content-form"),
    "too large": ({**project("ex-odd"), "aliases": [f"alias {n}" for n in range(600)]}, "content-size"),
    "mixed rows": (
        {**project("ex-odd"), "stages": [{"stage": "proposed", "entered": "2027"}, "two", 3]},
        "content-form",
    ),
    "a broken rule": (
        {**project("ex-odd"), "stages": [{"stage": "proposed", "entered": "2027-01"}] * 2},
        "project-stages",
    ),
    "a link to nothing": ({**project("ex-odd"), "body": "no-such-body"}, "link"),
}


@pytest.mark.long
@pytest.mark.parametrize("what", UNREADABLE)
@pytest.mark.parametrize("firm", [False, True])
def test_what_cannot_be_read_here_says_why_is_shown_raw_and_has_no_button(
    signing: Signing,  # noqa: F811
    what: str,
    firm: bool,
) -> None:
    content, rule = UNREADABLE[what]
    terms = table.Propose(0, "USA", "2099-01-01T00:00:00Z", firm)
    record = signing.offered(content, remarks="We count on your agreement.", terms=terms)
    page = signing.get(record, "agree")
    assert page.answer.status_code == 200
    assert "The text cannot be read here" in page.text
    assert rule in page.text
    assert [leaf for leaf in leaves(content or {}) if not on_page(leaf, page)] == []
    assert on_page("We count on your agreement.", page)
    assert page.buttons == []
    before = signing.node.store.size(RELEASED)
    assert signing.post(record, "agree", {**page.fields, "confirm": "yes"}).answer.status_code == 409
    assert signing.node.store.size(RELEASED) == before
    overview = Page(signing.browser.get(f"/work/{record.rsplit('/', 1)[1]}/"))
    assert "cannot be read here" in overview.text
    assert "/agree/" not in overview.answer.content.decode()
    back = signing.get(record, "send-back")
    back = signing.post(record, "send-back", {**back.fields, "remarks": "It cannot be read.", "check": "yes"})
    done = signing.confirm(record, "send-back", back, remarks="It cannot be read.")
    assert done.answer.status_code == 302


def test_bytes_that_are_no_text_are_shown_as_they_came(signing: Signing) -> None:  # noqa: F811
    from dtti.ledger import body as bodies

    by = Lawless(signing.usa.folder)
    sent = b'{"content":{"ref":"ex-odd"},"content":{"ref":"ex-other"}}\xe2\x80\xae'
    wrap = bodies.wrap
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bodies, "wrap", lambda _data, salt=None: wrap(sent, salt))
        record = new_record("project", "USA")
        terms = table.Propose(0, "USA", "2099-01-01T00:00:00Z")
        Capital(by, signing.usa.office).write("propose", record, terms, text.Text(content=project("ex-odd")))
    by.close()
    signing.swap()
    page = signing.get(record, "agree")
    assert "text-form" in page.text
    assert '{"content":{"ref":"ex-odd"},"content":{"ref":"ex-other"}}\\u202e' in page.raw
    assert page.buttons == []


def test_a_counter_text_is_compared_with_the_offer_it_answers_under_that_name_and_with_what_stands(
    signing: Signing,  # noqa: F811
) -> None:
    record = signing.pair.record
    signing.ind.write(
        "propose",
        record,
        table.Propose(1, "IND", "2099-01-01T00:00:00Z"),
        text.Text(content={**project(), "name": "A net of ours"}),
    )
    signing.swap()
    offer = signing.usa.node.book.view(record).offer
    assert offer
    counter = text.Text(content={**project(), "name": "A net of theirs"})
    terms = table.SendBack(offer.id, "USA", "2099-01-01T00:00:00Z")
    signing.usa.write("send_back", record, terms, text.Text(remarks="Ours is better."), counter)
    signing.swap()
    for page in (signing.get(record, "agree"), Page(signing.browser.get(f"/work/{record.rsplit('/', 1)[1]}/"))):
        heads = [str(each.text_content()) for each in page.tree.xpath("//main//h2")]
        assert "What changes, beside: The offer by India that this answers" in heads
        assert "What changes, beside: The text that stands" in heads
        assert "Ours is better." in page.text
    marked = [
        (str(each.xpath("string(.//del)")), str(each.xpath("string(.//ins)")))
        for each in signing.get(record, "agree").tree.xpath("//main//div[contains(@class,'p-changed')]")
    ]
    assert ("[removed: of ours]", "[added: of theirs]") in [(a.replace(" ]", "]"), b) for a, b in marked] or any(
        "ours" in a and "theirs" in b for a, b in marked
    )


def test_what_one_side_alone_recorded_is_never_called_the_text_that_stands(signing: Signing) -> None:  # noqa: F811
    record = new_record("project", "USA")
    paper = text.Paper("EX/9", "2026-11-01")
    signing.usa.write("state", record, table.State(basis="paper"), text.Text(content=project("ex-nine"), paper=paper))
    signing.swap()
    signing.offered({**project("ex-nine"), "name": "Nine"}, record)
    page = signing.get(record, "agree")
    assert "beside: The latest text, agreed by nobody" in page.text
    assert "The text that stands" not in page.text


def test_one_amended_line_comes_first_and_the_whole_below(signing: Signing) -> None:  # noqa: F811
    record = signing.pair.record
    signing.ind.write("hand_over", record)
    signing.swap()
    content = {**project(), "purpose": "Drones come home to small ships.", "aliases": ["A net", "Another"]}
    signing.offered(content, record, terms=table.Propose(1, "USA", FAR))
    signing.browser.post(f"/work/{record.rsplit('/', 1)[1]}/agree/")
    page = signing.get(record, "agree")
    text_of = page.text
    first, whole = text_of.index("What changes, beside: The text that stands"), text_of.index("The whole text")
    assert first < text_of.index("Confirm for the record") < whole < text_of.index("As it is stored")
    assert "Drones come home to small ships." in text_of[first:whole]
    assert "Shipboard net" not in text_of[first:whole]
    assert "Shipboard net" in text_of[whole:]
