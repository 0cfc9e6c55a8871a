"""E-mail: its form and its envelopes."""
