"""`python -m harness` is the command `flip401`."""

from harness.cli.main import main

if __name__ == "__main__":
    main()
