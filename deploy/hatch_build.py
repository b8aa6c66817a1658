"""What an installation compiles beside Python: the Hindi words, which every start of a node would otherwise parse."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledWords(BuildHookInterface):
    """Writes the catalogues in the form that gettext reads, beside those that people write."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before files are gathered, for a wheel and for a checkout alike."""
        sys.path.insert(0, str(Path(self.root) / "src"))
        from dtti.language.catalogue import compile_words

        compile_words()
