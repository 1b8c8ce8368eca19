"""The exit codes of all commands; the errors in `lodkit.errors` carry theirs."""

from textwrap import wrap

DONE, NOT_CONFORMING, PARTIAL = 0, 1, 5
"""Exit codes of runs that end without an error."""

EXIT_CODES = {
    0: "done",
    1: "data do not conform, nothing at all was checked, or `check` or `verify` found a problem",
    2: "the command was called wrongly, or a query or its parameter is wrong",
    3: "an input or the domain cannot be read",
    4: "the output or a store cannot be written or read, or the network failed",
    5: "done in part: some inputs were bad, and the others are done",
    6: "a limit was reached: time, memory, size, open files",
    70: "a defect in lodkit; please report it",
    129: "ended by SIGHUP",
    130: "interrupted (SIGINT, Ctrl-C)",
    143: "ended by SIGTERM",
}
"""What each exit code means, of whatever command."""

COMMANDS = {
    "build": (0, 1, 2, 3, 4, 5, 6),
    "validate": (0, 1, 2, 3, 4, 5, 6),
    "query": (0, 2, 3, 4, 5, 6),
    "export": (0, 2, 3, 4, 5, 6),
    "load": (0, 2, 3, 4, 5, 6),
    "store": (0, 2, 3, 4, 6),
    "verify": (0, 1, 2, 3, 4, 5, 6),
    "check": (0, 1, 2, 3, 4, 6),
}
"""The exit codes of each command, those of defects and signals apart, which all have."""


def told(columns: int) -> str:
    """Return the codes as a help text of a width has them, each on a line of its own."""
    lines = [
        line
        for code, text in EXIT_CODES.items()
        for line in wrap(
            text, columns - 4, initial_indent=f"  {code:>3}  ", subsequent_indent=" " * len("  100  ")
        )
    ]
    return "\n".join(["\b", "Exit codes:", *lines])
