"""What pages call the codes of the record, in the page's language. Knows words alone; codes themselves never change.

English stands here and is extracted with the templates; the Hindi is in the catalogue. A code that has no words here
(a slug that a side made up yesterday) is shown as it is written, with blanks for hyphens.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from babel.numbers import format_compact_decimal, format_decimal
from django.utils.translation import get_language, gettext, gettext_noop, ngettext

from dtti.programme.values import Money
from dtti.web import labels

#: Marks a message for translation and leaves it as it is.
N_ = gettext_noop


def language() -> str:
    """The language of the page being made: "en" or "hi"."""
    return (get_language() or "en")[:2]


def _(message: str, **values: object) -> str:
    """`message` in the page's language, its named blanks filled."""
    found = gettext(message)
    return found % values if values else found


def many(one: str, other: str, number: int) -> str:
    """The form of a message that goes with `number`, its blank %(num)s filled with the number."""
    return ngettext(one, other, number) % {"num": grouped(number)}


def grouped(number: float) -> str:
    """A number with the language's own grouping: thousands, or lakh and crore."""
    return format_decimal(number, locale=language())


CODES: Final[Mapping[str, str]] = {
    # sides
    "IND": N_("India"),
    "USA": N_("United States"),
    # states of a body, an appointment, a project, a paper
    "active": N_("active"),
    "suspended": N_("suspended"),
    "closed": N_("closed"),
    "not-listed": N_("no longer listed"),
    "unknown": N_("not known"),
    "not-yet": N_("did not exist yet"),
    "ended": N_("ended"),
    "holding": N_("in post"),
    "binding": N_("binding"),
    "non-binding": N_("not binding"),
    "not-stated": N_("not stated"),
    "signed-only": N_("signed, no step known"),
    "in-use": N_("in use"),
    "implementing": N_("being carried out"),
    "intended": N_("intended"),
    "negotiating": N_("being negotiated"),
    "expired": N_("expired"),
    "replaced": N_("replaced"),
    "agreement-in-execution": N_("agreement being carried out"),
    "agreement-no-product-known": N_("agreement, no product known"),
    "exchange-continues": N_("exchange goes on"),
    "no-take-up-found": N_("no take-up found"),
    "none-found": N_("nothing found"),
    "withdrawn": N_("withdrawn"),
    "agreement-signed": N_("agreement signed"),
    "agreement-stage": N_("at the stage of agreement"),
    "announced-only": N_("announced, not known to have met"),
    "planned": N_("planned"),
    "held": N_("held"),
    "cancelled": N_("called off"),
    "delivered": N_("delivered"),
    "in-delivery": N_("being delivered"),
    "leased": N_("leased"),
    "listed": N_("listed"),
    "named": N_("named"),
    "named-again": N_("named again"),
    "notified-only": N_("notified, no contract known"),
    "selected-not-concluded": N_("selected, not concluded"),
    "signed": N_("signed"),
    "testing-forecast": N_("testing forecast"),
    "text-agreed": N_("text agreed"),
    "fielded": N_("fielded"),
    "in-production": N_("in production"),
    "open": N_("open"),
    "leaning": N_("leaning"),
    "resolved": N_("resolved"),
    "met": N_("met"),
    "partly-met": N_("partly met"),
    "dropped": N_("dropped"),
    "kept": N_("kept"),
    "kept late": N_("kept late"),
    "late": N_("late"),
    "none-known": N_("none known"),
    "paired": N_("paired"),
    "nominated": N_("nominated"),
    "possible": N_("possible"),
    "proposed": N_("proposed"),
    "granted": N_("granted"),
    "refused": N_("refused"),
    "lapsed": N_("lapsed"),
    "none": N_("none"),
    "yes": N_("yes"),
    "no": N_("no"),
    # stages of the spine
    "screened": N_("screened"),
    "exploring": N_("being explored"),
    "endorsed": N_("endorsed"),
    "authorised": N_("authorised"),
    "cleared": N_("cleared"),
    "in-effect": N_("in effect"),
    "executing": N_("being carried out"),
    "closing": N_("closing"),
    "agreement_reached": N_("agreement reached"),
    "fielded_or_in_production": N_("fielded or in production"),
    # offices and meetings
    "substantive": N_("substantive"),
    "acting": N_("acting"),
    "performing-the-duties": N_("performing the duties of"),
    "additional-charge": N_("additional charge"),
    "in-person": N_("in person"),
    "virtual": N_("by video"),
    "hybrid": N_("part in person"),
    "alternate": N_("the two sides take turns"),
    "information": N_("for information"),
    "decision": N_("for decision"),
    "review": N_("for review"),
    "drafted": N_("drafted"),
    "circulated": N_("circulated"),
    "corrected": N_("corrected"),
    "agreed": N_("agreed"),
    "locked": N_("locked"),
    "no-comment": N_("circulated, no comment by the agreed date"),
    # bodies
    "ministerial": N_("ministerial"),
    "official-dialogue": N_("official dialogue"),
    "steering-group": N_("steering group"),
    "task-force": N_("task force"),
    "national-cell": N_("cell of one side"),
    "joint-working-group": N_("joint working group"),
    "technical-group": N_("technical group"),
    "industry-forum": N_("industry forum"),
    # instruments
    "framework": N_("framework"),
    "annex": N_("annex"),
    "communications": N_("communications"),
    "logistics": N_("logistics"),
    "geospatial": N_("geospatial"),
    "guidance": N_("guidance"),
    "forum-agreement": N_("forum agreement"),
    "information-exchange-annex": N_("information exchange annex"),
    "liaison-agreement": N_("liaison agreement"),
    "memorandum-of-intent": N_("memorandum of intent"),
    "planning-document": N_("planning document"),
    "procedure": N_("procedure"),
    "procurement-agreement": N_("procurement agreement"),
    "project-agreement": N_("project agreement"),
    "letter-of-offer-and-acceptance": N_("letter of offer and acceptance"),
    "research-moa": N_("research memorandum of agreement"),
    "roadmap": N_("roadmap"),
    "security-agreement": N_("security agreement"),
    "statement-of-intent": N_("Statement of Intent"),
    "supply-arrangement": N_("supply arrangement"),
    "terms-of-reference": N_("terms of reference"),
    # projects
    "near": N_("near term"),
    "mid": N_("mid term"),
    "long": N_("long term"),
    "co-development": N_("co-development"),
    "co-production": N_("co-production"),
    "science-technology": N_("science and technology"),
    "information-exchange": N_("information exchange"),
    "science-and-technology": N_("science and technology"),
    "sale-linked": N_("linked to a sale"),
    "leaders-statement": N_("statement of the leaders"),
    "ministers-statement": N_("statement of the ministers"),
    "partner-ministry-request": N_("asked for by the other ministry"),
    "us-offer": N_("offered by the United States"),
    "low-partner-demand": N_("little demand on the other side"),
    "no-agreed-exportable-technology": N_("no technology agreed that could be exported"),
    "none-stated": N_("none stated"),
    "offer-2013": N_("offer of 2013"),
    "pathfinder-2015": N_("pathfinders of 2015"),
    "pathfinder-2016": N_("pathfinders of 2016"),
    "soi-2019": N_("Statement of Intent of 2019"),
    "working-group-2015": N_("working groups of 2015"),
    # domains
    "air": N_("air"),
    "land": N_("land"),
    "naval": N_("naval"),
    "cbrn": N_("chemical, biological, radiological, nuclear"),
    "industrial-security": N_("industrial security"),
    "aircraft-carrier": N_("aircraft carrier technology"),
    "other": N_("other"),
    # events, constraints, commitments
    "dtti": N_("inside DTTI"),
    "external": N_("around DTTI"),
    "designation": N_("designation"),
    "dialogue": N_("dialogue"),
    "export-control": N_("export control"),
    "industry": N_("industry"),
    "initiative": N_("initiative"),
    "launch": N_("launch"),
    "law": N_("law"),
    "policy": N_("policy"),
    "procurement-rule": N_("procurement rule"),
    "report": N_("report"),
    "sanctions": N_("sanctions"),
    "statement": N_("statement"),
    "third-country-contract": N_("contract with a third country"),
    "visit": N_("visit"),
    "budget": N_("budget"),
    "election": N_("election"),
    "firm": N_("promise"),
    "forecast": N_("forecast"),
    # needs and offers
    "need": N_("need"),
    "offer": N_("offer"),
    "high": N_("high"),
    "medium": N_("medium"),
    "low": N_("low"),
    # trade
    "FMS": N_("foreign military sale"),
    "DCS": N_("direct commercial sale"),
    "contract-value": N_("contract value"),
    "prime-award": N_("award to the maker"),
    "notified-ceiling": N_("ceiling notified to a legislature"),
    "press-estimate": N_("press estimate"),
    "deliveries": N_("deliveries"),
    "licence-ceiling": N_("licence ceiling"),
    "trend-indicator": N_("trend indicator, no money paid"),
    "agreements": N_("agreements concluded in a year"),
    "claim": N_("public claim of a total"),
    "stated": N_("stated"),
    "about": N_("about"),
    "over": N_("over"),
    "essentially": N_("essentially"),
    "estimated": N_("estimated"),
    "just-under": N_("just under"),
    "total": N_("total"),
    "since-2014": N_("since 2014"),
    "dcs-only": N_("direct commercial sales alone"),
    "fms-agreements": N_("foreign military sales agreements"),
    "contract": N_("contract"),
    "contract-and-letter": N_("contract and letter of offer"),
    "lease": N_("lease"),
    "letter-of-offer": N_("letter of offer"),
    "notification": N_("notification"),
    "selection": N_("selection"),
    "us-award": N_("award by the United States"),
    "official-series": N_("official series"),
    "wider-orders": N_("wider list of orders"),
    # sources
    "official": N_("official"),
    "official-copy": N_("copy of an official text"),
    "press": N_("press"),
    "explainer": N_("explainer"),
    "commentary": N_("commentary"),
    "think-tank": N_("think tank"),
    "encyclopaedia": N_("encyclopaedia"),
    "database": N_("database"),
    "forum-copy": N_("copy on a forum"),
    "fact-check": N_("fact check"),
    # clauses
    "bracketed-ind": N_("in brackets by India"),
    "bracketed-usa": N_("in brackets by the United States"),
    "bracketed-both": N_("in brackets by both"),
    # why a text was erased
    "spill": N_("marked above what may stand here"),
    "court": N_("order of a court"),
    "retention": N_("retention rule"),
}

