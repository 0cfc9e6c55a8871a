"""Slack: its form and its two ways in."""
