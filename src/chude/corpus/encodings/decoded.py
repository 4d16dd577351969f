"""What came out of bytes or of a damaged string."""

from dataclasses import dataclass

SOUND = "UTF-8"


@dataclass(frozen=True, slots=True)
class Decoded:
    """text; encoding: what it was in, `UTF-8` when nothing was wrong; confidence: from 0 to 1.

    Where more than one thing was undone, encoding names them from the outside inwards, as in
    `HTML entities + TCVN3`.
    """

    text: str
    encoding: str = SOUND
    confidence: float = 1.0


def chain(outer: str, inner: str) -> str:
    """The name of an encoding in another one."""
    return " + ".join(name for name in (outer, inner) if name != SOUND) or SOUND
