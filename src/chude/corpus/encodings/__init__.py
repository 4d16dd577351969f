"""From bytes, or from strings that were read in a wrong encoding, to Vietnamese text."""

from chude.corpus.encodings.decode import decode, decode_as, decode_bytes, guess_bytes
from chude.corpus.encodings.decoded import Decoded
from chude.corpus.encodings.fonts import decode_font, font_encoding
from chude.corpus.encodings.heal import heal_encoding, heal_fields, looks_sound

__all__ = [
    "Decoded",
    "decode",
    "decode_as",
    "decode_bytes",
    "decode_font",
    "font_encoding",
    "guess_bytes",
    "heal_encoding",
    "heal_fields",
    "looks_sound",
]
