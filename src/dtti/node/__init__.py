"""One side's installation: write path, projection, exchange, keys, accounts. The first floor that knows Django."""
