"""Signing: what is written, what is refused."""

import datetime as dt
import io

import httpx
import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.reader import PdfFileReader

from dtti.accord.refusal import Refused
from dtti.documents.sign.authority import HttpAuthority
from dtti.documents.sign.check import check
from dtti.documents.sign.fit import carried_digests, fields_of, unfit
from dtti.documents.sign.keys import key_in_pem, key_in_pkcs12, key_on_token
from dtti.documents.sign.verdict import Root, Trust
from dtti.documents.sign.write import Evidence, sign

from .altering import updated
from .making import DIGEST, LATER, NOW, OTHER, Issued, capital, paper, signed_by_both, signed_by_one


def _reader(pdf: bytes) -> PdfFileReader:
    return PdfFileReader(io.BytesIO(pdf), strict=True)


def test_each_signature_is_added_and_nothing_before_it_changes() -> None:
    assert signed_by_one().startswith(paper())
    assert signed_by_both().startswith(signed_by_one())


def test_both_sides_sign_alike_in_invisible_fields_of_their_own() -> None:
    fields = fields_of(_reader(signed_by_both()))
    assert list(fields) == ["Signature_IND", "Signature_USA"]
    for field in fields.values():
        assert [float(each) for each in field["/Rect"]] == [0, 0, 0, 0]
        assert int(field["/F"]) & 0b100111 == 4  # printed, neither hidden nor invisible: ISO 19005-2, 6.3.2
        assert field["/V"]["/SubFilter"] == "/ETSI.CAdES.detached"
        assert [each["/TransformMethod"] for each in field["/V"]["/Reference"]] == ["/FieldMDP"]
    assert "/Perms" not in _reader(signed_by_both()).root  # no certifying signature: neither ranks above the other


def test_the_first_signature_leaves_the_others_field_open_and_the_second_nothing() -> None:
    locks = {name: field["/Lock"] for name, field in fields_of(_reader(signed_by_both())).items()}
    assert (locks["Signature_IND"]["/Action"], locks["Signature_IND"]["/P"]) == ("/Exclude", 2)
    assert list(locks["Signature_IND"]["/Fields"]) == ["Signature_USA"]
    assert (locks["Signature_USA"]["/Action"], locks["Signature_USA"]["/P"]) == ("/All", 1)


def test_signing_leaves_the_metadata_and_the_version_alone() -> None:
    before, after = _reader(paper()), _reader(signed_by_both())
    assert dict(after.trailer_view["/Info"]) == dict(before.trailer_view["/Info"])
    assert after.root.raw_get("/Metadata").get_object().data == before.root.raw_get("/Metadata").get_object().data
    assert after.input_version == (1, 7)
    assert list(unfit(after)) == []
    assert carried_digests(after) == {DIGEST}


def test_either_side_may_sign_first() -> None:
    first = sign(paper(), "USA", capital().under_secretary.as_key(), NOW, digest=DIGEST)
    both = sign(first, "IND", capital().secretary.as_key(), LATER, digest=DIGEST)
    verdict = check(both, capital().trust, LATER, digest=DIGEST)
    assert verdict.standing == "valid"
    assert [(each.side, each.claimed) for each in verdict.sides] == [("IND", LATER), ("USA", NOW)]


def _refusal(pdf: bytes, **given: object) -> tuple[str, str]:
    options = {"side": "IND", "key": capital().secretary.as_key(), "at": NOW, "digest": DIGEST} | given
    with pytest.raises(Refused) as caught:
        sign(pdf, **options)  # type: ignore[arg-type]
    return caught.value.refusals[0].rule, caught.value.refusals[0].reason


def test_a_side_signs_once() -> None:
    assert _refusal(signed_by_one()) == ("sign-side", "India has signed this file already")


def test_another_text_is_not_signed() -> None:
    assert _refusal(paper(OTHER))[0] == "sign-digest"
    assert _refusal(paper(keyed=False)) == (
        "sign-digest",
        "the file says that it is no text; meant to be signed is F5HK-ANJP-N077",
    )


def test_what_is_not_a_paper_of_ours_is_not_signed() -> None:
    assert _refusal(b"")[0] == "sign-file"
    assert _refusal(b"%PDF-1.7\nnothing")[0] == "sign-file"
    assert _refusal(paper()[:-200])[0] == "sign-file"
    assert _refusal(paper(archival=False)) == ("sign-fit", "The file does not declare itself as PDF/A-2.")


def test_a_paper_that_was_changed_after_it_was_made_is_not_signed() -> None:
    def titled(writer: object) -> None:
        info = writer.trailer_view["/Info"]  # type: ignore[attr-defined]
        info["/Title"] = pdf_string("Another")
        writer.update_container(info)  # type: ignore[attr-defined]

    assert _refusal(updated(paper(), titled))[0] == "sign-first"
    changed = updated(signed_by_one(), titled)
    rule, reason = _refusal(changed, side="USA", key=capital().under_secretary.as_key())
    assert rule == "sign-first"
    assert reason.endswith("The document's properties were changed: Title.")


def test_no_one_signs_for_both_sides() -> None:
    rule, reason = _refusal(signed_by_one(), side="USA")
    assert (rule, reason) == ("sign-certificate", "the key of Asha Exercise, Secretary has signed for the other side")


def test_a_certificate_that_cannot_sign_now_does_not_sign() -> None:
    ended = Issued("Former Exercise", capital().india, end=NOW - dt.timedelta(days=1))
    assert _refusal(paper(), key=ended.as_key())[1].endswith("is valid from 01 Jan 2026 to 25 Jan 2027 only")
    reading = Issued("Reader Exercise", capital().india, signing=False)
    assert _refusal(paper(), key=reading.as_key())[1].endswith("it lacks the key usage non-repudiation")


