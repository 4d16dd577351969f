"""`python -m chude` is the command line."""

from chude.cli.main import main

if __name__ == "__main__":
    main()
