"""What stands on this machine for Slack, a mail box and the owner of a webhook."""
