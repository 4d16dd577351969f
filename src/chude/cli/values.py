"""Values of options, read without pydantic, with which Typer reads them.

Loading pydantic takes a quarter of the time that labelling one file does. Plain values are read
here; what is not plain, and whatever is wrong, is left to Typer, so that every message is its own.
"""

from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

from typer.core import TyperCommand, TyperGroup

_UNREAD = object()


class PlainCommand(TyperCommand):
    """A command that reads plain values itself."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its options and arguments."""
        return _plain(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """The commands, whose common options are plain."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its options."""
        return _plain(super().get_params(ctx))


def _plain(parameters: list[Any]) -> list[Any]:
    for parameter in parameters:
        parameter._runtime_param = _PlainValue()  # where Typer would put its own reader
    return parameters


class _PlainValue:
    """What Typer asks for the value of one option or argument."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value that the function of the command takes."""
        if value is None or value == ():
            return () if param.multiple or param.nargs == -1 else None
        described = param.type_descriptor
        if not described.is_ranged:
            read = _read(value, described.annotation)
        elif isinstance(value, int) or value.isdecimal():
            read = _in_range(int(value), described.parameter_info)
        else:
            read = _UNREAD
        if read is not _UNREAD:
            return read
        param._runtime_param = None
        return param.get_runtime_param().coerce(value, param=param, ctx=ctx)


def _read(value: Any, annotation: Any) -> Any:
    """The value as one of that type, or _UNREAD."""
    if get_origin(annotation) is list:
        read = [_read(item, *get_args(annotation)) for item in value]
        return _UNREAD if _UNREAD in read else read
    if annotation in (str, bool, Path) or _is_choice(annotation):
        if isinstance(value, annotation):
            return value
        if annotation is Path and isinstance(value, str):
            return Path(value)
        if annotation is not bool and isinstance(value, str):
            return next((one for one in annotation if one.value == value), _UNREAD)
    return _UNREAD


def _is_choice(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Enum)


def _in_range(number: int, told: Any) -> Any:
    low = told.min is None or number >= told.min
    return number if low and (told.max is None or number <= told.max) else _UNREAD
