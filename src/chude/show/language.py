"""Which language to show."""

import os


def language(chosen: str | None = None) -> str:
    """`vi` or `en`: the chosen one, that of CHUDE_LANG, or English."""
    asked = os.environ.get("CHUDE_LANG", "").lower()
    return chosen or ("vi" if asked.startswith("vi") else "en")
