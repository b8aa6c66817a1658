"""A passkey over the act, at the pages that bind: it signs what its page shows, for its office, once, and no more."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.node.capitals import project

from dtti.accord import table_2
from dtti.accord.proof import check
from dtti.ledger.act import open_leaf
from dtti.ledger.store import NATIONAL
from dtti.node.acting import passkeys
from dtti.node.core import text
from dtti.node.core.draft import Draft, new_record
from dtti.node.core.visibility import Viewer
from dtti.node.folder import config
from dtti.node.record import journal

from .capitals import serve
from .passkeys import FLAG, SoftKey
from .signing import Page, Signing, built, sign_in, signing  # noqa: F401 - fixtures
from .test_binding import PAGES, _ready
from .test_passkeys import HOST, ORIGIN, at_name, bound

pytestmark = pytest.mark.django_db

Settled = Callable[..., Signing]


@pytest.fixture
def settled(signing: Signing, settings: Any) -> Settled:  # noqa: F811
    """Two capitals, India's pages at an address with a name and with these settings."""

    def settle(**changes: Any) -> Signing:
        signing.pair.ind = at_name(signing.ind, **changes)
        signing.node = serve(settings, signing.ind.node)
        settings.DEMONSTRATION = True
        return signing

    return settle


def answered(shown: Page, key: SoftKey, **how: Any) -> str:
    """What the page's script puts into the form, by the options that the page gives."""
    (place,) = shown.tree.xpath("//*[@data-assert]")
    return given(key.get({"publicKey": json.loads(place.get("data-assert"))}, **how))


def given(made: dict[str, Any]) -> str:
    """The answer of a device as the page's script writes it."""
    said = made["response"]
    names = {"authenticator": "authenticatorData", "client": "clientDataJSON", "signature": "signature"}
    return json.dumps(
        {
            mine: base64.b64encode(base64.urlsafe_b64decode(said[theirs] + "==")).decode()
            for mine, theirs in names.items()
        }
    )


def press(at: Signing, record: str, page: str, shown: Page, key: SoftKey, **more: Any) -> Page:
    """The button that asks for the passkey."""
    fields = {**shown.fields, "passkey": answered(shown, key), **more, "confirm": "passkey"}
    return at.post(record, page, fields)


SIGNED = [page for page in PAGES if page not in ("ask", "remark", "remark-to-the-other-side")]


@pytest.mark.parametrize("page", SIGNED)
def test_every_page_that_binds_is_confirmed_by_passkey(settled: Settled, page: str) -> None:
    at = settled()
    key = bound(at)
    record, given_, shown = _ready(at, page)
    before = at.sizes()
    done = press(at, record, page, shown, key, **given_)
    assert done.answer.status_code == 302, done.text
    assert at.sizes() != before
    signed = [
        open_leaf(leaf).act
        for ledger, size in before.items()
        for leaf in at.node.store.leaves(ledger, size, at.sizes()[ledger])
    ]
    assert [one.verb for one in signed if "assertion" in one.terms] == [signed[0].verb]
    receipt = Page(at.browser.get(done.answer["Location"]))
    assert "confirmed by passkey of the office" in receipt.text
    identity = done.answer["Location"].rstrip("/").rpartition("/")[2]
    entry = Page(at.browser.get(f"/record/acts/{identity}/"))
    assert "Confirmed by passkey of the office" in entry.text
    assert "Signed by a server-held key." not in entry.text


NEED = {"ref": "ex-need", "type": "need", "side": "IND", "title": "A need", "user": "Navy", "capability": "Look"}
PROJECT = {**project("ex-sent"), "in_dtti": "yes"}
#: Texts that people draft: what begins each, the purpose of its draft, and its answers.
DRAFTS: dict[str, tuple[str, dict[str, Any]]] = {
    "propose": ("/work/new/projects/", PROJECT),
    "state": ("/work/new/needs/", {**NEED, "kept": "no"}),
    "state, kept inside": ("/work/new/needs/", {**NEED, "kept": "yes"}),
    "counter": ("", {**PROJECT, "remarks": "Not yet."}),
    "paper": ("", {**PROJECT, "text_basis": "own", "kept": "no"}),
}
VERB = {"propose": "propose", "state": "state", "state, kept inside": "state", "counter": "send_back", "paper": "state"}


