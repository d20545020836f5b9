"""`python -m batchtx`."""

from batchtx.cli import main

if __name__ == "__main__":
    main()
