"""How two sides come to hold one text: acts, verdicts, powers, replay. Pure; knows the ledger's codecs, not DTTI."""
