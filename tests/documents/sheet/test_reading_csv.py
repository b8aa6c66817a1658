"""A register in CSV is read whole or not at all, whatever its encoding, delimiter and headings."""

from pathlib import Path

import pytest

from dtti.accord.refusal import Refused
from dtti.documents.sheet.numbers import Money
from dtti.documents.sheet.outcome import Mapping
from dtti.papers.registers import read_register

from .books import CONTRACTS, action, csv, notices, problems, values


def refused(data: bytes | Path, register: str = "actions", **given: object) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        read_register(data, register, name="a.csv", **given)  # type: ignore[arg-type] # as the test gives it
    (one,) = caught.value.refusals
    return one.rule, one.reason


def test_a_register_is_read_with_every_value_typed() -> None:
    reading = read_register(csv(action(), action(ref="A-2", due="2027", status="Closed")), "actions")
    assert problems(reading) == []
    assert values(reading) == [
        {"ref": "A-1", "text": "Send the list", "owner_ind": "Example Desk", "due": "2027-01-26", "status": "open"},
        {"ref": "A-2", "text": "Send the list", "owner_ind": "Example Desk", "due": "2027", "status": "done"},
    ]


def test_a_register_in_hindi_is_read_to_the_same_codes() -> None:
    heads = ("कार्रवाई संख्या", "अपेक्षित कार्रवाई", "भारतीय पक्ष", "नियत तिथि", "स्थिति")
    reading = read_register(csv(("क-१", "सूची भेजें", "उदाहरण डेस्क", "२६ जनवरी २०२७", "लंबित"), heads=heads), "actions")
    assert values(reading) == [
        {"ref": "क-1", "text": "सूची भेजें", "owner_ind": "उदाहरण डेस्क", "due": "2027-01-26", "status": "open"}
    ]


def test_problems_stand_at_their_cells_and_no_row_can_be_had() -> None:
    rows = (action(), action(ref="A-2", due="soon"), action(ref="", status="perhaps"), action(ref="a-1"))
    reading = read_register(csv(*rows), "actions", name="a.csv")
    assert problems(reading) == [
        ("D3", "sheet-date"),
        ("A4", "sheet-required"),
        ("E4", "sheet-choice"),
        ("A5", "sheet-repeated"),
    ]
    assert reading.count == 4
    with pytest.raises(Refused) as caught:
        reading.rows()
    assert caught.value.refusals[0].reason == "a.csv has 4 problems; nothing of it is taken"


def test_all_problems_are_counted_and_the_first_thousand_listed() -> None:
    reading = read_register(csv(*(action(ref=f"A-{n}", due="soon", status="x") for n in range(2_100))), "actions")
    assert (reading.problem_count, len(reading.problems)) == (4_200, 1_000)
    assert reading.counts == {"sheet-choice": 2_100, "sheet-date": 2_100}
    assert [each.cell for each in reading.problems[:3]] == ["D2", "E2", "D3"]
    assert reading.problems[-1].cell == "E501"


# --- Dates in both orders -------------------------------------------------------------------------------------------


def test_an_open_date_is_a_problem_where_nothing_decides() -> None:
    reading = read_register(csv(action(due="03/04/2026")), "actions")
    assert problems(reading) == [("D2", "sheet-date-order")]
    assert "3 Apr 2026 or 4 Mar 2026" in reading.problems[0].told("en")["reason"]
    assert "3 अप्रैल 2026" in reading.problems[0].told("hi")["reason"]


def test_the_other_dates_of_its_column_decide_and_it_is_said() -> None:
    rows = (action(due="03/04/2026"), action(ref="A-2", due="24/10/2026"))
    reading = read_register(csv(*rows), "actions")
    assert [row["due"] for row in values(reading)] == ["2026-04-03", "2026-10-24"]
    assert notices(reading)["sheet-order"].startswith("Due was read day first")
    turned = read_register(csv(action(due="03/04/2026"), action(ref="A-2", due="10/24/2026")), "actions")
    assert [row["due"] for row in values(turned)] == ["2026-03-04", "2026-10-24"]


def test_a_column_of_both_orders_decides_nothing() -> None:
    rows = (action(due="03/04/2026"), action(ref="A-2", due="24/10/2026"), action(ref="A-3", due="10/25/2026"))
    reading = read_register(csv(*rows), "actions")
    assert problems(reading) == [("D2", "sheet-date-mixed")]
    assert "(D3)" in reading.problems[0].told("en")["reason"]


def test_a_given_order_decides_and_a_date_against_it_is_a_problem() -> None:
    rows = (action(due="03/04/2026"), action(ref="A-2", due="24/10/2026"))
    assert problems(read_register(csv(*rows), "actions", date_order="mdy")) == [("D3", "sheet-date-against")]
    assert values(read_register(csv(rows[0]), "actions", date_order="mdy"))[0]["due"] == "2026-03-04"


# --- Money ----------------------------------------------------------------------------------------------------------


