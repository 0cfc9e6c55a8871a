"""Commands that read the archive."""
