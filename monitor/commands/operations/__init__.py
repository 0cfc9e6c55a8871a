"""Commands that start, stop and check the program."""
