"""Reports for people at a terminal: `lodkit.validate.render` of each file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..render import clean, render

if TYPE_CHECKING:
    from .model import Run


def write_text(run: Run) -> str:
    """Return the reports one after the other, of several files each with its name before the summary."""
    is_one = len(run.files) == 1
    return "".join(
        headed(render(one.report, color=run.color), None if is_one else one.file)
        for one in run.files
        if one.report
    )


def headed(text: str, name: str | None) -> str:
    """Return a report's text with the name of its file before the summary, which is the last line."""
    before, newline, last = text.rstrip("\n").rpartition("\n")
    return text if name is None else f"{before}{newline}{clean(name)}: {last}\n"
