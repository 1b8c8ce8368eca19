"""Reports for people at a terminal: `lodkit.validate.render` of each file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..render import headed, render

if TYPE_CHECKING:
    from .model import Run


def write_text(run: Run) -> str:
    """Return the reports one after the other, of several files each with its name before the summary."""
    is_one = len(run.files) == 1
    return "".join(
        headed(render(one.report, color=run.color, columns=run.columns), None if is_one else one.file)
        for one in run.files
        if one.report
    )
