"""The packaged record against the history it was made from: nothing lost, nothing firmer or more exact than it was.

What was added in November 2026 is listed by record and key, and says more there: never something else.
"""

import csv
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dtti.programme.values import When

from .support import HISTORY, history, needs_history, packaged

pytestmark = needs_history

Read = Callable[[Any], Any]
PRECISIONS = {"day", "month", "year"}
PRECISIONS_AS_FINE = ("year", "month", "between", "day")


def text(field: str) -> Read:
    """A field as text, None where it is absent."""
    return lambda content: None if getattr(content, field) is None else str(getattr(content, field))


def plain(field: str) -> Read:
    return lambda content: getattr(content, field)


def many(field: str) -> Read:
    return lambda content: [str(each) for each in getattr(content, field)]


def bound(field: str, end: str) -> Read:
    def read(content: Any) -> Any:
        when = getattr(content, field)
        return getattr(when, end) if when else None

    return read


def precision(field: str) -> Read:
    return lambda content: getattr(content, field).precision


def money(field: str, part: str) -> Read:
    return lambda content: getattr(getattr(content, field), part)


def dated(field: str, name: str | None = None) -> dict[str, Read]:
    """The four keys that history gives a date, for our one."""
    name = name or field
    return {
        name: text(field),
        f"{name}_precision": precision(field),
        f"{name}_not_before": bound(field, "not_before"),
        f"{name}_not_after": bound(field, "not_after"),
    }


def cited(names: Mapping[str, str] | None = None) -> dict[str, Read]:
    """The four keys of a citation; `names` are history's names of fields that we call otherwise."""
    back = {ours: theirs for theirs, ours in (names or {}).items()}
    return {
        "sources": lambda row: list(row.cite.sources),
        "confidence": lambda row: row.cite.confidence,
        "inferred_fields": lambda row: [back.get(name, name) for name in row.cite.inferred],
        "unverified_fields": lambda row: [back.get(name, name) for name in row.cite.unverified],
    }


def rows(field: str, keys: Mapping[str, Read]) -> Read:
    """A list of rows: read with their own keys, as history would have them."""
    return lambda content: [(row, keys) for row in getattr(content, field)]


def simple(*fields: str) -> dict[str, Read]:
    return {field: text(field) for field in fields}


def links(content: Any) -> list[str]:
    files = {"body": "bodies", "roster": "bodies"}
    return [
        f"{files.get(kind, kind + 's')}:{ref}" for kind, _, ref in (link.partition(":") for link in content.records)
    ]


BODY_NAMES = {"valid_from": "start", "valid_to_not_after": "end.not_after", "cadence_days": "cadence.days"}
BASE = {"id": text("ref"), "notes": text("notes")}
SEAT = simple("side", "office", "holder", "capacity")
ALTERNATIVE = {
    "value_usd": money("value", "amount"),
    "comparator": money("value", "comparator"),
    "measure": money("value", "measure"),
    "notes": text("note"),
    **cited(),
}

