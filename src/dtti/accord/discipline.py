"""When an act on a record is valid under dtti_1: judged once, in its author's view. Pure; changes nothing (see `fold`).

Who may write at all is settled before, in `authority`. Every rule here is named in `table` with what it asks.
"""

from . import table
from .refusal import Refusal, refuse
from .view import PUBLISHED, Filed, Offer, View, latest_version


def judge(view: View, side: str, one: Filed) -> Refusal | None:
    """The Refusal that makes `one` void in its author's `view`, or None."""
    act, terms = one.act, one.terms
    creator = view.record.split("/")[1]
    verb = act.verb
    if not view.exists:
        published = isinstance(terms, table.State) and terms.basis == "published"
        creates = verb in ("state", "propose", "draft") and creator == side
        if not creates and not (creator == PUBLISHED and published):
            return refuse(
                "unknown-record",
                f"record {view.record} does not exist in what {side} held",
                "The side that it is named after creates it first; exchange, then try again.",
            )
    if isinstance(terms, table.State):
        return _judge_state(view, side, one, terms)
    if verb in ("comment", "draft", "release"):
        return None
    if view.mode != "joint":
        return refuse(
            "joint", f"{verb} is for joint records; this one belongs to one side", "Its owner states it anew."
        )
    if isinstance(terms, table.Notice):
        return _judge_notice(view, side, terms)
    if verb in ("propose", "hand_over", "request_pen"):
        return _judge_pen(view, side, one)
    offer = view.offer
    named = getattr(terms, "offer", "")
    if offer is None or offer.id != named:
        return refuse(
            "offer",
            f"no offer {named[:16]} is open on this record",
            "Answer the offer that is open now, if there is one; look at the record's current state.",
        )
    if verb in ("accept", "send_back"):
        return _judge_answer(view, side, one, offer)
    if offer.side != side:
        return refuse("offer", f"the open offer is not {side}'s own", "Only its proposer closes or withdraws an offer.")
    if offer.firm and not (isinstance(terms, table.Close) and terms.outcome == "lapsed"):
        return refuse("firm", "the offer is firm: the answer decides, and it is not withdrawn", "Wait for the answer.")
    if verb == "withdraw":
        if offer.answer and not view.notices:
            return refuse(
                "answered", f"the offer was answered ({offer.answer_verb}) before this", "Close it by its answer."
            )
        return None
    return judge_close(view, one, terms, offer) if isinstance(terms, table.Close) else None


def _judge_state(view: View, side: str, one: Filed, terms: table.State) -> Refusal | None:
    creator = view.record.split("/")[1]
    if view.mode == "own" and terms.basis != "published":
        if creator != side:
            return refuse("owner", f"the record belongs to {creator}", "Its owner states a new version.")
        if terms.basis or terms.confirms:
            return refuse("basis", "an own record is stated, not reported", "Leave basis and confirmation out.")
        latest = latest_version(view, side, one.act.ledger)
        if terms.base != latest:
            return refuse(
                "base",
                f"it follows version {terms.base}, the latest is {latest}",
                f"Read version {latest}, then restate.",
            )
        return None
    if terms.basis is None:
        return refuse(
            "basis",
            "a report of a joint text says what it rests on",
            "Give its basis: own, paper, published, elsewhere.",
        )
    if terms.basis == "published" and view.mode == "own" and creator != PUBLISHED:
        return refuse("owner", "published content is held under its own record", "Link the two records instead.")
    if terms.confirms is not None:
        if one.act.ledger == "national":
            return refuse("confirms", "a confirmation is given to the other side", "Write it in the released ledger.")
        report = next((text for text in view.texts if text.act == terms.confirms), None)
        if terms.basis != "paper" or report is None or report.side == side or report.basis != "paper":
            return refuse(
                "confirms",
                "a confirmation from paper names the other side's own report from that paper",
                "Open that report, compare the signed paper, and confirm it.",
            )
    return None


