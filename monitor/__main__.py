"""`python -m monitor` is `nieuwswacht`."""

from monitor.cli import main

main()