TABLES: dict[tuple[str, str], tuple[str, dict[str, Read]]] = {
    ("parties.toml", "party"): (
        "side",
        {**BASE, **simple("name", "formal_name", "defence_ministry", "lead_department"), **cited()},
    ),
    ("offices.toml", "office"): (
        "office",
        {
            **BASE,
            **simple("side", "title", "later_title", "predecessor", "successor"),
            "co_chairs": many("co_chairs"),
            **dated("start", "valid_from"),
            **dated("end", "valid_to"),
            **cited(),
        },
    ),
    ("appointments.toml", "appointment"): (
        "appointment",
        {
            **BASE,
            **simple("office", "holder", "rank", "capacity", "main_office", "covers_for"),
            "to_state": text("end_state"),
            "attested_on": many("attested"),
            **dated("start", "from"),
            **dated("end", "to"),
            **cited(
                {
                    "from": "start",
                    "to": "end",
                    "to_not_before": "end.not_before",
                    "from_not_before": "start.not_before",
                    "attested_on": "attested",
                }
            ),
        },
    ),
    ("bodies.toml", "body"): (
        "body",
        {
            **BASE,
            **simple("name", "type", "domain", "side", "parent", "host_rule"),
            **simple("terms_of_reference", "founding_instrument", "governing_instrument"),
            "aliases": many("aliases"),
            "co_chair_offices": many("co_chair_offices"),
            "former_co_chair_offices": many("former_co_chair_offices"),
            "cadence_text": money("cadence", "text"),
            "cadence_days": money("cadence", "days"),
            "state": money("standing", "state"),
            "state_as_of": lambda body: str(body.standing.as_of),
            **dated("start", "valid_from"),
            **dated("end", "valid_to"),
            "state_change": rows("states", {**dated("date"), **simple("state", "reason_code", "note"), **cited()}),
            **cited(BODY_NAMES),
        },
    ),
    ("bodies.toml", "jwg_roster"): (
        "roster",
        {**BASE, **dated("as_of"), "stated_count": plain("stated_count"), "bodies": many("bodies"), **cited()},
    ),
    ("meetings.toml", "meeting"): (
        "meeting",
        {
            **BASE,
            **simple("body", "mode", "status", "host", "place"),
            "number": plain("number"),
            **dated("date"),
            **dated("end", "end_date"),
            "outcomes": many("outcomes"),
            "instruments": many("instruments"),
            "co_chairs": rows("co_chairs", SEAT),
            **cited(),
        },
    ),
    ("projects.toml", "project"): (
        "project",
        {
            **BASE,
            **simple("name", "domain", "cohort", "kind", "nomination_source"),
            "aliases": many("aliases"),
            "jwg": text("body"),
            **dated("first_named"),
            "in_dtti": plain("in_dtti"),
            "agreement": lambda project: project.agreements[0],
            "executing": many("executing"),
            "outcome": money("outcome", "code"),
            "outcome_text": money("outcome", "text"),
            "money": lambda project: {
                "amount_usd": project.cost.money.amount,
                "comparator": project.cost.money.comparator,
                "basis": project.cost.basis,
                **{f"split_{each.side.lower()}": each.basis_points / 10_000 for each in project.cost.shares},
            },
            "horizon": rows("horizons", {"soi": text("statement"), "horizon": text("horizon"), **cited()}),
            "status": rows("statements", {**dated("date"), **simple("status", "reason_code", "note"), **cited()}),
            **cited({"jwg": "body"}),
        },
    ),
    ("instruments.toml", "instrument"): (
        "instrument",
        {
            **BASE,
            **simple("name", "type", "parent", "predecessor", "project", "body", "meeting", "place", "binding"),
            "aliases": many("aliases"),
            **dated("text_agreed"),
            **dated("signed"),
            **dated("announced"),
            **dated("first_step", "implementation_first_step"),
            **dated("renewed"),
            **dated("expires"),
            **dated("due"),
            "term_years": plain("term_years"),
            "implementation": text("implementation"),
            "executing": many("executing"),
            "lines_known": plain("lines_known"),
            "line_count": plain("line_count"),
            "near_term_promise": lambda instrument: instrument.promises[0].text,
            "near_term_promise_days_low": lambda instrument: instrument.promises[0].days,
            "near_term_promise_alt": lambda instrument: instrument.promises[1].text,
            "near_term_promise_days_high": lambda instrument: instrument.promises[1].days,
            "signatories": rows("signatories", simple("side", "name", "office", "capacity")),
            "line": rows("lines", {**simple("project", "horizon", "note"), **cited()}),
            **cited(),
            "inferred_fields": lambda instrument: [
                *instrument.cite.inferred,
                *(
                    f"near_term_promise_days_{end}"
                    for end, promise in zip(("low", "high"), instrument.promises, strict=False)
                    if "days" in promise.cite.inferred
                ),
            ],
        },
    ),
    ("events.toml", "event"): (
        "event",
        {
            **BASE,
            **simple("name", "scope", "category", "effect"),
            **dated("date"),
            "value_usd": money("value", "amount"),
            **cited(),
        },
    ),
    ("trade_contracts.toml", "contract"): (
        "trade_contract",
        {
            **BASE,
            **simple("item", "route"),
            "quantity": plain("quantity"),
            **dated("signed"),
            "value_usd": money("value", "amount"),
            "comparator": money("value", "comparator"),
            "measure": money("value", "measure"),
            "alternative": rows("alternatives", ALTERNATIVE),
            **cited({"value_usd": "value"}),
        },
    ),
    ("trade_contracts.toml", "unvalued_order"): (
        "trade_contract",
        {
            **BASE,
            "item": text("item"),
            "quantity": plain("quantity"),
            "estimated": plain("estimated"),
            **dated("ordered", "order_year"),
            **cited(),
        },
    ),
    ("trade_claims.toml", "claim"): (
        "trade_claim",
        {
            **BASE,
            **dated("as_of"),
            **dated("cumulative_since"),
            **dated("forecast_for"),
            "figure_usd": money("figure", "amount"),
            "comparator": money("figure", "comparator"),
            **simple("scope", "speaker"),
            **cited(),
        },
    ),
    ("contradictions.toml", "contradiction"): (
        "difference",
        {
            **BASE,
            **simple("subject", "status", "preferred", "why"),
            "records": links,
            "claim": rows("claims", {**simple("key", "text"), **cited()}),
            **cited(),
        },
    ),
    ("sources.toml", "source"): (
        "source",
        {**BASE, **simple("title", "publisher", "url"), **dated("published"), "kind": text("type"), **cited()},
    ),
}


