"""For mkdocstrings: from this project's plain docstrings to Markdown."""

import re
from typing import Any

import griffe

_EXAMPLE = re.compile(r"^>>> (?:.+\n?)+", re.MULTILINE)
_ARGUMENT = re.compile(r"^(\w+(?:, \w+)*): ", re.MULTILINE)


class Docstrings(griffe.Extension):
    """Arguments become items of a list; examples, which would be quotations, blocks of code."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring is not None:
            text = _ARGUMENT.sub(r"\n- `\1`: ", obj.docstring.value)
            fenced = _EXAMPLE.sub(lambda example: f"```python\n{example[0].rstrip()}\n```\n", text)
            obj.docstring.value = fenced
