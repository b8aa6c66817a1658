"""A pytest plugin that takes one rule out of the software before anything else is imported: ``MUTANT`` names it.

Loaded with ``-p tests.mutants.plugin`` it runs before any test imports what it changes, so that names imported from the
changed module are the changed ones.
"""

import importlib
import os

from tests.mutants.mutants import MUTANTS

wanted = os.environ.get("MUTANT", "")
if wanted:
    for place, changed in next(each for each in MUTANTS if each.name == wanted).changes.items():
        module, _, path = place.partition(":")
        *owners, name = path.split(".")
        target = importlib.import_module(module)
        for owner in owners:
            target = getattr(target, owner)
        if not hasattr(target, name):
            raise LookupError(f"{place} is gone: the mutant {wanted} changes nothing")
        setattr(target, name, changed)
