"""Reports as JSON, lodkit's own; docs/validation.md tells its keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..groups import grouped
from ..report import Report, report_json

if TYPE_CHECKING:
    from .model import Run


def write_json(run: Run) -> str:
    """Return the reports of the files that could be read."""
    files = [{"file": one.file, **_file(one.report)} for one in run.files if one.report]
    value = {
        "conforms": all(one.report and one.report.conforms for one in run.files),
        "passes": run.passes,
        "failOn": run.fail_on.value.lower(),
        "files": files,
        "errors": [{"file": one.file, "message": str(one.error)} for one in run.files if one.error],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _file(report: Report) -> dict[str, object]:
    groups = [
        {
            "shape": group.shape,
            "name": report.texts[group.shape].name if group.shape in report.texts else "",
            "counts": {severity.value.lower(): count for severity, count in group.counts.items()},
            "leftOut": sum(group.left_out.values()),
        }
        for group in grouped(report)
    ]
    return {**report_json(report), "byShape": groups}
