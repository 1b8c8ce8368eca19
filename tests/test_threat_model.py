"""Each promise of the threat model names tests, and each of them is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs" / "threat-model.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([\w/]+\.py)::(test_\w+)`", PAGE)


def test_every_promise_names_a_test_that_is_there() -> None:
    functions = {
        (file, node.name)
        for file in {file for file, _ in NAMED}
        for node in ast.parse((TESTS / file).read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert set(NAMED) - functions == set()
    page = PAGE.partition("## Promises")[2]
    rows = re.findall(r"^\| (?!promise|---).* \|$", page, re.MULTILINE)
    assert len(rows) > 35
    assert [row for row in rows if "::test_" not in row] == []
