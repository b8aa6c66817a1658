"""Two capitals at whose pages acts are confirmed: small, with one office each that holds every power."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from lxml import html
from tests.node import capitals as small
from tests.node.capitals import FAR, Capital, Pair

from dtti.accord import table
from dtti.ledger import keyfile
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.acting.whole import spelled
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.core.node import Node
from dtti.node.line.attend import attend
from dtti.node.people import seats
from dtti.node.people.models import Person
from dtti.web.accounts.guard import STAGED

from .capitals import serve


class Lawless(Node):
    """The office system of a capital that runs its own code: it asks nothing of what it sends."""

    def check_contents(self, *_: Any) -> None:
        return

    def check_files(self, *_: Any) -> None:
        return


@dataclass
class Page:
    """What a browser got, read as a person and as a program would."""

    answer: HttpResponse

    @property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.answer.content.decode())

    @property
    def text(self) -> str:
        """The words of its main part, scripts and styles apart."""
        (main,) = self.tree.xpath("//main")
        return str(main.text_content())

    @property
    def raw(self) -> str:
        """All that it shows as it is stored."""
        return "\n".join(str(each.text_content()) for each in self.tree.xpath("//main//pre|//main//code"))

    @property
    def fields(self) -> dict[str, str]:
        """The hidden answers of its form."""
        return {
            each.get("name"): each.get("value")
            for each in self.tree.xpath("//main//form//input[@type='hidden']")
            if each.get("name") != "csrfmiddlewaretoken"
        }

    @property
    def buttons(self) -> list[str]:
        return [str(each.text_content()).strip() for each in self.tree.xpath("//main//form//button")]

    @property
    def folded(self) -> list[Any]:
        """Parts that a reader must open first."""
        return list(self.tree.xpath("//main//details[not(@open)]|//main//*[@hidden][not(@data-copy)]"))


@dataclass
class Signing:
    """Both capitals, and someone at the pages of India."""

    pair: Pair
    node: Node
    browser: Client

    @property
    def ind(self) -> Capital:
        return self.pair.ind

    @property
    def usa(self) -> Capital:
        return self.pair.usa

    def swap(self) -> None:
        """Exchange until at rest, and let the pages' node catch up."""
        for each in (self.ind, self.usa):
            attend(each.node)
        self.pair.swap()
        for each in (self.ind, self.usa):
            attend(each.node)
        self.pair.swap()
        self.node.settle()

    def get(self, record: str, page: str) -> Page:
        return Page(self.browser.get(f"/work/{record.rsplit('/', 1)[1]}/{page}/"))

    def post(self, record: str, page: str, given: dict[str, Any]) -> Page:
        return Page(self.browser.post(f"/work/{record.rsplit('/', 1)[1]}/{page}/", given))

    def confirm(self, record: str, page: str, shown: Page, **given: Any) -> Page:
        """Press the button of a page that was shown."""
        return self.post(record, page, {**shown.fields, **given, "confirm": "yes"})

    def sizes(self) -> dict[str, int]:
        return {name: self.ind.node.store.size(name) for name in (RELEASED, NATIONAL)}

    def offered(self, content: Any = None, record: str = "", **said: Any) -> str:
        """An offer of the United States, as their own code sends it; the record it is on."""
        record = record or new_record("project", "USA")
        terms = said.pop("terms", None) or table.Propose(0, "USA", FAR)
        files = said.pop("files", ())
        body = text.Text(content=content, **said)
        by = Capital(Lawless(self.usa.folder), self.usa.office)
        by.write("propose", record, terms, body, files=files)
        by.node.close()
        self.swap()
        return record


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of a pair, which tests copy."""
    folder = tmp_path_factory.mktemp("signing") / "pair"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyfile, "_N", 2**4)
        patch.setenv("DTTI_PASSPHRASE", small.PASSPHRASE.decode())
        small.build(folder)
    for side in ("ind", "usa"):  # the pages open it by themselves
        (folder / side / "keys" / "passphrase").write_text(small.PASSPHRASE.decode())
        (folder / side / "keys" / "passphrase").chmod(0o600)
    return folder


def sign_in(node: Node, office: str, duty: str = "co_chair", name: str = "Arjun Rao (exercise)") -> Client:
    """A browser of someone with a duty in an office."""
    username = f"{duty}.{name.partition(' ')[0].lower()}".replace("_", "-")
    person, made = Person.objects.get_or_create(username=username, defaults={"full_name": name, "fictitious": True})
    if made:
        seats.give_seat(node, person, office, duty)
    browser = Client()
    browser.force_login(person)
    session = browser.session
    session[STAGED] = True
    session.save()
    return browser


@pytest.fixture
def signing(built: Path, tmp_path: Path, settings: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Signing]:
    """A pair of one's own, India's pages served by this process."""
    monkeypatch.setattr(keyfile, "_N", 2**4)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    pair = small.copy(built, tmp_path / "pair")
    node = serve(settings, pair.ind.node)
    settings.DEMONSTRATION = True  # one click signs in, and no second factor is asked for
    made = Signing(pair, node, sign_in(node, pair.ind.office))
    made.swap()
    yield made
    pair.close()


def press(browser: Client, path: str, **given: Any) -> HttpResponse:
    """Open a page that confirms an act, answer its form, read what it then shows, and confirm that."""
    shown = browser.get(path)
    if given and shown.status_code == 200:
        shown = browser.post(path, {**Page(shown).fields, **given, "check": "yes"})
    fields = Page(shown).fields if shown.status_code == 200 else {}
    return browser.post(path, {**fields, **given, "confirm": "yes"})


def stored(leaf: Any) -> str:
    """A value as it is spelled in what a page shows raw."""
    return spelled(leaf)
