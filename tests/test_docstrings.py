"""The examples in the docstrings of the face run as they stand, on a small corpus."""

import doctest
import io
from pathlib import Path

import pytest

import chude as face


def examples() -> list[doctest.DocTest]:
    finder = doctest.DocTestFinder(exclude_empty=True, recurse=False)
    functions = [(name, getattr(face, name)) for name in face.__all__]
    return [
        test
        for name, value in functions
        if callable(value) and not isinstance(value, type)
        for test in finder.find(value, name, module=face)
        if test.examples
    ]


def test_every_function_of_the_face_has_an_example() -> None:
    names = {n for n in face.__all__ if n[0].islower()}
    assert {test.name for test in examples()} == names


@pytest.mark.parametrize("test", examples(), ids=lambda test: test.name)
def test_docstring_examples_run(test: doctest.DocTest, small_repository: Path) -> None:
    report = io.StringIO()
    doctest.DocTestRunner().run(test, out=report.write)
    assert not report.getvalue(), report.getvalue()
