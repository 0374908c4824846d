"""`python -m cli` is `drydock`."""

from cli import main

main()
