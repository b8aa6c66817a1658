"""DTTI itself: the kinds of record and their rules, the public record, reports. Pure; may know accord and ledger."""
