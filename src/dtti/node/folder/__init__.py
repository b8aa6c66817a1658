"""What a node's folder holds and what this machine gives it: settings, key rings, clock, intents. Knows no act."""
