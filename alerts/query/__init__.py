"""The rule language: a text as a tree."""
