"""Guarded connections to addresses that people configure: HTTP and SMTP."""
