"""What each paper of the programme holds and looks like. Plain data in, bytes out; knows no ledger and no node."""
