"""The articles, and the words by which they are searched."""
