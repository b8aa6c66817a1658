"""How texts are written and read, whatever they say. Beneath all but the ledger and the accord; knows no record."""