def drafted(at: Signing, case: str) -> tuple[str, str, Page]:
    """A draft that can be confirmed: its record, the page that checks it, and what that showed."""
    begin, answers = DRAFTS[case]
    purpose = case.partition(",")[0]
    if begin:
        path = at.browser.get(begin)["Location"]
        record = path.split("/")[2]
    else:
        record = at.offered(project("ex-two")) if purpose == "counter" else at.pair.record
        record = record.rpartition("/")[2]
        path = f"/work/{record}/draft/{purpose}/"
    kept = at.browser.post(path, {key: str(value) for key, value in answers.items()})
    assert kept.status_code == 302, Page(kept).text
    shown = at.get(f"/{record}", f"check/{purpose}")
    assert shown.answer.status_code == 200, shown.text
    return f"/{record}", f"check/{purpose}", shown


@pytest.mark.parametrize("case", DRAFTS)
@pytest.mark.parametrize("asked", [False, True], ids=["free", "asked for"])
def test_a_text_that_is_sent_or_stated_is_confirmed_by_passkey(settled: Settled, case: str, asked: bool) -> None:
    at = settled()
    key = bound(at)
    if asked:
        at = settled(passkeys=config.Passkeys((VERB[case],)))  # type: ignore[arg-type]
        at.browser = sign_in(at.node, at.ind.office)
    record, page, shown = drafted(at, case)
    assert bool([each for each in shown.buttons if "server-held key" in each]) != asked
    before = at.sizes()
    if asked:
        refused = at.confirm(record, page, shown)
        assert refused.answer.status_code == 409
        assert "passkey" in refused.text
        assert at.sizes() == before
    done = press(at, record, page, shown, key)
    assert done.answer.status_code == 302, done.text
    written = [
        open_leaf(leaf).act
        for ledger, size in before.items()
        for leaf in at.node.store.leaves(ledger, size, at.sizes()[ledger])
    ]
    assert [(one.verb, "assertion" in one.terms) for one in written] == [(VERB[case], True)]
    entry = Page(at.browser.get(f"/record/acts/{done.answer['Location'].rstrip('/').rpartition('/')[2]}/"))
    assert "Confirmed by passkey of the office" in entry.text


def test_without_a_passkey_the_record_says_server_held_key(settled: Settled) -> None:
    at = settled()
    bound(at)
    record = at.offered(project("ex-two"))
    done = at.confirm(record, "agree", at.get(record, "agree"))
    assert "server-held key" in Page(at.browser.get(done.answer["Location"])).text


@pytest.mark.parametrize(
    "spoiled", ["rule = 'base'", "verb = 'propose'", "office = 'office/IND/zzzzzzzzzzzzzzzz'", "side = 'USA'"]
)
def test_a_release_is_confirmed_by_no_copy_that_does_not_count(settled: Settled, spoiled: str) -> None:
    at = settled()
    key = bound(at)
    record, given_, shown = _ready(at, "release")
    size = at.sizes()[NATIONAL]
    assert press(at, record, "release", shown, key, **given_).answer.status_code == 302
    at.node.book.sync()
    released = open_leaf(next(iter(at.node.store.leaves(NATIONAL, size, size + 1))))
    viewer = Viewer("IND", national=True)
    done = journal.act(at.node, viewer, released.id)
    assert done is not None
    assert (done.verb, journal.by_passkey(at.node, done)) == ("release", True)
    page = f"/record/acts/{released.id}/"
    assert "Confirmed by passkey of the office" in Page(at.browser.get(page)).text
    (copy,) = released.act.terms["released"]
    at.node.projection.engine.run(f"UPDATE done SET {spoiled} WHERE id = ?", (copy,))
    assert journal.by_passkey(at.node, done) is False
    assert "Confirmed by passkey of the office" not in Page(at.browser.get(page)).text