#: Fields that no form has; the others are called what `labels` calls them.
FIELDS: Final[Mapping[str, str]] = {
    "actions": N_("Actions"),
    "agreements": N_("Agreements"),
    "alternatives": N_("Other published figures"),
    "announced": N_("Announced"),
    "as_of": N_("As of"),
    "assembled_by_buyer": N_("Assembled by the buyer"),
    "attested": N_("Shown in post on"),
    "authority": N_("Legal authority"),
    "basis": N_("Basis"),
    "basis_points": N_("Share in basis points"),
    "bodies": N_("Working groups named"),
    "buyer": N_("Buyer"),
    "buyer_side": N_("Bought by"),
    "cadence": N_("How often"),
    "capacity": N_("Capacity"),
    "category": N_("Category"),
    "claims": N_("Statements"),
    "clauses": N_("Clauses"),
    "code": N_("Outcome"),
    "comparator": N_("How it was put"),
    "compilation": N_("Second compilation"),
    "continues": N_("Took over from"),
    "cost": N_("Cost"),
    "cost_ceiling": N_("Cost ceiling"),
    "counted": N_("Counted as a signed purchase"),
    "covers_for": N_("Stands in for"),
    "cumulative_since": N_("Adds up since"),
    "defence_ministry": N_("Defence ministry"),
    "discussion": N_("Record of discussion"),
    "done": N_("Done"),
    "due_now": N_("Due now"),
    "due_text": N_("Due, in words"),
    "effect": N_("Effect"),
    "end_state": N_("Tenure"),
    "errors": N_("Errors in sources, not taken over"),
    "estimated": N_("Quantity estimated"),
    "events": N_("Events"),
    "evidence": N_("Evidence"),
    "executing": N_("Carried out by"),
    "exposed": N_("What it may touch"),
    "field": N_("Field"),
    "figure": N_("Figure"),
    "file_numbers": N_("File numbers"),
    "first_step": N_("First step"),
    "fiscal_years": N_("US fiscal years"),
    "follows": N_("Follows"),
    "forecast_for": N_("Forecast for"),
    "form": N_("Form"),
    "formal_name": N_("Formal name"),
    "former_co_chair_offices": N_("Former co-chairs"),
    "founding_instrument": N_("Founded by"),
    "governing_instrument": N_("Governed by"),
    "heading": N_("Heading"),
    "held_by": N_("Held by"),
    "high": N_("Highest figure"),
    "holder": N_("Holder"),
    "horizons": N_("Horizon by statement"),
    "host_rule": N_("Who hosts"),
    "imposed_by": N_("Imposed by"),
    "instrument": N_("Instrument"),
    "instruments": N_("Instruments"),
    "item": N_("Item"),
    "key": N_("Key"),
    "later_title": N_("Later title"),
    "law": N_("Law"),
    "lead_department": N_("Lead department"),
    "low": N_("Lowest figure"),
    "main_office": N_("Own office"),
    "maker": N_("Maker"),
    "meant": N_("Meant"),
    "measure": N_("What it measures"),
    "money": N_("Sum"),
    "nomination_source": N_("Nominated by"),
    "note": N_("Note"),
    "notified": N_("Notified"),
    "notified_ceiling": N_("Ceiling notified"),
    "opens": N_("Opens"),
    "ordered": N_("Ordered"),
    "outcome": N_("Outcome"),
    "papers": N_("Papers"),
    "parent": N_("Under"),
    "positions": N_("Positions of the sides"),
    "predecessor": N_("After"),
    "predecessors": N_("Came after"),
    "preferred": N_("Preferred"),
    "printed": N_("Printed"),
    "projects": N_("Projects"),
    "promises": N_("Promised for a horizon"),
    "provision": N_("Provision"),
    "published": N_("Published"),
    "publisher": N_("Publisher"),
    "quantity": N_("Quantity"),
    "quantity_stated": N_("Quantity, as stated"),
    "rank": N_("Rank"),
    "reason_code": N_("Reason"),
    "record": N_("Record"),
    "records": N_("What it touches"),
    "renewed": N_("Renewed"),
    "route": N_("Route"),
    "route_stated": N_("Route, as stated"),
    "rules": N_("What the law or policy says"),
    "same_as": N_("The same as"),
    "scope": N_("Scope"),
    "shares": N_("Shares"),
    "side_views": N_("What each side holds"),
    "signatories": N_("Signatories"),
    "since": N_("Since"),
    "source_stated": N_("Source, as stated"),
    "speaker": N_("Who said it"),
    "standing": N_("Last known state"),
    "start": N_("Beginning"),
    "state": N_("State"),
    "stated_count": N_("Number stated"),
    "stated_fiscal_year_usa": N_("US fiscal year, as stated"),
    "statement": N_("Statement"),
    "statements": N_("Statements in time"),
    "states": N_("Changes of state"),
    "subject": N_("Subject"),
    "successor": N_("Followed by"),
    "term_years": N_("Term in years"),
    "terms_of_reference": N_("Terms of reference"),
    "text_agreed": N_("Text agreed"),
    "until": N_("Until"),
    "url": N_("Address"),
    "value": N_("Figure"),
    "value_basis": N_("Basis of the figure"),
    "value_stated": N_("Figure, as stated"),
    "verified_by": N_("Verified by"),
    "virtual_uses_turn": N_("A meeting by video uses a turn to host"),
    "waivers": N_("Waiver"),
    "why": N_("Why"),
    "wording": N_("Wording"),
    "zone": N_("Time zone"),
}


