"""A new kind of record is one object: registered, it is begun, drafted, offered, agreed, listed, found and refused.

No line of the system names it: what cannot be done with it here would have to be added by hand for every new kind.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from django.conf.urls.i18n import i18n_patterns
from django.test import Client
from django.urls import clear_url_caches
from tests.node import capitals
from tests.node.capitals import FAR, Capital, Pair
from tests.programme.test_docs import kind_rows
from tests.simulator.node import hostile, put

from dtti.accord import refusal, table
from dtti.accord.refusal import Refused, Rule, registry
from dtti.accord.rule_sets import DTTI_2
from dtti.ledger import keyfile
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.core.visibility import Viewer
from dtti.node.people import seats
from dtti.node.people.models import Person
from dtti.node.record import read, reporting
from dtti.programme.kinds import KINDS
from dtti.programme.reports import REPORTS
from dtti.web import middleware, urls
from dtti.web.accounts.guard import STAGED
from dtti.web.views import reading

from .reading import fetched, page
from .signing import press
from .trial import TRIAL

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RULES = ("trial-dates", "trial-verdict", "trial-criterion")  # each a line of the registry of rules
SEEN = Viewer("IND", national=True, person="someone")
SOUND = {"ref": "ex-trial", "name": "Net in sea state 4", "project": "ex-net", "planned": "2026-10",
         "criterion": "Nine of ten recovered.", "findings": [{"side": "IND", "text": "The winch holds."}]}  # fmt: skip
BROKEN = {**SOUND, "ref": "ex-odd", "name": "Odd trial", "verdict": "criterion-met"}


def test_the_documents_say_what_it_costs() -> None:
    own = len((HERE / "trial.py").read_text().splitlines())
    whole = own + 2 + 1 + len(RULES)  # its import and its line in the registry; its mode; what each rule asks
    told = (ROOT / "docs/adding-a-kind.md").read_text()
    assert f"| content, columns, rules, face | {own} " in told
    assert f"Four files, {whole} lines" in told
    assert f"(`tests/web/trial.py`) | 4 | {whole} | 0 |" in (ROOT / "CONTRIBUTING.md").read_text()
    assert whole <= 90


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two capitals whose unreleased rule set has the new kind."""
    folder = tmp_path_factory.mktemp("trial")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(KINDS, TRIAL.code, TRIAL)  # type: ignore[arg-type] # read alone everywhere else
        patch.setitem(DTTI_2.__dict__, "kinds", {**DTTI_2.kinds, TRIAL.code: TRIAL.mode})
        said = {**registry(), **{rule: Rule(rule, "In order.", "here", "", "stated", "2026-01-01") for rule in RULES}}
        patch.setattr(refusal, "registry", lambda: said)
        with pytest.MonkeyPatch.context() as opening:
            opening.setattr(keyfile, "_N", 2**4)
            opening.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
            capitals.build(folder / "built")
            pair = capitals.copy(folder / "built", folder / "pair")
        yield pair
        pair.close()


@pytest.fixture(autouse=True)
def _passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())


