"""The daemon, a single round, and what both of them need."""
