"""An exchange door with the other side's real keys and code of its own: it answers with whatever bytes it likes."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from dtti.api.exchange import Application
from dtti.node.core.node import Node
from dtti.node.line.tls import server_context

Answer = Callable[[str], "Iterable[bytes] | None"]


def plain(data: bytes, status: str = "200 OK", *headers: str) -> list[bytes]:
    """A well-formed answer."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(data)}", "Connection: close", *headers, "", ""]
    return ["\r\n".join(head).encode(), data]


class HostileDoor:
    """Serves one node's door; where `answer` gives something for a path, that goes out instead."""

    def __init__(self, folder: Path, answer: Answer) -> None:
        self.folder, self.answer = folder, answer
        self.asked: list[str] = []
        self.sent = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._over = False

    def __enter__(self) -> "HostileDoor":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        with suppress(OSError):
            socket.create_connection(self._listener.getsockname(), timeout=5).close()
        self._thread.join(20)
        self._listener.close()

    def _serve(self) -> None:
        node = Node(self.folder)
        context = server_context(node)
        application = Application(node, verify_peer=False)
        while not self._over:
            connection, _ = self._listener.accept()
            with suppress(OSError), connection:
                connection.settimeout(20)
                with context.wrap_socket(connection, server_side=True) as wrapped:
                    self._talk(wrapped, application)
        node.close()

    def _talk(self, wrapped: ssl.SSLSocket, application: Application) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            part = wrapped.recv(65_536)
            if not part:
                return
            data += part
        target = data.split(b" ", 2)[1].decode()
        self.asked.append(target)
        made = self.answer(target)
        for part in self.honest(target, application) if made is None else made:
            wrapped.sendall(part)
            self.sent += len(part)

    def honest(self, target: str, application: Application) -> list[bytes]:
        """What the product's own door would answer."""
        parts, said = urlsplit(target), list[str]()
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": parts.path, "QUERY_STRING": parts.query}
        body = b"".join(application(environ, lambda status, _: said.append(status)))
        return plain(body, said[0])


@contextmanager
def hostile_door(folder: Path, answers: dict[str, "Iterable[bytes]"]) -> Iterator[HostileDoor]:
    """A door that is honest but where a target begins with one of `answers`; the longest fitting decides."""

    def answer(target: str) -> Iterable[bytes] | None:
        fitting = sorted((start for start in answers if target.startswith(start)), key=len)
        return answers[fitting[-1]] if fitting else None

    with HostileDoor(folder, answer) as door:
        yield door