#: What a section is called: its records in the plural.
PLURALS: Final[Mapping[str, str]] = {
    "project": N_("Projects"),
    "success_definition": N_("Success definitions"),
    "need": N_("Needs and offers"),
    "body": N_("Bodies"),
    "roster": N_("Rosters of working groups"),
    "meeting": N_("Meetings"),
    "instrument": N_("Instruments"),
    "commitment": N_("Commitments"),
    "constraint": N_("External constraints"),
    "event": N_("Events"),
    "trade_contract": N_("Trade contracts"),
    "trade_claim": N_("Trade claims"),
    "source": N_("Sources"),
    "difference": N_("Differences between sources"),
    "office": N_("Offices"),
    "appointment": N_("Appointments"),
    "side": N_("Sides"),
}


def word(code: object) -> str:
    """The words of a code in the page's language; a code without words of its own as it is written."""
    text = str(code)
    return _(CODES[text]) if text in CODES else text.replace("-", " ").replace("_", " ")


def heading(code: object) -> str:
    """The words of a code where they stand alone."""
    said = word(code)
    return said[:1].upper() + said[1:]


def field_name(name: str) -> str:
    """The name of a field in the page's language: as forms call it, or as stands here where no form has it."""
    return _(FIELDS[name]) if name in FIELDS else labels.field(name)