#: What the additions of November 2026 say more of, by row of history and key.
ADDED: dict[str, set[str]] = {
    "office:USA/deputy-secretary-of-defense": {"inferred_fields", "sources"},
    "office:USA/usd-as": {"inferred_fields", "sources"},
    "office:USA/usd-policy": {"inferred_fields", "sources"},
    "office:USA/secretary-of-defense": {"sources"},
    "appointment:sdp-aramane-additional": {"confidence", "inferred_fields", "notes", "sources"},
    "appointment:sdp-sanjeev-kumar": {"confidence", "from", "from_precision", "sources", "unverified_fields"},
    "appointment:defsec-mohan-kumar": {"confidence", "sources"},
    "appointment:defsec-mitra": {"sources"},
    "appointment:secstate-blinken": {"inferred_fields", "sources"},
    "body:dtti-group": {"notes"},
    "body:jwg-actc": {"notes", "sources"},
    "body:jwg-air-systems": {"notes", "sources"},
    "body:jwg-naval-systems": {"notes", "sources"},
    "body:jwg-land-systems": {"notes", "sources"},
    "body:dicf": {"notes"},
    "meeting:dtti-group-07": {"outcomes"},
    "meeting:dtti-group-09": {"outcomes"},
    "meeting:2plus2-04": {"date", "date_precision", "notes", "sources"},
    "meeting:dpg-17": {"confidence", "date", "date_precision", "sources"},
    "event:atmanirbhar-bharat": {"confidence", "date", "date_precision", "sources", "unverified_fields"},
    "event:dpp-2016": {"date", "date_precision", "sources"},
}
#: Dates that they give where history has none.
DATED = {
    ("sdp-aramane-additional", "start"),
    ("sdp-aramane-additional", "end"),
    ("defsec-mohan-kumar", "end"),
    ("defsec-mitra", "start"),
    ("secstate-blinken", "end"),
}


def compare(theirs: Mapping[str, Any], ours: Any, keys: Mapping[str, Read], where: str) -> int:
    """Assert that `ours` says all that `theirs` says, key by key, at the same strength; return how many keys."""
    n = 0
    for key, value in theirs.items():
        n += 1
        assert key in keys, f"{where}: history says {key} and nothing holds it"
        if key.endswith("_precision"):
            assert value in PRECISIONS
        found = keys[key](ours)
        if value and isinstance(value, list) and isinstance(value[0], dict):
            assert len(found) == len(value), f"{where}.{key}"
            for number, (row, (our_row, our_keys)) in enumerate(zip(value, found, strict=True)):
                n += compare(row, our_row, our_keys, f"{where}.{key}.{number}")
        elif found != value:
            assert key in ADDED.get(where, ()), f"{where}.{key}: {found!r} where history says {value!r}"
            assert says_more(key, found, value), f"{where}.{key}: {found!r} does not hold {value!r}"
    for key in ("sources", "confidence", "inferred_fields", "unverified_fields"):
        if key in keys and key not in theirs:
            assert keys[key](ours) == [] or key in ADDED.get(where, ()), f"{where}: {key} is said by us alone"
    return n


FIRMER = ("unverified", "inferred", "single-source", "sourced")
#: Notes that the additions settle, so that they are said otherwise now.
SETTLED = {"11 April 2022 is the commonly given day; not confirmed."}


