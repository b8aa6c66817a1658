"""The demonstration's pair of capitals, for tests of what is made from a record with everything in it."""

from tests.demo.conftest import staged

__all__ = ["staged"]
