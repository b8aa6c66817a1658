"""Every request has an id: in the answer's header, on an error page, and beside whatever is logged meanwhile.

Knows no node and no person. An id that comes in from outside is not taken: it would let a stranger write in the logs.
"""

import logging
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from django.http import HttpRequest, HttpResponseBase

HEADER: Final = "X-Request-ID"

#: Id of the request that this thread of work answers; empty outside any.
current: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdMiddleware:
    """Outermost, so that every answer carries the id: of the static files too, and of what fails."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request under an id of its own: 64 random bits in hex."""
        token = current.set(secrets.token_hex(8))
        try:
            response = self.get_response(request)
            response.headers[HEADER] = current.get()
            return response
        finally:
            current.reset(token)


class RequestIdFilter(logging.Filter):
    """Puts the id of the request under way on every log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true."""
        if not getattr(record, "id", None):
            record.id = current.get()
        return True
