"""Whether something is told, in which message, when, and when again."""
