"""The pages' Jinja2 environment inside Django: the look's furniture, and how a page finds addresses and language."""

from collections.abc import MutableMapping
from datetime import datetime
from functools import cache
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from jinja2 import Environment

from dtti.node.record import clock

from . import look
from .compiled import Compiled


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of the page `name` in the language of the page being rendered."""
    return reverse(name, args=args, kwargs=kwargs)


def days_since(time: str) -> int:
    """Whole days from a claimed time to now."""
    return (clock.now() - datetime.fromisoformat(time)).days


class OneEnvironment(Environment):
    """Gives every template the globals of all as they stand: a mapping over them is looked through at each word."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template."""
        return super().make_globals(d) if d else self.globals


def environment(**options: Any) -> Environment:
    """The environment that Django's Jinja2 backend asks for; escaping is on."""
    from .states import noted  # the record is read only once Django is set up

    env = OneEnvironment(**options | {"autoescape": True, "bytecode_cache": Compiled()})
    # Addresses of static files hold the print of all of them, and are the same as long as this process runs.
    look.furnish(env, language=lambda: get_language() or "en", static=cache(static))
    env.globals["url"] = url
    env.globals["url_for"] = url  # the same, for templates that are given an address called `url`
    env.globals["noted"] = noted
    env.filters["days_since"] = days_since
    return env