def test_the_other_side_and_a_proof_say_who_confirmed(settled: Settled) -> None:
    at = settled()
    key = bound(at)
    record = at.offered(project("ex-two"))
    assert press(at, record, "agree", at.get(record, "agree"), key).answer.status_code == 302
    at.swap()
    assert at.usa.node.book.view(record).version == 1
    proof = at.browser.get(f"/records/projects/{record.rsplit('/', 1)[1]}/proof/file")
    checked = check(proof.content)
    assert checked.good
    assert "Confirmed by passkey for IND." in checked.says
    history = Page(at.browser.get(f"/projects/{record.rsplit('/', 1)[1]}/")).text
    assert "confirmed by passkey of the office" in history
    assert "server-held key" in history  # the offer of the other side, which no person confirmed


def test_nothing_is_written_where_the_form_is_not_the_one_that_was_signed(settled: Settled) -> None:
    at = settled()
    key, stranger = bound(at), SoftKey(ORIGIN, HOST)
    record = at.offered(project("ex-two"))
    shown, other = at.get(record, "agree"), at.get(record, "agree")
    before = at.sizes()
    (place,) = other.tree.xpath("//*[@data-assert]")
    told = json.loads(place.get("data-assert"))
    usa = SoftKey("http://usa.localhost:8301", HOST)
    usa.private = key.private
    wide = SoftKey(ORIGIN, "localhost")
    wide.private = key.private
    for answer in (
        given(key.get({"publicKey": told})),  # of another form: the same act, another nonce
        answered(shown, stranger),  # of a key that nobody bound
        answered(shown, key, flags=FLAG.UP),  # nobody was verified
        answered(shown, usa),
        answered(shown, wide),
        "",
        "{}",
        "null",
        json.dumps({**json.loads(answered(shown, key)), "more": "x"}),
        json.dumps({**json.loads(answered(shown, key)), "signature": "AAAA"}),
    ):
        refused = at.post(record, "agree", {**shown.fields, "passkey": answer, "confirm": "passkey"})
        assert refused.answer.status_code == 409, answer
        assert "assertion" in refused.text
        assert at.sizes() == before
    assert press(at, record, "agree", shown, key).answer.status_code == 302


def test_a_passkey_of_one_office_does_not_confirm_for_another(settled: Settled) -> None:
    at = settled()
    key = bound(at)
    office = new_record("office", "IND")
    number = 1 + max(at.ind.node.standing.grants)
    grant = table_2.Grant(number, ["all"], office, "2026-01-01T00:00:00Z", ["accept"])
    at.ind.node.write(Draft("power", terms=table_2.Power(grants=[grant])))
    content = {"ref": "IND/ex-other", "side": "IND", "title": "Another office"}
    at.ind.write("state", office, table_2.State(base=0), text.Text(content=content))
    at.node.settle()
    record = at.offered(project("ex-two"))
    shown = at.get(record, "agree")
    at.browser = sign_in(at.node, office, "co_chair", "Other (exercise)")
    theirs = at.get(record, "agree")
    assert not theirs.tree.xpath("//*[@data-assert]")
    before = at.sizes()
    fields = {**theirs.fields, "passkey": answered(shown, key), "confirm": "passkey"}
    refused = at.post(record, "agree", fields)
    assert refused.answer.status_code == 409
    assert "no passkey of your office is in force" in refused.text
    assert at.sizes() == before


def test_a_text_rewritten_between_page_and_click_is_not_confirmed(settled: Settled) -> None:
    at = settled()
    key = bound(at)
    record = at.offered(project("ex-two"))
    shown = at.get(record, "send-back")
    shown = at.post(record, "send-back", {**shown.fields, "remarks": "Not yet.", "check": "yes"})
    before = at.sizes()
    changed = press(at, record, "send-back", shown, key, remarks="Never.")
    assert changed.answer.status_code == 409
    assert at.sizes() == before
    assert press(at, record, "send-back", shown, key, remarks="Not yet.").answer.status_code == 302


