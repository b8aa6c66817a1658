"""`dtti paper check`, `sign`, `reference`, `scan`: signatures and scans, by the functions of `dtti.documents.sign`."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from .answer import BAD, answering, say
from .options import Json, moment

if TYPE_CHECKING:
    from dtti.documents.sign.verdict import Trust

Speech = Annotated[Literal["en", "hi"], typer.Option("--lang", help="language of the answer")]
Sha256 = Annotated[str | None, typer.Option("--digest", metavar="HEX", help="SHA-256 of the text that it should be")]


def add(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(check)
    app.command()(sign)
    app.command()(reference)
    app.command()(scan)


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="a signed paper")],
    trust: Annotated[
        list[str] | None,
        typer.Option(metavar="CERT", help="root certificate; IND=CERT, USA=CERT or TSA=CERT says whose"),
    ] = None,
    other: Annotated[
        list[Path] | None, typer.Option(metavar="CERT", help="certificate between root and signer")
    ] = None,
    crl: Annotated[list[Path] | None, typer.Option(metavar="CRL", help="list of withdrawn certificates, DER")] = None,
    ocsp: Annotated[list[Path] | None, typer.Option(metavar="OCSP", help="answer about a certificate, DER")] = None,
    digest: Sha256 = None,
    kept: Annotated[Path | None, typer.Option(metavar="COPY", help="a copy that was kept, to say what differs")] = None,
    at: Annotated[str | None, typer.Option(metavar="TIME", help="judge as of this time; now, if not given")] = None,
    language: Speech = "en",
    as_json: Json = False,
) -> None:
    """Who signed a paper, whether the signatures are valid, and what was altered since."""
    when = _moment(at)
    with answering(as_json=as_json):
        import msgspec

        from dtti.documents.sign.check import check as judge

        beside = _read(kept) if kept else None
        verdict = judge(
            _read(file), _trust(trust or [], other or [], crl or [], ocsp or []), when, digest=digest, kept=beside
        )
        made = {"file": str(file), "good": verdict.good, **msgspec.to_builtins(verdict)}
        say(made, verdict.lines(language), as_json=as_json)
        if not verdict.good:
            raise typer.Exit(BAD)


def sign(
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="a paper as rendered, or signed by the other side")],
    side: Annotated[Literal["IND", "USA"], typer.Option(help="the side that signs")],
    key: Annotated[Path, typer.Option(metavar="KEY.p12", help="its signatory's key and certificate (PKCS#12)")],
    digest: Annotated[str, typer.Option(metavar="HEX", help="SHA-256 of the text that is meant to be signed")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.pdf", help="the signed paper; a new file")],
    passphrase: Annotated[Path | None, typer.Option(metavar="FILE", help="its first line opens the key")] = None,
    authority: Annotated[str | None, typer.Option(metavar="URL", help="time-stamp authority (RFC 3161)")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="stated in the signature")] = None,
    place: Annotated[str | None, typer.Option(metavar="TEXT", help="stated in the signature")] = None,
    as_json: Json = False,
) -> None:
    """Sign a paper electronically (PAdES), where this side has chosen to. Ink is the default."""
    with answering(as_json=as_json):
        from dtti.accord.refusal import Refused, refuse
        from dtti.documents.sign.keys import key_in_pkcs12
        from dtti.documents.sign.write import sign as put

        if output.exists():
            raise Refused(refuse("file", f"{output} is there already", "Give the name of a new file."))
        holder = key_in_pkcs12(_read(key), _passphrase(passphrase))
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        if authority:
            import httpx

            from dtti.documents.sign.authority import HttpAuthority

            with httpx.Client(timeout=30) as client:
                stamps = HttpAuthority(authority, client)
                made = put(_read(file), side, holder, now, digest=digest, authority=stamps, reason=reason, place=place)
        else:
            made = put(_read(file), side, holder, now, digest=digest, reason=reason, place=place)
        with output.open("xb") as target:
            target.write(made)
        told = {"file": str(output), "side": side, "holder": holder.holder, "at": f"{now:%Y-%m-%dT%H:%M:%SZ}"}
        say(told, [f"signed for {side} by {holder.holder}: {output}"], as_json=as_json)


def reference(
    value: Annotated[str, typer.Argument(metavar="DIGEST-OR-REFERENCE", help="64 hexadecimal digits, or a reference")],
    among: Annotated[
        Path | None, typer.Option(metavar="FILE", help="lines that begin with digests, to find candidates in")
    ] = None,
    as_json: Json = False,
) -> None:
    """The reference printed for a digest; or, for a typed reference, whether it is right and what it may mean."""
    with answering(as_json=as_json):
        from dtti.documents.sign.reference import candidates, read_reference, reference_of

        printed = reference_of(value.lower()) if len(value) == 64 else read_reference(value)
        told: dict[str, object] = {"reference": printed}
        lines = [printed]
        if among is not None:
            words = [line.split(maxsplit=1) for line in _read(among).decode(errors="replace").splitlines()]
            digests = [each[0].lower() for each in words if each]
            found = candidates(
                printed, [each for each in digests if len(each) == 64 and set(each) <= set("0123456789abcdef")]
            )
            told["candidates"] = found
            lines += found or ["no text with this reference is there"]
        say(told, lines, as_json=as_json)


def scan(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="PDF, PNG, JPEG or TIFF of printed and signed pages")],
    digest: Sha256 = None,
    language: Speech = "en",
    as_json: Json = False,
) -> None:
    """Which text a scan belongs to, which pages are there, which are missing or of another text."""
    with answering(as_json=as_json):
        import msgspec

        from dtti.documents.sign.finding import said
        from dtti.documents.sign.scan import read_scan

        found = read_scan(_read(file), digest)
        lines = [
            f"{text.reference} {text.original or '-'} {len(text.present)}/{text.pages} SHA-256 {text.digest}"
            for text in found.texts
        ]
        say(msgspec.to_builtins(found), [*lines, *said(found.findings, language)], as_json=as_json)
        if not found.complete:
            raise typer.Exit(BAD)


def _read(path: Path) -> bytes:
    """A file's bytes, after its size: what no part here takes is not read into memory."""
    from dtti.documents.sign.fit import MOST_BYTES
    from dtti.node.folder.intake import Limit, read_file

    return read_file(path, Limit("file-size", "a signed paper", MOST_BYTES, f"Give a file of at most {MOST_BYTES:,}."))


