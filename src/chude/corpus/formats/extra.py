"""Formats that need a library of the extra `formats`."""

from chude.errors import Refusal

INSTALL = "pip install 'chude[formats]'"


def needs(place: str, what: str) -> Refusal:
    """The refusal of a file whose reader is not installed."""
    return Refusal(place, f"{what} needs a library that is not installed", f"Run: {INSTALL}")
