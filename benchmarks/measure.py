"""What all benchmarks share: tables, and times of what is compared, interleaved."""

from __future__ import annotations

import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

Row = tuple[str, ...]


class Table(NamedTuple):
    """A section of the results: what was measured, how, and the goals that were missed."""

    title: str
    note: str
    header: Row
    rows: Sequence[Row]
    missed: Sequence[str]


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def cpu_seconds(action: Callable[[], object]) -> float:
    """The user and system time of an action's child processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    action()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def interleaved(
    actions: dict[str, Callable[[], object]],
    rounds: int,
    measure: Callable[[Callable[[], object]], float] = seconds,
) -> dict[str, list[float]]:
    """Run each action once a round, after one round that does not count."""
    for action in actions.values():
        action()
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            times[name].append(measure(action))
    return times


def command(*words: str | Path) -> Callable[[], object]:
    """Return a function that runs a command in an empty folder, its output thrown away."""
    folder = tempfile.gettempdir()
    return lambda: subprocess.run(
        words, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def milliseconds(value: float) -> str:
    return f"{value * 1000:.0f} ms"
