"""Invented outlets whose news moves on in rounds."""
