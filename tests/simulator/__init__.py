"""The other capital, honest and hostile: real ledgers, really signed, for tests of every floor above `ledger`."""
