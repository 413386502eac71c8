"""Names and lengths: no name of a private dialect, and no function too long to be read at once."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1] / "geoinno"
BANNED = {"made", "asked", "told", "shown", "foretold", "worded", "doubt"}
LONGEST = 30
# What is no code on a line of its own.
LAYOUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}

every_file = pytest.mark.parametrize(
    "path", sorted(HOUSE.rglob("*.py")), ids=lambda p: str(p.relative_to(HOUSE))
)


def identifiers(tree):
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "asname"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield name


def code_lines(source):
    """The lines of code in the body of each function, without docstring, comments and blank lines."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    code = {line for t in tokens if t.type not in LAYOUT for line in range(t.start[0], t.end[0] + 1)}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[ast.get_docstring(node) is not None :]
            lines = {line for part in body for line in range(part.lineno, part.end_lineno + 1)}
            yield node.name, len(code & lines)


@every_file
def test_no_name_is_of_a_private_dialect(path):
    assert BANNED & set(identifiers(ast.parse(path.read_text()))) == set()


@every_file
def test_no_function_is_longer_than_thirty_lines_of_code(path):
    assert {name: length for name, length in code_lines(path.read_text()) if length > LONGEST} == {}


def test_code_lines_are_counted_without_words():
    words = '    """Say.\n\n    More.\n    """\n    # why\n'
    source = f"def f(\n    a,\n):\n{words}    b = (\n        a\n    )\n\n    return b\n"
    assert list(code_lines(source)) == [("f", 4)]


def test_a_function_of_a_line_too_many_is_found():
    source = "def f():\n" + "    a = 1\n" * (LONGEST + 1)
    assert list(code_lines(source)) == [("f", LONGEST + 1)]
