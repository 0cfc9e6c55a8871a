"""What is due, listed, wanted and missed."""
