"""Signed, append-only ledgers: codecs, tree, proofs, keys, stores, verification. Knows no Django and no DTTI."""
