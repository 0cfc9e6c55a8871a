"""One spelling for each address, and one key for each article."""
