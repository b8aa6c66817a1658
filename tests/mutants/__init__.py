"""Rules taken out of the software one at a time: some test must fail for each, or nothing holds that rule."""