def test_sums_take_unit_and_currency_from_cell_heading_or_column() -> None:
    heads = ("Ref", "Item", "Value (₹ crore)")
    reading = read_register(csv(("C-1", "Example", "2,906.5"), heads=heads), "contracts")
    assert values(reading)[0]["value"] == Money(29_065_000_000, "INR")
    heads = ("Ref", "Item", "Value", "Currency")
    reading = read_register(csv(("C-1", "Example", "1,23,45,678", "US dollars"), heads=heads), "contracts")
    assert values(reading)[0]["value"] == Money(12_345_678, "USD")


@pytest.mark.parametrize(
    ("heading", "value", "currency", "rule"),
    [
        ("Value", "500", "", "sheet-money-currency"),
        ("Value (₹ crore)", "2 crore", "", "sheet-money-scale"),
        ("Value (₹ crore)", "US$ 2", "", "sheet-money-against"),
        ("Value", "₹2", "USD", "sheet-money-against"),
        ("Value", "₹1,2345", "", "sheet-number-grouping"),
        ("Value", "nil", "INR", "sheet-number-nil"),
    ],
)
def test_a_sum_that_is_not_certain_is_a_problem(heading: str, value: str, currency: str, rule: str) -> None:
    reading = read_register(
        csv(("C-1", "Example", value, currency), heads=("Ref", "Item", heading, "Currency")), "contracts"
    )
    assert problems(reading) == [("C2", rule)]


def test_not_known_is_absent_and_said() -> None:
    rows = (("C-1", "Example", "₹5", "TBD", "—", ""),)
    reading = read_register(csv(*rows, heads=CONTRACTS), "contracts")
    assert values(reading) == [{"ref": "C-1", "item": "Example", "value": Money(5, "INR")}]
    assert notices(reading)["sheet-unknown"] == "Signed: “TBD” was read as not known: 1, the first in D2"


# --- Layout ---------------------------------------------------------------------------------------------------------


def test_titles_blank_rows_totals_and_numbered_columns_are_left_out_and_said() -> None:
    rows = (
        ("Register of contracts",), ("",), ("S. No.", *CONTRACTS[:3]), ("(1)", "(2)", "(3)", "(4)"),
        ("1", "C-1", "Example", "₹5"), ("",), ("2", "C-2", "Other", "₹6"), ("", "Total", "", "₹11"),
        ("Prepared by the desk",),
    )  # fmt: skip
    text = "\r\n".join(",".join(row) for row in rows)
    reading = read_register(text.encode(), "contracts")
    assert [row["ref"] for row in values(reading)] == ["C-1", "C-2"]
    said = notices(reading)
    assert said["sheet-above"] == "Left out above the headings: “Register of contracts”"
    assert said["sheet-numbered"] == "Row 4 only numbers the columns and was left out"
    assert said["sheet-totals"] == "Rows of totals were left out: 8"
    assert said["sheet-blank"].endswith("2, the first is row 6")
    assert "A “S. No.”" in said["sheet-unread"]


def test_two_rows_of_headings_are_read_as_one() -> None:
    text = "Action no.,Action,Responsibility,,Due\n,,India,US,\nA-1,Send,Desk One,Desk Two,26 Jan 2027\n"
    reading = read_register(text.encode(), "actions")
    assert values(reading) == [
        {"ref": "A-1", "text": "Send", "owner_ind": "Desk One", "owner_usa": "Desk Two", "due": "2027-01-26"}
    ]
    assert reading.header == (1, 2)


def test_a_missing_column_and_two_that_may_be_one_are_problems_of_the_headings() -> None:
    text = "Action no.,Due date,Due by\nA-1,26 Jan 2027,26 Jan 2027\n"
    reading = read_register(text.encode(), "actions")
    assert problems(reading) == [("A1", "sheet-two-columns"), ("A1", "sheet-missing-column")]
    assert "B1 “Due date”, C1 “Due by”" in reading.problems[0].told("en")["reason"]


def test_a_heading_spelled_nearly_so_is_taken_and_said() -> None:
    reading = read_register(csv(action(), heads=("Action no.", "Action", "Owner (India)", "Due", "Staus")), "actions")
    assert [(each.key, each.why) for each in reading.columns][-1] == ("status", "close")
    assert "sheet-close" in notices(reading)


def test_a_mapping_that_was_kept_decides_and_fits_only_its_headings() -> None:
    first = read_register(csv(action(), heads=("Nr", "Action", "Owner (India)", "Due", "Status")), "actions")
    assert [(each.rule, each.column) for each in first.problems] == [("sheet-missing-column", "ref")]
    kept = Mapping("actions", first.mapping.header, ("ref", *first.mapping.columns[1:]))
    again = read_register(csv(action(), heads=first.mapping.header), "actions", kept)
    assert values(again)[0]["ref"] == "A-1"
    assert again.mapping == kept
    assert refused(csv(action()), mapping=kept)[0] == "sheet-mapping-header"


@pytest.mark.parametrize(
    "wrong",
    [
        Mapping("contracts", ("a",), ("ref",)),
        Mapping("actions", ("a", "b"), ("ref",)),
        Mapping("actions", ("a",), ("nothing",)),
        Mapping("actions", ("a", "b"), ("ref", "ref")),
    ],
)
def test_a_mapping_that_is_wrong_in_itself_is_refused(wrong: Mapping) -> None:
    assert refused(csv(action()), mapping=wrong)[0] == "sheet-mapping"


