"""Addresses that may be reached, robots.txt, politeness, one deadline for each request."""
