"""Ways to people: a package for each kind, which holds its settings, its form and its way there."""
