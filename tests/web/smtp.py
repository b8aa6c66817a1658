"""A mail server on loopback that takes mail as RFC 5321 has it, and refuses where a test says so."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline():
            verb = line.decode("ascii", "replace").strip().upper()
            if verb.startswith("DATA"):
                self.say("354 go on")
                if not self.data():
                    return
            elif verb.startswith("QUIT"):
                self.say("221 bye")
                return
            elif verb.startswith("RCPT") and self.server.refuse:
                self.say(self.server.refuse)
            else:
                self.say("250 fine")

    def data(self) -> bool:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        made = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.taken.append(cast(EmailMessage, made))
        if self.server.cut:
            self.server.cut = False
            return False  # it has the mail, and its answer never arrives
        self.say("250 taken")
        return True

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """What it has `taken`; it may `refuse` every recipient, or `cut` the line once when it has a mail."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.taken: list[EmailMessage] = []
        self.refuse = ""
        self.cut = False

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return int(self.server_address[1])


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """One that runs until the block ends."""
    with MailServer() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            made.shutdown()
            thread.join()