def test_an_ended_passkey_confirms_nothing_more(settled: Settled) -> None:
    at = settled()
    key = bound(at)
    record = at.offered(project("ex-two"))
    shown = at.get(record, "agree")
    at.ind.node.write(passkeys.end(at.ind.node, 1))
    refused = press(at, record, "agree", shown, key)
    assert refused.answer.status_code == 409
    assert "assertion" in refused.text
    at.node.settle()
    assert not at.get(record, "agree").tree.xpath("//*[@data-assert]")


# --- required ---------------------------------------------------------------------------------------------------------

ASKED = {
    "agree": "accept",
    "send-back": "send_back",
    "withdraw": "withdraw",
    "hand-over": "hand_over",
    "notice": "notice",
    "release": "release",
    "confirm-paper": "confirm_paper",
    "suspend": "notice",
    "resume": "notice",
    "leave": "notice",
    "make-public": "make_public",
}


@pytest.mark.long
@pytest.mark.parametrize("page", SIGNED)
def test_where_the_setting_asks_nothing_is_written_without_one(settled: Settled, page: str) -> None:
    at = settled()
    key = bound(at)
    required = config.Passkeys((ASKED[page],))  # type: ignore[arg-type]
    record, given_, _ = _ready(at, page)
    at = settled(passkeys=required)
    at.browser = sign_in(at.node, at.ind.office, PAGES[page][2])
    shown = at.get(record, page)
    if given_:
        shown = at.post(record, page, {**shown.fields, **given_, "check": "yes"})
    before = at.sizes()
    assert not [each for each in shown.buttons if "server-held key" in each]
    refused = at.post(record, page, {**shown.fields, **given_, "confirm": "yes"})
    assert refused.answer.status_code == 409
    assert "passkey" in refused.text
    assert at.sizes() == before
    done = press(at, record, page, shown, key, **given_)
    assert done.answer.status_code == 302, done.text


def test_where_it_is_asked_and_none_is_bound_the_page_says_so(settled: Settled) -> None:
    at = settled(passkeys=config.Passkeys(("accept",)))
    record = at.offered(project("ex-two"))
    shown = at.get(record, "agree")
    assert "only with a passkey of your office" in shown.text
    assert not shown.tree.xpath("//main//button[@name='confirm']")
    assert at.confirm(record, "agree", shown).answer.status_code == 409
    assert at.node.book.view(record).version == 0


@pytest.mark.parametrize("page", ["agree", "release"])
def test_where_a_grant_asks_the_page_asks_too(settled: Settled, page: str) -> None:
    at = settled()
    key = bound(at)
    standing = at.ind.node.standing
    number = 1 + max(standing.grants)
    grants = [
        table_2.Grant(number, ["all"], at.ind.office, "2026-01-01T00:00:00Z", ["accept", "release"], assertion=True),
        table_2.Grant(number + 1, ["all"], at.ind.office, "2026-01-01T00:00:00Z", ["propose", "state"]),
    ]
    record, _, _ = _ready(at, page)
    ended = [each for each in standing.grants if each not in standing.ended]
    at.ind.node.write(Draft("power", terms=table_2.Power(ended, grants)))
    time.sleep(1.1)  # a national act of the same second would be judged by either
    at.node.book.sync()
    at.node.settle()
    shown = at.get(record, page)
    assert not [each for each in shown.buttons if "server-held key" in each]
    before = at.sizes()
    refused = at.confirm(record, page, shown)
    assert refused.answer.status_code == 409
    assert "without a passkey" in refused.text
    assert at.sizes() == before
    done = press(at, record, page, shown, key)
    assert done.answer.status_code == 302, done.text
