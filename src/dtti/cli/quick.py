"""How the commands that start without the table of commands read what they were given. Knows none of them."""

import argparse

from dtti.language.printed import printable

TYPE_CHECKING = False  # as in `answer`
if TYPE_CHECKING:
    from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """Says wrong usage without printing what it was given as it is: the name of a file is data too."""

    def error(self, message: str) -> "NoReturn":
        super().error(printable(message))
