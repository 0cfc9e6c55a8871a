"""Alerts as text on a terminal."""
