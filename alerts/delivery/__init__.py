"""From alerts owed to messages sent: queue, claim, send, record."""