def says_more(key: str, ours: Any, theirs: Any) -> bool:
    """Whether what the additions made of a value holds it: a date within its bounds, a text or a list that goes on."""
    if key.endswith("_precision"):
        return bool(PRECISIONS_AS_FINE.index(ours) >= PRECISIONS_AS_FINE.index(theirs))
    if key == "confidence":
        return FIRMER.index(ours) > FIRMER.index(theirs)
    if key == "notes":
        return theirs in SETTLED or str(ours).startswith(theirs)
    if key in ("inferred_fields", "unverified_fields"):
        return True
    if isinstance(theirs, list):
        return bool(ours[: len(theirs)] == theirs)
    if key == "text":
        return str(ours).startswith(theirs)
    one, other = When(str(ours)), When(str(theirs))
    within = (one.earliest or date.min, one.latest or date.max)
    return bool((other.earliest or date.min) <= within[0] and within[1] <= (other.latest or date.max))


@pytest.mark.parametrize(("file", "table"), TABLES, ids=[f"{file}-{table}" for file, table in TABLES])
def test_every_row_and_key_of_history_stands_in_the_record_at_its_own_strength(file: str, table: str) -> None:
    kind, keys = TABLES[file, table]
    record = packaged()
    theirs = history(file)[table]
    assert sum(compare(row, record[f"{kind}:{row['id']}"], keys, f"{table}:{row['id']}") for row in theirs) > len(
        theirs
    )


def test_every_table_of_every_history_file_is_compared() -> None:
    found = {(path.name, table) for path in HISTORY.glob("*.toml") for table in history(path.name)}
    assert found - {("expected.toml", "expected")} == set(TABLES)


def test_no_date_stands_where_history_has_none() -> None:
    dates = {
        ("appointments.toml", "appointment"): {"start": "from", "end": "to"},
        ("bodies.toml", "body"): {"start": "valid_from", "end": "valid_to"},
        ("instruments.toml", "instrument"): {
            "in_force": "effective",
            "signed": "signed",
            "announced": "announced",
            "expires": "expires",
            "first_step": "implementation_first_step",
        },
        ("meetings.toml", "meeting"): {"end": "end_date"},
    }
    record = packaged()
    for (file, table), fields in dates.items():
        for row in history(file)[table]:
            content = record[f"{TABLES[file, table][0]}:{row['id']}"]
            for ours, theirs in fields.items():
                if getattr(content, ours) is not None and (row["id"], ours) not in DATED:
                    assert any(key in row for key in (theirs, f"{theirs}_not_before", f"{theirs}_not_after"))


# --- The two wider tables --------------------------------------------------------------------------------------------


def millions(cell: str) -> int | None:
    return int(Decimal(cell) * 1_000_000) if cell else None


def amount(value: Any) -> int | None:
    return value.amount if value else None


def said(value: Any) -> str:
    return "" if value is None else str(value)


FORMS = {
    "LOA": "letter-of-offer",
    "contract": "contract",
    "US award": "us-award",
    "selection": "selection",
    "contract + LOA": "contract-and-letter",
    "LOA + contract": "contract-and-letter",
    "lease": "lease",
    "notification": "notification",
}
STATUSES = {"selected; not concluded as first planned": "selected-not-concluded", "notified only": "notified-only"}

ORDER_COLUMNS: dict[str, Callable[[str, Any], bool]] = {
    "record_id": lambda cell, order: cell == order.ref,
    "item": lambda cell, order: cell == order.item,
    "quantity": lambda cell, order: cell == (order.quantity_stated or said(order.quantity)),
    "buyer": lambda cell, order: cell == order.buyer,
    "prime": lambda cell, order: cell == said(order.maker),
    "event_type": lambda cell, order: FORMS[cell] == order.form,
    "signed_date": lambda cell, order: cell == said(order.signed),
    "date_precision": lambda cell, order: cell == (order.signed.precision if order.signed else ""),
    "fy_us": lambda cell, order: cell == said(order.stated_fiscal_year_usa),
    "value_usd_m": lambda cell, order: millions(cell) == amount(order.value),
    "value_usd_m_min": lambda cell, order: millions(cell) == amount(order.low),
    "value_usd_m_max": lambda cell, order: millions(cell) == amount(order.high),
    "value_original": lambda cell, order: cell == said(order.value_stated),
    "value_basis": lambda cell, order: cell == said(order.value_basis),
    "route": lambda cell, order: cell == (order.route_stated or order.route),
    "notified_date": lambda cell, order: cell == said(order.notified),
    "notified_usd_m": lambda cell, order: millions(cell) == amount(order.notified_ceiling),
    "status": lambda cell, order: STATUSES.get(cell, cell.replace(" ", "-")) == order.status,
    "counts_in_signed_total": lambda cell, order: (cell == "1") == order.counted,
    "source": lambda cell, order: cell == order.source_stated,
    "unverified": lambda cell, order: (cell == "1") == (order.cite.confidence == "unverified"),
    "note": lambda cell, order: cell == said(order.notes),
}
ADDRESS_COLUMNS = ("source_url", "second_source_url")


