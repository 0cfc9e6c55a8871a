"""What every test shares: one way to draw examples."""

from hypothesis import settings

# The same examples in every run, and no deadline: a slow machine is no reason to fail.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile("ci")
