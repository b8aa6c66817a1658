"""The one write path of this side's ledgers, and the record made from them as acts come. Knows no line and no page."""
