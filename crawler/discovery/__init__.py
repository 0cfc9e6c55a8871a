"""A look at a source without keeping anything."""