def test_a_time_stamp_is_added_where_an_authority_is_given() -> None:
    moment = NOW + dt.timedelta(minutes=2)
    stamped = sign(
        paper(), "IND", capital().secretary.as_key(), NOW, digest=DIGEST, authority=capital().authority(moment)
    )
    (india, _) = check(stamped, capital().trust, LATER, digest=DIGEST).sides
    assert (india.state, india.level, india.stamped, india.claimed) == ("valid", "B-T", moment, NOW)


def test_a_stamped_signature_outlives_its_certificate_and_another_does_not() -> None:
    after = dt.datetime(2029, 6, 1, tzinfo=dt.UTC)
    clock = capital().authority()
    stamped = sign(paper(), "IND", capital().secretary.as_key(), NOW, digest=DIGEST, authority=clock)
    (india, _) = check(stamped, capital().trust, after, digest=DIGEST).sides
    assert (india.state, india.level) == ("valid", "B-T")
    (india, _) = check(signed_by_one(), capital().trust, after, digest=DIGEST).sides
    assert (india.state, [each.code for each in india.findings]) == ("untrusted", ["no-time-stamp", "expired"])


def test_revocation_information_makes_it_last() -> None:
    evidence = Evidence(roots=(capital().india.der, capital().stranger.der), crls=(capital().india.withdrawing(),))
    made = sign(
        paper(),
        "IND",
        capital().secretary.as_key(),
        NOW,
        digest=DIGEST,
        authority=capital().authority(),
        evidence=evidence,
    )
    verdict = check(made, capital().trust, NOW + dt.timedelta(hours=1), digest=DIGEST)
    (india, _) = verdict.sides
    assert (india.state, india.level) == ("valid", "B-LT")
    assert [each.code for each in india.findings] == ["time-stamped"]
    assert verdict.standing == "part"
    both = sign(made, "USA", capital().under_secretary.as_key(), NOW + dt.timedelta(hours=1), digest=DIGEST)
    assert check(both, capital().trust, NOW + dt.timedelta(hours=2), digest=DIGEST).standing == "valid"


def test_evidence_that_does_not_cover_the_chain_is_refused() -> None:
    evidence = Evidence(roots=(capital().india.der,))
    assert _refusal(paper(), evidence=evidence)[0] == "sign-evidence"


def test_an_authority_is_asked_over_http() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        response = capital().authority().request_tsa_response(tsp.TimeStampReq.load(request.content))
        return httpx.Response(200, content=response.dump(), headers={"Content-Type": "application/timestamp-reply"})

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        authority = HttpAuthority("https://clock.example/stamp", client)
        made = sign(paper(), "IND", capital().secretary.as_key(), NOW, digest=DIGEST, authority=authority)
    assert check(made, capital().trust, LATER, digest=DIGEST).sides[0].level == "B-T"
    assert {request.headers["Content-Type"] for request in asked} == {"application/timestamp-query"}


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503),
        httpx.Response(200, content=b"<html>", headers={"Content-Type": "text/html"}),
        httpx.Response(200, content=b"no token", headers={"Content-Type": "application/timestamp-reply"}),
        httpx.Response(200, content=bytes(70_000), headers={"Content-Type": "application/timestamp-reply"}),
    ],
    ids=["unavailable", "page", "malformed", "endless"],
)
def test_an_authority_that_fails_is_a_refusal(answer: httpx.Response) -> None:
    with httpx.Client(transport=httpx.MockTransport(lambda _: answer)) as client:
        authority = HttpAuthority("https://clock.example/stamp", client)
        assert _refusal(paper(), authority=authority)[0] == "sign-time-stamp"


def test_an_authority_that_cannot_be_reached_is_a_refusal() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    with httpx.Client(transport=httpx.MockTransport(fail)) as client:
        authority = HttpAuthority("https://clock.example/stamp", client)
        assert _refusal(paper(), authority=authority)[0] == "sign-time-stamp"


def test_keys_are_read_from_pkcs12_and_pem() -> None:
    issued = capital().secretary
    file = pkcs12.serialize_key_and_certificates(
        b"exercise", issued.key, issued.certificate, None, serialization.BestAvailableEncryption(b"open")
    )
    assert key_in_pkcs12(file, b"open").holder == "Asha Exercise, Secretary"
    assert key_in_pem(issued.key_pem, issued.pem).holder == "Asha Exercise, Secretary"
    for given in ((file, b"shut"), (file, None), (b"no key", b"open"), (b"", None)):
        with pytest.raises(Refused) as caught:
            key_in_pkcs12(*given)
        assert caught.value.refusals[0].rule == "key"
    for key, certificates in ((b"no key", issued.pem), (issued.key_pem, b"no certificate"), (issued.key_pem, b"")):
        with pytest.raises(Refused) as caught:
            key_in_pem(key, certificates)
        assert caught.value.refusals[0].rule == "key"


def test_a_token_without_its_library_is_a_refusal() -> None:
    from pathlib import Path

    with pytest.raises(Refused) as caught, key_on_token(Path("/nowhere/token.so"), "exercise", "1234", "signing"):
        pass
    assert caught.value.refusals[0].rule == "token"


def test_what_is_trusted_is_given_for_a_side_or_for_both() -> None:
    open_to_all = Trust(roots=(Root(capital().india.pem), Root(capital().usa.pem)))
    assert check(signed_by_both(), open_to_all, LATER, digest=DIGEST).standing == "valid"
