"""Servers on loopback that start, stop, and leave nothing behind."""
