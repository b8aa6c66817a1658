"""From what a person asks to the acts that it makes: drafts composed, and what each would bind to. No Django."""
