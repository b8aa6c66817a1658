"""Mail that waits and is sent: each letter once, through a crash at any point, to an address its person confirmed.

A letter is a row before it is anything else. Whoever sends it marks it as tried, hands it to the mail server and marks
it as sent: what falls between is sent again, under the same Message-ID, by which a mail server or program knows it.
Knows no page and no record.
"""

from __future__ import annotations

import hmac
import re
import secrets
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.node.folder.config import Mail

from .desk_models import Letter, Mailing
from .models import Person

WAITS: Final = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3), timedelta(hours=12))
TRIES: Final = 12
PATIENCE: Final = 20.0  # seconds that a mail server may take to answer
AT_ONCE: Final = 200  # letters of one round
KEPT: Final = timedelta(days=90)  # that a letter stays after it was sent
CODES: Final = 5  # wrong codes, after which an address is asked for anew
_ADDRESS: Final = re.compile(r"[^\s@<>\"(),:;\\\x00-\x20\x7f]{1,64}@([A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}")
_FAILS: Final = (smtplib.SMTPException, OSError)


class Sent(msgspec.Struct, frozen=True):
    """What became of a round: letters sent, left for another try, given up."""

    sent: int = 0
    left: int = 0
    given_up: int = 0


def put(person: Person, key: str, sort: str, address: str, subject: str, text: str, now: datetime) -> bool:
    """Write a letter, unless one of its key was written; whether this one was."""
    _letter, made = Letter.objects.get_or_create(
        key=key,
        defaults={
            "person": person, "sort": sort, "address": address, "subject": subject, "text": text, "made": now,
        },
    )  # fmt: skip
    return made


def ask(person: Person, mail: Mail, address: str, language: str, now: datetime) -> str:
    """Note an address that a person gave, and return the code by which it is confirmed. Refused where mail may not go.

    The code is kept as its digest. An address that was confirmed before is no longer.
    """
    if not mail.host:
        raise Refused(refuse("mail-off", "this office system sends no mail", "Its custodian can set a mail server."))
    if not _ADDRESS.fullmatch(address) or len(address) > 254:
        raise Refused(
            refuse("mail-address", "this is no e-mail address", "Give one as your mail program shows it, with its @.")
        )
    domain = address.rpartition("@")[2].lower()
    if mail.domains and not any(domain == each or domain.endswith(f".{each}") for each in mail.domains):
        allowed = ", ".join(mail.domains)
        raise Refused(
            refuse("mail-domain", f"mail of this system goes to {allowed} alone", "Give an address of your office.")
        )
    code = f"{secrets.randbelow(10**8):08}"
    Mailing.objects.update_or_create(
        person=person,
        defaults={"address": address, "language": language, "code": _digest(code), "tries": 0, "asked": now},
    )
    return code


def confirm(person: Person, code: str, now: datetime) -> bool:
    """Confirm a person's address by the code that was sent to it; False where it is another, too late, or too often."""
    held = Mailing.objects.filter(person=person).exclude(code="").first()
    if held is None or held.tries >= CODES or now - held.asked > timedelta(days=1):
        return False
    held.tries += 1
    if not hmac.compare_digest(held.code, _digest(code.strip())):
        held.save(update_fields=["tries"])
        return False
    held.code = ""
    held.save(update_fields=["code", "tries"])
    return True


def _digest(code: str) -> str:
    return sha256(code.encode("utf-8", "surrogatepass")).hexdigest()


def confirmed() -> list[Mailing]:
    """Whom mail goes to: confirmed addresses of accounts that are open."""
    return list(Mailing.objects.filter(code="", person__is_active=True).select_related("person"))


def deliver(mail: Mail, now: datetime) -> Sent:
    """Send what waits and is due for a try; what cannot be sent now waits longer each time, and is given up at last."""
    Letter.objects.filter(sent__lt=now - KEPT).delete()
    waiting = [each for each in Letter.objects.filter(sent=None, given_up=False)[: 5 * AT_ONCE] if _due(each, now)]
    if not waiting or not mail.host:
        return Sent(left=len(waiting))
    sent = left = given_up = 0
    try:
        with _server(mail) as server:
            for letter in waiting[:AT_ONCE]:
                outcome = _send(server, mail, letter, now)
                sent, left, given_up = (
                    sent + (outcome == "sent"),
                    left + (outcome == "left"),
                    given_up + (outcome == ""),
                )
    except _FAILS as error:  # no letter was handed over: the server is not there, or does not take this node
        for letter in waiting[:AT_ONCE]:
            if letter.sent is None and not letter.given_up and letter.tried != now:
                _failed(letter, error, now)
        left = len(waiting) - sent - given_up
    return Sent(sent, left, given_up)


def _due(letter: Letter, now: datetime) -> bool:
    return letter.tried is None or now - letter.tried >= WAITS[min(letter.tries, len(WAITS)) - 1]


def _send(server: smtplib.SMTP, mail: Mail, letter: Letter, now: datetime) -> str:
    """Send one letter: `sent`, `left` for another try, or nothing where it is given up or another sends it."""
    to = Mailing.objects.filter(person_id=letter.person_id, person__is_active=True, address=letter.address).first()
    if to is None or (to.code and letter.sort != "address"):
        Letter.objects.filter(pk=letter.pk).update(given_up=True, answer="its address is no longer the person's")
        return ""
    claimed = Letter.objects.filter(pk=letter.pk, tries=letter.tries, sent=None)
    if not claimed.update(tries=letter.tries + 1, tried=now):
        return ""
    letter.tries, letter.tried = letter.tries + 1, now
    try:
        server.send_message(message(letter, mail, to.language))
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        return _failed(letter, error, now, counted=True)
    letter.sent, letter.answer = now, ""
    Letter.objects.filter(pk=letter.pk).update(sent=now, answer="")
    return "sent"


def _failed(letter: Letter, error: Exception, now: datetime, *, counted: bool = False) -> str:
    """Note that a letter was not taken: for another try, or for good where the server refused it for good."""
    letter.tries += not counted
    final = letter.tries >= TRIES or _for_good(error)
    answer = f"{type(error).__name__}: {error}"[:300]
    Letter.objects.filter(pk=letter.pk).update(tries=letter.tries, tried=now, answer=answer, given_up=final)
    return "" if final else "left"


def _for_good(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


@contextmanager
def _server(mail: Mail) -> Iterator[smtplib.SMTP]:
    """A session with the mail server, over TLS whose certificate is checked, signed in where a user is set."""
    context = ssl.create_default_context()
    made: smtplib.SMTP
    if mail.security == "tls":
        made = smtplib.SMTP_SSL(mail.host, mail.port, timeout=PATIENCE, context=context)
    else:
        made = smtplib.SMTP(mail.host, mail.port, timeout=PATIENCE)
    with made as server:
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user:
            server.login(mail.user, Path(mail.password_file).read_text(encoding="utf-8").strip())
        yield server


def message(letter: Letter, mail: Mail, language: str) -> EmailMessage:
    """A letter as a mail: plain text, marked as written by a program, under an id made of its key."""
    made = EmailMessage()
    made["From"] = mail.sender
    made["To"] = letter.address
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(letter.made)
    made["Message-ID"] = f"<{sha256(letter.key.encode()).hexdigest()[:40]}@{mail.sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.text)
    made["Content-Language"] = language
    return made
