"""Revision or not, copy or not, related or not, and what changed."""
