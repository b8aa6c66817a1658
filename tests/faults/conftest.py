"""The pair of capitals that commands are struck on, and what strikes them."""

import pytest

pytest.register_assert_rewrite("tests.faults.striking")

from tests.faults.striking import injected, staging, struck  # noqa: E402 - its assertions are to be told whole
from tests.node.conftest import pair, template  # noqa: E402 - after it

__all__ = ["injected", "pair", "staging", "struck", "template"]
