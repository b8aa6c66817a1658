"""The codes of the Standard Operating Procedure by which a verdict is given: stages, rows, who is asked. Pure.

The files beside this one are the procedure, a version each; their words are read by `dtti.programme.sop`. A rule set
names the versions that it knows, and its digest covers their codes.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Annotated, Final

import msgspec

FILES: Final = __name__


class Step(msgspec.Struct, frozen=True):
    """A row of the checklist: the stage that asks for it, of which sides and kinds of project, and how it is shown.

    `unless`: it may be answered that it does not apply, although it may not be waived.
    """

    stage: str
    how: str
    waivable: bool
    sides: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    unless: bool = False


class Codes(msgspec.Struct, frozen=True):
    """A version: `stages` in their order, kinds of project, how one may end early, and from which stage on (`ending`).

    `of`: the kind of record that goes through it. `takes`: of which kinds a record may show a row, by the way in which
    the row is shown. `empty`: the ways in which a row does not apply to what names nothing of the sort.
    """

    of: str
    stages: tuple[str, ...]
    kinds: tuple[str, ...]
    exits: tuple[str, ...]
    ending: str
    takes: dict[str, tuple[str, ...]]
    empty: tuple[str, ...]
    rows: Annotated[dict[str, Step], msgspec.Meta(min_length=1)]

    def asked(self, since: str, stage: str, path: str, ends: str) -> Iterator[tuple[str, str]]:
        """The rows, by name and side ("" for both), that a text has to answer which goes from `since` to `stage`."""
        first = self.stages.index(since) + 1 if since else 0
        if ends in self.exits and self.stages.index(stage) >= self.stages.index(self.ending):
            first = max(first, self.stages.index(self.ending))
        between = self.stages[first : self.stages.index(stage) + 1]
        known = path if path in self.kinds else ""
        for name, step in self.rows.items():
            if step.stage in between and (not step.paths or not known or known in step.paths):
                for side in step.sides or ("",):
                    yield name, side


@cache
def codes(name: str) -> Codes:
    """The codes of one version, read when a move is first judged by it; FileNotFoundError where there is none."""
    file = resources.files(FILES).joinpath(f"{name.replace('-', '_')}.toml")
    stored = tomllib.loads(file.read_text(encoding="utf-8"))
    return msgspec.convert({**stored["about"], "rows": stored["rows"]}, Codes)
