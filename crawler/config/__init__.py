"""`nieuwswacht.toml` and `sources.toml` as types, each fault with its line and its remedy."""
