"""Foreign text made plain, comparable and cut into sentences; dates; character sets; language."""
