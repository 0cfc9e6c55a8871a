"""Signed JSON for machines."""
