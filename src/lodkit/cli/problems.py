"""The problems of a domain as text, JSON, SARIF and workflow commands of GitHub."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..lint import CHECKS, Level
from ..statement import short_hash
from ..validate.reports.github import command
from ..validate.reports.model import relative_name
from ..validate.reports.sarif import sarif_artifact, sarif_log, sarif_region

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..errors import LodkitError
    from ..lint import Problem

_SARIF = {Level.VIOLATION: "error", Level.WARNING: "warning", Level.INFO: "note"}
_COMMANDS = {Level.VIOLATION: "error", Level.WARNING: "warning", Level.INFO: "notice"}
_OTHER_TITLES = {
    "broken-domain": "A domain that cannot be read",
    "example": "An example that does not hold",
    "canned-query": "A canned query that cannot be read",
    "too-many": "More problems than are listed",
}


def problem_json(problem: Problem) -> dict[str, object]:
    """Return a problem as values that ``json.dumps`` takes."""
    keys = ("file", "line", "column", "term", "message", "hint")
    said = {key: getattr(problem.error, key) for key in keys}
    return {**said, "kind": problem.kind, "severity": problem.level.value}


def problems_github(problems: Sequence[Problem], folder: Path | None) -> str:
    """Return a workflow command for each problem."""
    lines = []
    for problem in problems:
        error = problem.error
        where = {
            "file": _file(error, folder),
            "line": error.line,
            "col": error.column,
            "title": _titles()[problem.kind],
        }
        lines.append(command(_COMMANDS[problem.level], where, _said(error)) + "\n")
    return "".join(lines)


def problems_sarif(problems: Sequence[Problem], folder: Path | None) -> str:
    """Return a log whose rules are the kinds of problems that there are."""
    titles = _titles()
    kinds = sorted({problem.kind for problem in problems})
    rules = [{"id": kind, "shortDescription": {"text": titles[kind]}} for kind in kinds]
    results = [_result(problem, kinds.index(problem.kind), folder) for problem in problems]
    return sarif_log(rules, results, {"executionSuccessful": True})


def _result(problem: Problem, number: int, folder: Path | None) -> dict[str, Any]:
    error = problem.error
    print_ = short_hash((problem.kind, error.file or "", error.term or "", error.message))
    found: dict[str, Any] = {
        "ruleId": problem.kind,
        "ruleIndex": number,
        "level": _SARIF[problem.level],
        "message": {"text": _said(error)},
        "partialFingerprints": {"lodkit/v1": print_},
    }
    file = _file(error, folder)
    if file is not None:
        region = sarif_region(error.line, error.column)
        physical = {
            "artifactLocation": sarif_artifact(file, str(Path.cwd())),
            **({"region": region} if region else {}),
        }
        found["locations"] = [{"physicalLocation": physical}]
    return found


def _titles() -> dict[str, str]:
    return {**{check.kind: check.title for check in CHECKS}, **_OTHER_TITLES}


def _said(error: LodkitError) -> str:
    term = f"{error.term}: " if error.term else ""
    return f"{term}{error.message}" + (f" ({error.hint})" if error.hint else "")


def _file(error: LodkitError, folder: Path | None) -> str | None:
    """The name of a file from where the command runs; ``folder`` is the domain's, None for what ships."""
    if error.file is None or folder is None:
        return error.file
    return relative_name(str(folder / error.file), str(Path.cwd()))
