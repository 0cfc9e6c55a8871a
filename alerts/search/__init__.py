"""The archive in the language of the rules."""
