"""Which article tells which story."""
