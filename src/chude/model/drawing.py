"""How objects show themselves: what draws them stands on a floor above, and the face names it here.

Without the face, as in a worker of a cluster, nothing is drawn.
"""

from importlib import import_module
from typing import Any

# By what is drawn: the module and the function or class that draws it.
DRAWERS: dict[str, str] = {}


def draw(what: str, *arguments: Any) -> Any:
    """What the drawer of that name makes of the arguments.

    Raises LookupError where the face, which names the drawers, is not loaded.
    """
    if what not in DRAWERS:
        raise LookupError(f"nothing draws a {what}: import chude")
    module, _, name = DRAWERS[what].partition(":")
    return getattr(import_module(module), name)(*arguments)