@pytest.fixture
def desk(both: Pair, settings: Any, db: None) -> Iterator[Client]:
    """A co-chair of India at a browser; addresses are made anew, as a start of the system makes them."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.NODE_FOLDER, settings.NODE_CONFIG = both.ind.folder, both.ind.node.config
    settings.DEMONSTRATION = True
    addresses: Any = ModuleType("addresses")
    lists = i18n_patterns(*reading.lists_of_kinds(), prefix_default_language=False)
    addresses.urlpatterns = [*urls.urlpatterns, *lists]
    settings.ROOT_URLCONF = addresses
    clear_url_caches()
    node = middleware.open_node(Path(both.ind.folder))
    node.settle()
    person = Person.objects.create(username="chair", full_name="Co-chair (exercise)", fictitious=True)
    seats.give_seat(node, person, both.ind.office, "co_chair")
    browser = Client()
    browser.force_login(person)
    session = browser.session
    session[STAGED] = True
    session.save()
    yield browser
    clear_url_caches()


def agreed(both: Pair, content: dict[str, Any]) -> str:
    record = new_record("trial", "IND")
    offer = both.ind.write("propose", record, table.Propose(0, "IND", FAR), text.Text(content=content))
    both.swap()
    both.usa.write("accept", record, table.Answer(offer.act))
    both.swap()
    assert both.ind.node.book.view(record).version == 1
    return record


def refused(by: Capital, verb: str, record: str, terms: object, *texts: text.Text) -> set[str]:
    with pytest.raises(Refused) as stopped:
        by.write(verb, record, terms, *texts)
    return {each.rule for each in stopped.value.refusals}


def test_it_is_begun_at_the_desk_drafted_on_its_form_and_offered(both: Pair, desk: Client) -> None:
    assert "New trial" in page(desk, "/")
    begun = desk.get("/work/new/trials/")["Location"]
    code = begun.split("/")[2]
    form = page(desk, begun)
    labels = [form.index(label) for label in ("Name", "Planned", "Range", "Criterion agreed before", "Verdict")]
    assert labels == sorted(labels)
    typed = {"ref": "ex-typed", "name": "Typed trial", "planned": "2026-11", "criterion": "It floats."}
    kept = desk.post(begun, {**typed, "findings__0__side": "IND", "findings__1__side": "USA"})
    assert (kept.status_code, kept["Location"]) == (302, f"/work/{code}/check/propose/"), kept.content.decode()[:2000]
    assert "Planned" in page(desk, kept["Location"])
    assert press(desk, kept["Location"]).status_code == 302
    record = f"trial/IND/{code}"
    middleware.open_node(both.ind.folder).settle()
    both.swap()
    offer = both.usa.node.book.view(record).offer
    assert offer is not None
    both.usa.write("accept", record, table.Answer(offer.id))
    both.swap()
    assert both.ind.node.book.view(record).version == 1


def test_its_pages_show_it_in_its_own_words_and_both_languages(both: Pair, desk: Client) -> None:
    record = agreed(both, SOUND | {"held": "2026-10-09", "verdict": "criterion-met"})
    own = f"/trials/{record.rpartition('/')[2]}/"
    for prefix in ("", "/hi"):
        for address in ("/", "/record/", "/trials/", "/trials/?status=criterion-met&order=-earliest", own,
                        "/search/?q=state&kind=trial", f"/work/{own.split('/')[2]}/", "/projects/ex-net/"):  # fmt: skip
            page(desk, prefix + address)
    front = page(desk, "/record/")
    assert '<a href="/trials/">Trials</a>' in front or re.search(r'href="/trials/"[^>]*>\s*Trials', front)
    listed = page(desk, "/trials/")
    for words in ("by a criterion that both sides agreed before", "Planned for", "met its criterion", "agreed here"):
        assert words in listed, words
    assert "Net in sea state 4" in page(desk, "/search/?q=state&kind=trial")
    shown = page(desk, own)
    for words in ("Criterion agreed before", "Nine of ten recovered.", "met its criterion", "The winch holds."):
        assert words in shown, words
    row = next(each for each in fetched(desk, "/trials.json")["rows"] if each["record"] == record)
    assert (row["title"], row["status"], row["project"], row["earliest"]) == (
        *("Net in sea state 4", "criterion-met"),
        *("ex-net", "2026-10-09"),
    )
    told = fetched(desk, own.rstrip("/") + ".json")
    assert told["content"]["criterion"] == "Nine of ten recovered."


def test_reports_and_the_page_of_kinds_take_it_in(both: Pair) -> None:
    agreed(both, SOUND | {"ref": "ex-counted"})
    held = reporting.records(both.ind.node, SEEN)
    assert "ex-counted" in {each.ref for each in held.of("trial")}
    for name in REPORTS:
        made = reporting.report(both.ind.node, SEEN, name, on=date(2026, 11, 30), of="all")
        assert "left_out" not in msgspec.to_builtins(made), name
    (row,) = [each for each in kind_rows() if each[0] == "`trial`"]
    assert row[1:4] == ["trial", "joint", "working-group co-chairs"]
    assert row[4].startswith("**ref**, notes, cite, **name**, project, **planned**")


def test_its_rules_refuse_at_every_own_door(both: Pair) -> None:
    record = new_record("trial", "IND")
    odd = text.Text(content=BROKEN)
    assert refused(both.ind, "propose", record, table.Propose(0, "IND", FAR), odd) == {"trial-verdict"}
    record = agreed(both, SOUND | {"ref": "ex-kept"})
    moved = text.Text(content=SOUND | {"ref": "ex-kept", "criterion": "Five of ten."})
    assert refused(both.ind, "propose", record, table.Propose(1, "IND", FAR), moved) == {"trial-criterion"}


def test_what_the_other_side_sends_against_its_rules_is_not_agreed_to_and_cannot_be_read(
    both: Pair, desk: Client
) -> None:
    both.usa = hostile(both.usa)
    record, offer = put(both.usa, "trial", BROKEN)
    both.swap()
    assert both.ind.node.book.view(record).offer is not None  # the act is sound; its text is not
    assert refused(both.ind, "accept", record, table.Answer(offer.act)) == {"trial-verdict"}
    state = read.state(both.ind.node, SEEN, record)
    assert state is not None
    assert state[0].text_state == "unreadable"
    assert [each.rule for each in state[0].stands_against] == ["trial-verdict"]
    assert "(rule trial-verdict)" in page(desk, f"/trials/{record.rpartition('/')[2]}/")
    assert "Odd trial" not in page(desk, "/trials/")
