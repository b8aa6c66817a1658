"""A reply sheet: one page that someone without an account fills in by hand and sends back. Knows no layout."""

from typing import Annotated, Literal

import msgspec

from dtti.documents.values import Line, Words

from .head import Day, Head, a_day


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A question with boxes to tick (`one` or `any` of them), or lines to write on where there are no options."""

    number: Line
    text: Words
    options: Annotated[tuple[Words, ...], msgspec.Meta(max_length=6)] = ()
    choose: Literal["one", "any"] = "one"
    lines: Annotated[int, msgspec.Meta(ge=0, le=8)] = 0

    def __post_init__(self) -> None:
        if not self.options and not self.lines:
            raise ValueError(f"question {self.number} has neither options nor lines to write on")


class ReplySheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The sheet: who asks whom about what, by when and whereto. Its reference is made from its content."""

    head: Head
    asks: Words
    asked: Words
    about: Words
    questions: Annotated[tuple[Question, ...], msgspec.Meta(min_length=1, max_length=6)]
    send_to: Annotated[tuple[Words, ...], msgspec.Meta(min_length=1, max_length=4)]
    by: Day | None = None

    def __post_init__(self) -> None:
        a_day(self.by or "")
        texts = [self.about, *(each.text for each in self.questions)]
        texts += [option for each in self.questions for option in each.options]
        long = max(sum(len(text.en or text.hi) for text in texts), sum(len(text.hi or text.en) for text in texts))
        if long > 1_800:
            raise ValueError(f"a reply sheet is one page: its texts come to {long:,} characters, at most 1,800")
        numbers = [each.number for each in self.questions]
        if len(set(numbers)) != len(numbers):
            raise ValueError("two questions have the same number")
