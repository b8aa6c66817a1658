"""The staged industry forum: two sessions, recommendations in each state on both sides, made-up organisations.

What came by form is handed on as `submissions`, from which the accounts of industry are given what they sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from dtti.accord import table_2
from dtti.ledger.store import NATIONAL
from dtti.node.core import groups, text
from dtti.node.core.draft import Draft, new_record
from dtti.node.folder.codes import new_code
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.disposition import ref_of
from dtti.programme.kinds.recommendation import RECOMMENDATION

from .pair import Desk

if TYPE_CHECKING:
    from .exercise import Exercise


class Submitted(msgspec.Struct):
    """What an organisation sent by form: its reference, how many days ago, what the form was given, who sent it."""

    side: str
    user: str
    code: str
    days: float
    given: dict[str, Any]


#: Organisations, all made up, by side: company of small boats and instruments, association.
COMPANY: Final = {"IND": "Malabar Small Craft (exercise)", "USA": "Chesapeake Instruments (exercise)"}
RIVAL: Final = {"IND": "Konkan Robotics (exercise)", "USA": "Puget Towing (exercise)"}
ASSOCIATION: Final = {
    "IND": "Federation of Marine Makers (exercise)",
    "USA": "Council of Ocean Engineers (exercise)",
}
#: Who signs in for them: side, user name, full name, organisation, what it is.
INDUSTRY: Final = (
    ("IND", "ira.kapoor", "Ira Kapoor", COMPANY["IND"], "company"),
    ("IND", "joy.lobo", "Joy Lobo", RIVAL["IND"], "company"),
    ("IND", "uma.sethi", "Uma Sethi", ASSOCIATION["IND"], "association"),
    ("USA", "carl.brooks", "Carl Brooks", COMPANY["USA"], "company"),
    ("USA", "lena.ostrow", "Lena Ostrow", RIVAL["USA"], "company"),
    ("USA", "tess.arden", "Tess Arden", ASSOCIATION["USA"], "association"),
)
_USERS: Final = {(side, organisation): user for side, user, _name, organisation, _is in INDUSTRY}


def reference() -> str:
    """A reference drawn by lot, as the door draws it."""
    code = new_code()
    return "-".join(code[at : at + 4] for at in range(0, 16, 4))


def stage(exercise: Exercise, days: float) -> None:
    """Stage the forum, beginning so many days before now."""
    _Forum(exercise, days).stage()


class _Forum:
    def __init__(self, exercise: Exercise, days: float) -> None:
        self.exercise, self.days = exercise, days
        self.pair, self.clock = exercise.pair, exercise.clock
        self.desks = {side: exercise.desks[f"{side}/ex-forum"] for side in ("IND", "USA")}
        self.group: dict[str, str] = {}

    def stage(self) -> None:
        self.body()
        self.sessions()
        for side in ("IND", "USA"):
            self.restricted(side)
            self.recommendations(side)
            self.pair.swap()
        self.dispositions()

    def body(self) -> None:
        self.clock.ago(self.days)
        record = self.exercise.new("forum", "body", "IND")
        self.exercise.ind_sec.propose(
            record,
            {
                "ref": "ex-forum",
                "name": "Exercise Industry Forum",
                "type": "industry-forum",
                "parent": "ex-group",
                "co_chair_offices": ["IND/ex-forum", "USA/ex-forum"],
            },
        )
        self.pair.swap()
        self.exercise.usa_sec.accept(record)
        self.pair.swap()

    def sessions(self) -> None:
        """One held before the second meeting of the Group, one planned before the third."""
        day = self.clock.day
        for number, on, before, status in ((1, -205, "ex-group-02", "held"), (2, 20, "ex-group-03", "planned")):
            record = self.exercise.new(f"forum-{number}", "meeting", "IND")
            content = {
                "ref": f"ex-forum-{number:02}",
                "body": "ex-forum",
                "number": number,
                "date": day(on),
                "mode": "virtual",
                "status": status,
                "host": "none",
                "before": before,
            }
            self.exercise.ind_sec.propose(record, content)
            self.pair.swap()
            self.exercise.usa_sec.accept(record)
            self.pair.swap()
        for side, desk in self.desks.items():
            desk.state("session", self._session(side, 1, "held"))
            desk.state("session", self._session(side, 2, "planned"), ledger="national")
            desk.state("contact", self._contact(side), ledger="national")
            self.pair.swap()

    def _session(self, side: str, number: int, status: str) -> dict[str, Any]:
        day = self.clock.day
        content: dict[str, Any] = {
            "ref": f"ex-forum-{number:02}-{side.lower()}",
            "side": side,
            "meeting": f"ex-forum-{number:02}",
            "guidance": "Speak of what both governments could do. Send what you recommend ten days before.",
            "shown": day(-206 if status == "held" else -self.days),
            "questions": [
                {
                    "question": "May a firm without an office in the other country take part?",
                    "asked_on": day(-204 if status == "held" else -20),
                    "answer": "Yes. Nothing hangs on where a firm has offices.",
                    "answered_on": day(-203 if status == "held" else -18),
                }
            ],
        }
        if status == "held":
            content["attended"] = [
                {"organisation": COMPANY[side], "from_side": side},
                {"organisation": ASSOCIATION[side], "from_side": side, "people": ["Secretary of the association"]},
            ]
        return content

    def _contact(self, side: str) -> dict[str, Any]:
        return {
            "ref": f"ex-contact-{side.lower()}",
            "side": side,
            "office": f"{side}/ex-forum",
            "holder": self.desks[side].holder,
            "organisation": ASSOCIATION[side],
            "met_on": self.clock.day(-25),
            "how": "in-person",
            "topic": "How members are consulted before an association recommends something.",
            "session": "ex-forum-02",
        }

    def restricted(self, side: str) -> None:
        """The restricted group to which recommendations are kept: the forum's office and the disclosure officer's."""
        desk, code = self.desks[side], new_code()
        self.clock.later()
        now = self.clock()
        offices = [self.exercise.desks[f"{side}/ex-{each}"].office for each in ("forum", "disclosure")]
        members = [table_2.Member(office, now) for office in offices]
        by = text.By(desk.holder, "substantive")
        named = {"title": "Industry recommendations", "reason": "For the forum."}
        desk.node.write(groups.draft(desk.office, code, members, **named, by=by))
        self.group[side] = code

    def recommendations(self, side: str) -> None:
        day = self.clock.day
        asked = {"reached": "more-needed", "on": day(-11), "note": "Which ranges, and in which months?"}
        considered = {"reached": "considered", "on": day(-20)}
        passed = {"reached": "to-co-chairs", "on": day(-8)}
        self.received(side, "received", COMPANY[side], "company", 5, "One label for small boats on both ranges", [])
        self.received(
            side, "considered", ASSOCIATION[side], "association", 24, "A yearly list of test ranges", [considered]
        )
        self.received(
            side, "more", RIVAL[side], "company", 22, "Longer nights on the instrument range", [considered, asked]
        )
        self.received(
            side, "passed", ASSOCIATION[side], "association", 30, "One form for visits to yards", [considered, passed]
        )
        self.received(side, "agenda", COMPANY[side], "company", 34, "Shared salt-fog figures", [considered, passed])
        self.received(side, "declined", RIVAL[side], "company", 38, "A subsidy for towing", [considered, passed])
        late = {"channel": "by-mail", "letter": f"EX/FORUM/{side}/71"}
        self.received(side, "late", ASSOCIATION[side], "association", 75, "One glossary of hull parts", [], **late)

    def received(
        self, side: str, name: str, submitter: str, is_a: str, days: float, title: str, steps: list[Any], **more: Any
    ) -> None:
        """A recommendation in the record of a side, and where it came by form what its submitter sent."""
        code, day = reference(), self.clock.day
        proprietary = is_a == "company"
        summary = f"{title}: what both governments could do, without anything proprietary."
        public = {"public_title": title, "public_summary": summary} if steps else {}
        consulted = ["Northern yard (exercise)", "Southern yard (exercise)"] if is_a == "association" else []
        asks = f"{title}. We ask both governments to settle it, and say in the annex how our own works do it."
        content = {
            "ref": code,
            "side": side,
            "title": title,
            "text": asks,
            "submitter": submitter,
            "submitter_is": is_a,
            "channel": "by-form",
            "received_on": day(-days),
            **({"consulted": consulted} if consulted else {}),
            **({"proprietary": True} if proprietary else {}),
            **({**public, "cleared": day(-days)} if public else {}),
            **({"steps": steps} if steps else {}),
            **more,
        }
        desk = self.desks[side]
        self.clock.ago(min(days, 7.5))
        self.exercise.records[f"{side}-{name}"] = self._state(desk, new_record(RECOMMENDATION.code, side), content)
        self.exercise.recommended[f"{side}-{name}"] = content
        if content["channel"] == "by-form":
            given = {"title": title, "text": asks, "proprietary": proprietary, **public}
            given |= {"consulted": consulted} if consulted else {}
            sent = {field: value for field, value in given.items() if value}
            self.exercise.submissions.append(Submitted(side, _USERS[side, submitter], code, days, sent))

    def _state(self, desk: Desk, record: str, content: dict[str, Any], base: int = 0) -> str:
        """State a text that is kept to the restricted group."""
        self.clock.later()
        terms = table_2.State(base=base, group=self.group[desk.side])
        body = text.Text(content=KINDS[RECOMMENDATION.code].tidy(content), by=text.By(desk.holder, "substantive"))
        desk.node.write(Draft("state", record, terms, desk.office, (body,), ledger=NATIONAL))
        return record

    def dispositions(self) -> None:
        """One goes onto the Group's next agenda and waits for its reply, one is declined and answered, on each side."""
        outcomes = {
            "agenda": {
                "outcome": "group-agenda",
                "body": "ex-group",
                "reasons": "It asks for what both governments can decide.",
            },
            "declined": {"outcome": "declined", "reasons": "It asks for money for one trade. The forum is no tender."},
        }
        self.clock.ago(6)
        for side, other in (("IND", "USA"), ("USA", "IND")):
            for name, what in outcomes.items():
                of = self.exercise.recommended[f"{side}-{name}"]
                record = self.exercise.new(f"disposition-{side}-{name}", "disposition", side)
                named = {"public_title": of["public_title"], "public_summary": of["public_summary"]}
                content = {
                    "ref": ref_of(of["ref"]),
                    "side": side,
                    "reference": of["ref"],
                    "on": self.clock.day(-6),
                    **named,
                    **what,
                }
                self.desks[side].propose(record, content, days=10)
                self.pair.swap()
                self.desks[other].accept(record)
                self.pair.swap()
            declined = self.exercise.recommended[f"{side}-declined"]
            answer = "The co-chairs of both sides declined it: it asks for money for one trade."
            reply = {"on": self.clock.day(-5), "number": f"EX/FORUM/{side}/94", "text": answer}
            self._state(
                self.desks[side],
                self.exercise.records[f"{side}-declined"],
                {**declined, "replies": [reply]},
                base=1,
            )
        self.pair.swap()