def _trust(roots: list[str], others: list[Path], crls: list[Path], ocsps: list[Path]) -> "Trust":
    from dtti.documents.sign.verdict import Root, Trust

    given: list[Root] = []
    authorities: list[bytes] = []
    for each in roots:
        whose, equals, path = each.partition("=")
        if not equals:
            given.append(Root(_read(Path(each))))
        elif whose == "TSA":
            authorities.append(_read(Path(path)))
        elif whose in ("IND", "USA"):
            given.append(Root(_read(Path(path)), "IND" if whose == "IND" else "USA"))
        else:
            raise typer.BadParameter(f"{whose!r} is neither IND, USA nor TSA")
    return Trust(
        roots=tuple(given),
        authorities=tuple(authorities),
        others=tuple(_read(each) for each in others),
        crls=tuple(_read(each) for each in crls),
        ocsps=tuple(_read(each) for each in ocsps),
    )


def _moment(given: str | None) -> dt.datetime:
    if given is None:
        return dt.datetime.now(dt.UTC)
    return dt.datetime.strptime(moment(given), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)


def _passphrase(file: Path | None) -> bytes | None:
    """What opens the key: the first line of a file, or of the variable DTTI_KEY_PASSPHRASE; none where neither is."""
    if file is not None:
        return _read(file).split(b"\n", 1)[0].rstrip(b"\r")
    from dtti.node.folder.passphrase import scrub

    given = scrub("DTTI_KEY_PASSPHRASE")
    return given.encode() if given is not None else None