def _judge_notice(view: View, side: str, terms: table.Notice) -> Refusal | None:
    standing = view.notices.get(side, ("", ""))[0]
    if terms.notice == "resume" and standing != "suspend":
        return refuse("notice", f"{side} has not suspended this record", "Each side resumes what it suspended itself.")
    if terms.notice != "resume" and standing in (terms.notice, "withdraw_from"):
        return refuse("notice", f"{side} has already given this notice", "Nothing more is needed.")
    return None


def _judge_pen(view: View, side: str, one: Filed) -> Refusal | None:
    terms = one.terms
    if one.act.verb == "request_pen":
        if view.pen in (side, ""):
            return refuse("pen", "the pen is not with the other side", "Propose, or create a record that continues it.")
        return None
    if view.pen != side:
        holder = view.pen or "nobody (a published record)"
        remedy = "Ask for the text." if view.pen else "Create a joint record that continues it."
        return refuse("pen", f"{holder} holds the pen of this record", remedy)
    if view.offer is not None:
        return refuse(
            "open-offer", "an offer is open on this record", "Answer it, or wait for its answer or withdrawal."
        )
    if isinstance(terms, table.Propose):
        if terms.base != view.version:
            return refuse(
                "base",
                f"it was written over version {terms.base}, the text agreed here is version {view.version}",
                f"Draft it anew over version {view.version}.",
            )
        if terms.until <= one.act.time:
            return refuse("until", "the offer would lapse before it is sent", "Give a later date for the answer.")
        if terms.next not in view.sides:
            return refuse("pen", f"{terms.next} is no party, and could not hold the pen", "Name one of the parties.")
    return None


def _judge_answer(view: View, side: str, one: Filed, offer: Offer) -> Refusal | None:
    if offer.side == side:
        return refuse("offer", "a side does not answer its own offer", "The other side answers it.")
    if offer.answer:
        return refuse(
            "answered",
            f"it was answered before ({offer.answer_verb})",
            "Wait for the proposer's office system to close it.",
        )
    if one.act.time > offer.until:
        return refuse("until", f"the offer was open until {offer.until}", "Ask the other side to send it again.")
    if one.act.verb == "accept" and view.notices:
        return refuse(
            "notice",
            "a suspension or withdrawal stands on this record",
            "Send it back, or have the notice lifted first.",
        )
    terms = one.terms
    if isinstance(terms, table.SendBack):
        given = (terms.until is not None) + (terms.next is not None) + (len(one.act.body) > 1)
        late = terms.until is not None and terms.until <= one.act.time
        if given not in (0, 3) or late or (terms.next is not None and terms.next not in view.sides):
            return refuse(
                "counter-text",
                "a counter-text comes with its own date for an answer and says who is next",
                "Give text, a date ahead and which party holds the pen next, or send back with remarks alone.",
            )
    return None


def judge_close(view: View, one: Filed, terms: table.Close, offer: Offer) -> Refusal | None:
    """Whether an own open offer may end so: as lapsed, or by the answer that it got."""
    if terms.outcome == "lapsed":
        if offer.answer or terms.answer:
            return refuse("answer", "the offer was answered", "Close it by its answer.")
        moment = one.heard if offer.firm else one.act.time
        if moment <= offer.until:
            whose = "the other side's clock has not been seen to pass" if offer.firm else "it is not yet past"
            return refuse("until", f"the offer is open until {offer.until}; {whose} that", "Wait until then.")
        return None
    wanted = {"agreed": "accept", "returned": "send_back"}[terms.outcome]
    if offer.answer_verb != wanted or offer.answer != terms.answer:
        return refuse("answer", f"the offer has no {wanted} {str(terms.answer)[:16]}", "Close it by the answer it got.")
    if terms.outcome == "agreed" and view.notices:
        return refuse(
            "notice",
            "a suspension or withdrawal stands on this record",
            "Withdraw the offer, or have the notice lifted.",
        )
    return None
