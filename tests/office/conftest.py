"""The demonstration's pair of capitals, with everything in their record; and two small ones, with next to nothing."""

from tests.demo.conftest import staged
from tests.node.conftest import pair, template

__all__ = ["pair", "staged", "template"]