def plural(kind: str) -> str:
    """Records of a kind, in the page's language."""
    return _(PLURALS[kind])


def amount(value: int, currency: str = "USD") -> str:
    """A sum, exact, as short as it can be: ``US$ 962.7 million``, ``96.27 करोड़ अमेरिकी डॉलर``; else in full."""
    scale = next((step for step in (10**9, 10**7, 10**6, 10**5) if abs(value) >= step), 1)
    short = value * 10**5 % scale == 0 and scale > 1
    code = language()
    figure = (
        format_compact_decimal(value, format_type="long", locale=code, fraction_digits=5) if short else grouped(value)
    )
    said = _("US$ %(figure)s", figure=figure) if currency == "USD" else f"{currency} {figure}"
    return said.replace(" ", "\N{NO-BREAK SPACE}")


#: How a sum was put, in words around the figure, since languages put them on either side of it.
COMPARED: Final[Mapping[str, str]] = {
    "about": N_("about %(figure)s"),
    "over": N_("over %(figure)s"),
    "essentially": N_("essentially %(figure)s"),
    "estimated": N_("estimated at %(figure)s"),
    "just-under": N_("just under %(figure)s"),
}


def put(figure: str, comparator: str | None) -> str:
    """A figure with how it was put: ``about US$ 3 billion``."""
    return _(COMPARED[comparator], figure=figure) if comparator and comparator in COMPARED else figure


def money(value: Money) -> str:
    """A sum in words, with how it was put."""
    return put(amount(value.amount, value.currency), value.comparator)