# --- Encodings and delimiters ---------------------------------------------------------------------------------------

NAMED = action(owner="Bureau de l’Exemple, Éxámple")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_each_encoding_reads_alike(encoding: str) -> None:
    data = csv(NAMED).decode("utf-8-sig").encode(encoding)
    assert values(read_register(data, "actions"))[0]["owner_ind"] == "Bureau de l’Exemple, Éxámple"


def test_windows_1252_is_said_with_the_place_of_its_first_sign() -> None:
    data = csv(NAMED).decode("utf-8-sig").encode("cp1252")
    said = notices(read_register(data, "actions"))["sheet-cp1252"]
    assert f"0x92 ’, byte offset {data.index(0x92)}" in said


@pytest.mark.parametrize("at_end", [False, True])
def test_broken_utf8_is_refused_with_the_offset_of_its_byte(*, at_end: bool) -> None:
    good = csv(action(text="सूची भेजें"), *(action(ref=f"B-{n}") for n in range(9_000 if at_end else 1)))
    data = good + b'"A-9","\xe0\xa4","x","2027","open"\r\n' if at_end else good.replace(b"B-0", b"B\xff0")
    offset = data.rindex(b"\xe0\xa4") if at_end else data.index(b"\xff")
    rule, reason = refused(data)
    assert rule == "sheet-utf8"
    assert f"at offset {offset} " in reason


def test_broken_utf16_is_refused_with_its_offset() -> None:
    data = csv(action()).decode("utf-8-sig").encode("utf-16")
    assert refused(data[:-1])[0] == "sheet-utf16"


def test_bytes_of_no_encoding_are_refused() -> None:
    assert refused(b"Action no.,Action,Due\nA-1,a\x81b,2027\n")[0] == "sheet-encoding"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter_is_found(delimiter: str) -> None:
    row = delimiter.join(("C-1", "Example", '"₹1,23,456"', "26 Jan 2027", "2", "Example Works"))
    text = delimiter.join(CONTRACTS) + "\r\n" + row + "\r\n"
    assert values(read_register(text.encode(), "contracts"))[0]["value"] == Money(123_456, "INR")
    with_line = f"sep={delimiter}\r\n{text}"
    assert values(read_register(with_line.encode(), "contracts"))[0]["quantity"] == 2


@pytest.mark.parametrize("tail", ['"never closed', '"a"b,c\r\n'])
def test_a_quotation_mark_astray_is_refused(tail: str) -> None:
    assert refused(csv(action()) + tail.encode())[0] == "sheet-csv"


# --- Single cells ---------------------------------------------------------------------------------------------------


def test_texts_are_cleaned_of_what_is_not_seen_and_nothing_else() -> None:
    said = "\u200b De\u0301pot\u00a0 of\r\nthe क्‍ष \ufeff"
    reading = read_register(csv(action(owner=said)), "actions")
    assert values(reading)[0]["owner_ind"] == "Dépot of the क्‍ष"


@pytest.mark.parametrize(
    ("given", "cell", "rule"),
    [
        ({"text": "a\x00b"}, "B2", "sheet-control"),
        ({"owner": "x" * 1_001}, "C2", "sheet-long"),
        ({"ref": "x" * 81}, "A2", "sheet-long"),
    ],
)
def test_a_cell_that_no_record_can_hold_is_a_problem(given: dict[str, str], cell: str, rule: str) -> None:
    assert problems(read_register(csv(action(**given)), "actions")) == [(cell, rule)]


def test_contacts_keep_telephone_numbers_and_refuse_broken_addresses() -> None:
    heads = ("Name", "Designation", "Country", "Email", "Phone")
    rows = (
        ("Example One", "Director", "भारत", "one@example.org", "'+91 11 5550 0101"),
        ("Example Two", "Director", "U.S.", "two@example", "9.15551E+11"),
    )
    reading = read_register(csv(*rows, heads=heads), "contacts")
    assert problems(reading) == [("D3", "sheet-email"), ("E3", "sheet-phone")]
    assert reading.preview[0].values["phone"] == "+91 11 5550 0101"
    assert [row.values["side"] for row in reading.preview] == ["IND", "USA"]


def test_any_file_of_another_kind_is_refused() -> None:
    assert refused(b"%PDF-1.7 ...")[0] == "sheet-kind"
    assert refused(b"<html><table>")[0] == "sheet-kind"
    assert refused(b"")[0] == "sheet-empty"
    assert refused(b"\xef\xbb\xbf\r\n\r\n")[0] == "sheet-empty"
    assert refused(csv(action()), "contracts")[0] == "sheet-header"
    assert refused(csv(action()), "anything")[0] == "sheet-register"


def test_a_file_of_a_gigabyte_is_refused_by_its_size(tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(2**30)
    assert refused(large)[0] == "sheet-size"
    with large.open("r+b") as file:
        file.write(b"PK\x03\x04")
    assert refused(large)[0] == "package-size"
