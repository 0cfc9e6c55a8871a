"""The spider's tasks, and their answers read in worker processes with a deadline."""
