"""A node of India with three offices, and the question of its secretariat."""

from collections.abc import Iterator

import pytest

from dtti.node.core.visibility import Viewer
from dtti.office.asking import Asking, Moment
from tests.web.conftest import found_node


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    node = found_node(tmp_path_factory.mktemp("imports") / "node")
    yield Asking(node, Viewer("IND", national=True, person="someone"), Moment())
    node.close()
