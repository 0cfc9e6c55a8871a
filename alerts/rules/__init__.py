"""`rules.toml`: the book of rules, their examples, explanations and backtests."""
