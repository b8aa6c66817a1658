"""What a form is refused for is said in Hindi on Hindi pages: every kind's rules, and what stands against an act."""

import re

import pytest
from lxml import html
from tests.node.capitals import project
from tests.programme.test_kinds import BROKEN, ENGLISH, STANDING

from dtti.node.core.draft import new_record
from dtti.node.people import models
from dtti.node.people.models import Person
from dtti.programme.kinds import KINDS

from .signing import Signing, built, signing  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def refused(signing: Signing, address: str) -> str:  # noqa: F811
    """All that a Hindi page says in its alerts: what stands against what was asked."""
    return alerts(signing.browser.get(f"/hi{address}", follow=True).content)


def alerts(content: bytes) -> str:
    """All that a page says in its alerts."""
    page = html.fromstring(content)
    found = page.xpath("//*[@role='alert'] | //*[contains(@class, 'err')]")
    return " ".join(" ".join(alert.itertext()) for alert in found)


def work(record: str, page: str) -> str:
    return f"/work/{record.rsplit('/', 1)[1]}/{page}/"


def sentences(said: str) -> list[str]:
    """English in a row, but for where a rule is written."""
    return ENGLISH.findall(re.sub(r"docs/\S+|`[^`]*`", "", said))


@pytest.mark.parametrize("kind", sorted({kind for kind, _change, _rule in BROKEN}))
def test_what_stands_against_a_draft_is_said_in_hindi(signing: Signing, kind: str) -> None:  # noqa: F811
    shown = 0
    for _kind, change, rule in (each for each in BROKEN if each[0] == kind):
        content = {name: value for name, value in (STANDING[kind] | change).items() if value is not ...}
        purpose = "state" if KINDS[kind].mode == "own" else "propose"
        made = models.Draft.objects.create(
            office=signing.ind.office,
            record=new_record(kind, "IND"),
            purpose=purpose,
            person=Person.objects.get(),
            content=content,
            particulars={"kept": "no"},
        )
        said = refused(signing, work(made.record, f"check/{purpose}"))
        if not said:  # the form asks for it before any rule is asked
            said = alerts(signing.browser.post(f"/hi{work(made.record, f'draft/{purpose}')}", {}).content)
            shown += bool(said)
        assert sentences(said) == [], (rule, said)
        shown += rule in said
    assert shown


ACTS = (
    *("agree", "send-back", "withdraw", "late-answer", "hand-over", "ask"),
    *("remark", "notice", "release", "confirm-paper"),
)


@pytest.mark.parametrize("page", ACTS)
def test_an_act_that_is_refused_says_so_in_hindi(signing: Signing, page: str) -> None:  # noqa: F811
    address = work(signing.offered({**project("ex-two"), "name": "A net"}), page)
    answer = signing.browser.post(f"/hi{address}", {"confirm": "yes"})
    assert answer.status_code in (200, 403, 404, 409, 422)
    assert sentences(html.fromstring(answer.content).text_content()) == []
