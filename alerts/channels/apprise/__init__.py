"""Other services, through the library Apprise."""
