"""Running a command in this process, and a pair of capitals to run it on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from dtti.cli.main import main
from tests.node.conftest import pair, template

__all__ = ["pair", "template"]


@dataclass
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its answer, where it was asked for JSON."""
        return orjson.loads(self.out)


Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `dtti` with the given words; returns what it said."""

    def go(*words: object) -> Answer:
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return go