def wider(file: str) -> list[dict[str, str]]:
    with (HISTORY / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_cell_of_the_wider_orders_stands_in_the_record() -> None:
    record = packaged()
    orders = wider("trade_orders.csv")
    assert len(orders) == 47
    for row in orders:
        order = record[f"trade_contract:{row['record_id']}"]
        assert order.compilation == "wider-orders"
        assert set(row) == {*ORDER_COLUMNS, *ADDRESS_COLUMNS}
        for column, holds in ORDER_COLUMNS.items():
            assert holds(row[column], order), f"{row['record_id']}.{column}: {row[column]!r}"
        addresses = {record[f"source:{ref}"].url for ref in order.cite.sources}
        assert {row[column] for column in ADDRESS_COLUMNS if row[column]} <= addresses


def test_no_order_of_the_wider_compilation_is_called_more_than_single_source() -> None:
    confidences = {
        content.cite.confidence
        for link, content in packaged().items()
        if link.startswith("trade_contract:") and content.compilation
    }
    assert confidences == {"single-source", "unverified"}


def test_notified_ceilings_of_the_wider_orders_are_called_ceilings() -> None:
    record = packaged()
    for row in wider("trade_orders.csv"):
        if "notif" in row["value_basis"] and row["value_usd_m"]:
            assert record[f"trade_contract:{row['record_id']}"].value.measure == "notified-ceiling"


def test_every_cell_of_the_official_series_stands_in_the_record() -> None:
    record = packaged()
    held = {
        (claim.fiscal_years or str(claim.forecast_for or claim.as_of), claim.scope): claim
        for link, claim in record.items()
        if link.startswith("trade_claim:") and claim.compilation == "official-series"
    }
    rows = wider("trade_official_series.csv")
    assert len(rows) == len(held) == 13
    above = rows[0]
    for row in rows:
        if row["wording"] == "same":
            row = {**row, **{column: above[column] for column in ("wording", "source", "source_url")}}
        above = row
        scope, unit = {
            "headline_cumulative_usd_bn": ("total", 10**9),
            "dcs_cumulative_since_2008_usd_bn": ("dcs-only", 10**9),
            "fms_agreements_usd_m": ("fms-agreements", 10**6),
        }[row["measure"]]
        claim = held[row["period"].partition(" ")[0], scope]
        assert Decimal(claim.figure.amount) == Decimal(row["value"]) * unit
        assert (claim.wording, said(claim.source_stated)) == (row["wording"], row["source"])
        assert [record[f"source:{ref}"].url for ref in claim.cite.sources] == (
            [row["source_url"]] if row["source_url"] else []
        )
        assert row["period"].partition(" ")[2] in said(claim.notes)


@pytest.mark.parametrize(
    ("order", "field", "printed", "meant"),
    [
        ("US-IN-2004-01", "quantity", "117", "17"),
        ("US-IN-2006-01", "high", "$5 billion", "$5 million"),
        ("US-IN-2019-01", "value", "Rs 70 billion", "Rs 7 billion"),
        ("US-IN-2009-01", "route", "government to government", "DCS"),
        ("US-IN-2016-01", "route", "government to government", "DCS"),
    ],
)
def test_known_errors_of_sources_are_caught_and_not_taken_over(
    order: str, field: str, printed: str, meant: str
) -> None:
    content: Any = packaged()[f"trade_contract:{order}"]
    (error,) = content.errors
    assert error.field == field
    assert printed in error.printed
    assert error.meant == meant
    assert {
        "US-IN-2004-01": content.quantity == 17,
        "US-IN-2006-01": content.high and content.high.amount == 53_500_000,
        "US-IN-2019-01": content.value and content.value.amount == 99_000_000,
        "US-IN-2009-01": content.route == "DCS",
        "US-IN-2016-01": content.route == "DCS",
    }[order]
