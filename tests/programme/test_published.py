"""The packaged public record: whole, linked, coded alike on every node, and in agreement with itself."""

from collections import Counter
from typing import Any

from dtti.programme.kinds import KINDS
from dtti.programme.published import code, digest, load, record_id, superseded
from dtti.programme.tenure import tenure
from dtti.programme.values import When

from .support import packaged


def test_the_record_holds_every_kind_of_public_fact() -> None:
    assert Counter(item.kind for item in load()) == {
        "side": 2,
        "office": 28,
        "appointment": 66,
        "body": 17,
        "roster": 5,
        "meeting": 33,
        "project": 16,
        "instrument": 27,
        "commitment": 9,
        "constraint": 2,
        "determination": 4,
        "event": 47,
        "trade_contract": 66,
        "trade_claim": 29,
        "source": 267,
        "difference": 33,
    }


def test_the_code_of_a_published_item_is_the_same_on_every_node() -> None:
    assert record_id("project", "aluav") == "project/PUB/mbsz3ni4ysjpsggg"
    assert code("project", "aluav") != code("source", "aluav")


def test_no_two_items_share_a_code() -> None:
    codes = [code(item.kind, item.ref) for item in load()]
    assert len(set(codes)) == len(codes)
    assert all(len(each) == 16 and set(each) <= set("abcdefghijklmnopqrstuvwxyz234567") for each in codes)


def test_items_come_in_the_order_of_the_registry() -> None:
    kinds = [item.kind for item in load()]
    assert kinds == sorted(kinds, key=list(KINDS).index)


def record(kind: str) -> dict[str, Any]:
    return {link.partition(":")[2]: content for link, content in packaged().items() if link.startswith(f"{kind}:")}


def test_co_chairs_of_meetings_are_possible_holders_of_their_offices_in_that_capacity() -> None:
    appointments = record("appointment").values()
    for meeting in record("meeting").values():
        day = meeting.date.day
        for seat in meeting.co_chairs:
            held = [
                each
                for each in appointments
                if (each.office, each.holder, each.capacity) == (seat.office, seat.holder, seat.capacity)
            ]
            assert held, f"{meeting.ref}: nobody of that name and capacity held {seat.office}"
            if day and meeting.mode != "unknown":
                assert any(tenure(each).on(day) != "no" for each in held), f"{meeting.ref}: {seat.holder}"


def test_horizons_of_projects_and_lines_of_statements_say_the_same() -> None:
    by_project = {(ref, row.statement, row.horizon) for ref, each in record("project").items() for row in each.horizons}
    by_statement = {
        (line.project, ref, line.horizon) for ref, each in record("instrument").items() for line in each.lines
    }
    assert by_project == by_statement
    assert len(by_project) == 7


def test_offices_and_bodies_agree_on_who_chairs_what() -> None:
    bodies = record("body")
    for ref, office in record("office").items():
        for body in office.co_chairs:
            assert ref in (*bodies[body].co_chair_offices, *bodies[body].former_co_chair_offices)


def test_agreements_of_projects_name_the_project_back() -> None:
    instruments = record("instrument")
    pairs = {(ref, agreement) for ref, each in record("project").items() for agreement in each.agreements}
    assert pairs == {("mehps", "mehps-pa"), ("ngpe", "ngpe-pa"), ("aluav", "aluav-pa")}
    assert all(instruments[agreement].project == ref for ref, agreement in pairs)


def test_meetings_of_one_body_have_distinct_numbers() -> None:
    numbers = [(each.body, each.number) for each in record("meeting").values() if each.number]
    assert len(set(numbers)) == len(numbers)


def test_every_date_of_a_statement_is_one_that_its_record_has_and_the_preferred_one_is_the_records_own() -> None:
    found = packaged()
    dated = 0
    for difference in record("difference").values():
        for claim in difference.claims:
            for read in claim.dates:
                dated += 1
                held = getattr(found[read.record], read.field)
                assert isinstance(held, When), f"{difference.ref}: {read.record} has no {read.field}"
                if claim.key == difference.preferred:
                    assert held == read.when, f"{difference.ref}: {read.record} {read.field}"
    assert dated == 28


def test_what_is_superseded_is_in_the_record_and_says_something_else_today() -> None:
    today = {f"{item.kind}:{item.ref}": digest(KINDS[item.kind].write(item.content)) for item in load()}
    for link, digests in superseded().items():
        assert digests
        assert today[link] not in digests
