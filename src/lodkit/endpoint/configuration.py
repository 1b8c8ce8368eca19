"""Where ``lodkit.toml`` lies: where the user says or keeps it, never just where a command happens to run."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path
from typing import Any

from ..errors import InputError

CONFIGURATION = "lodkit.toml"
VARIABLE = "LODKIT_CONFIG"

_LARGEST = 2**16  # bytes
_LONGEST = 2000  # characters in a line: the time for a dotted key grows with the square of its length


def find_configuration(named: Path | None = None) -> Path | None:
    """Return the configuration that is named here, else by ``LODKIT_CONFIG``, else the one in the user's
    configuration folder (``$XDG_CONFIG_HOME/lodkit/``, by default ``~/.config/lodkit/``); None if there is
    none.

    Raises:
        InputError: the one that is named is not there.
    """
    variable = os.environ.get(VARIABLE)
    path, source = (named, "--config") if named is not None else (Path(variable or ""), VARIABLE)
    if named is not None or variable:
        if not os.path.lexists(path):
            raise InputError("no such file", file=str(path), hint=f"{source} names it")
        return path
    folder = _user_folder()
    found = folder / "lodkit" / CONFIGURATION if folder is not None else None
    return found if found is not None and os.path.lexists(found) else None


def unused_configuration(named: Path | None = None) -> str | None:
    """Return what to say of a ``lodkit.toml`` in the working folder that takes no effect; None if there is
    none.
    """
    if not os.path.lexists(CONFIGURATION):
        return None
    used = find_configuration(named)
    try:
        is_used = used is not None and used.samefile(CONFIGURATION)
    except OSError:
        is_used = False
    return (
        None if is_used else f"{CONFIGURATION} in this folder is not used (--config {CONFIGURATION} uses it)"
    )


def read_configuration(path: Path) -> dict[str, Any]:
    """Return what a TOML file says.

    Raises:
        InputError: it is no file, cannot be read, is too large, or is not TOML.
    """
    try:
        return tomllib.loads(_read_text(path))
    except RecursionError:
        raise InputError("is nested too deep", file=str(path)) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=str(path)) from error
    except ValueError as error:  # of TOML, of UTF-8, and of numbers with thousands of digits
        raise InputError(f"not TOML: {error}", file=str(path)) from error


def _read_text(path: Path) -> str:
    # without waiting: a FIFO would, for somebody to write to it
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise InputError("is no file", file=str(path))
        with open(number, "rb", closefd=False) as stream:
            data = stream.read(_LARGEST + 1)
    finally:
        os.close(number)
    if len(data) > _LARGEST:
        raise InputError("is larger than 64 KiB", file=str(path), hint="a configuration is a few lines")
    text = data.decode("utf-8")
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > _LONGEST:
            raise InputError(f"a line of more than {_LONGEST} characters", file=str(path), line=number)
    return text


def _user_folder() -> Path | None:
    """A path that is not absolute is ignored, as the XDG Base Directory Specification says: it would lie
    under the working folder.
    """
    named = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    if named.is_absolute():
        return named
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ".config" if home.is_absolute() else None
