"""The pair of capitals that commands are struck on, and what strikes them."""

import pytest

pytest.register_assert_rewrite("tests.faults.striking")

from tests.faults.striking import staging, struck  # noqa: E402 - its assertions are to be told whole
from tests.node.conftest import pair, template  # noqa: E402 - after it

__all__ = ["pair", "staging", "struck", "template"]
