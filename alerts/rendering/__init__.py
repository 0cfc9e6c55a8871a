"""A message as a reader sees it, before a channel gives it a form of its own."""
