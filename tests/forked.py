"""Many calls of the command, each in a process of its own, without the start of Python for each: a process
that has loaded lodkit forks for each call.

Run as a module it is that process: a line of JSON in, one out.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import TracebackType
from typing import NamedTuple

import pytest
from tests.readings import read_once

ROOT = Path(__file__).parent.parent


class Done(NamedTuple):
    """What came of a call."""

    code: int
    out: str
    err: str


class Forking:
    """The process that forks, started with variables of its own, such as LD_PRELOAD, or by another command,
    such as setpriv.
    """

    def __init__(
        self, folder: Path, variables: Mapping[str, str] | None = None, prefix: Sequence[str] = ()
    ) -> None:
        """Start it; output of calls goes through files of a folder."""
        self._folder = folder
        self._process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "tests.forked"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | dict(variables or {}),
            cwd=ROOT,
            text=True,
        )

    def __enter__(self) -> Forking:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def run(self, words: Sequence[str], variables: Mapping[str, str] | None = None) -> Done:
        """Run the command with some arguments and some more environment variables."""
        [done] = self.run_all([words], Path.cwd(), variables)
        return done

    def run_all(
        self, calls: Sequence[Sequence[str]], folder: Path, variables: Mapping[str, str] | None = None
    ) -> list[Done]:
        """Run the command several times in one process and a folder; an end by a signal is a negative code,
        with which the list ends.
        """
        names = [
            (f"{self._folder}/{number}.out", f"{self._folder}/{number}.err") for number in range(len(calls))
        ]
        request = {
            "calls": calls,
            "variables": dict(variables or {}),
            "folder": str(folder),
            "files": names,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        codes = json.loads(self._process.stdout.readline())
        return [
            Done(code, Path(out).read_text(), Path(err).read_text())
            for code, (out, err) in zip(codes, names, strict=False)
        ]


def _serve() -> int:
    """Fork for each request; what is returned is the exit code of a call, in its own process."""
    import lodkit.cli

    for module in iter_modules(lodkit.cli.__path__):  # what calls need is loaded once
        import_module(f"lodkit.cli.{module.name}")
    read_once(pytest.MonkeyPatch())
    vars(import_module("lodkit.cli.build"))["read_domain"]()
    gc.freeze()  # a child neither looks through what it shares nor takes it apart at its end
    while line := sys.stdin.readline():
        request = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.environ.update(request["variables"])
            os.chdir(request["folder"])
            code = 0
            for words, files in zip(request["calls"], request["files"], strict=True):
                _stand_alone(files)
                sys.argv = ["lodkit", *words]
                code = lodkit.cli.main()
                os.write(writing, f"{code} ".encode())
            return code
        os.close(writing)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with os.fdopen(reading) as pipe:
            codes = [int(code) for code in pipe.read().split()]
        print([*codes[: len(request["calls"]) - 1], status], flush=True)
    return 0


def _stand_alone(files: Sequence[str]) -> None:
    """Put the standard streams into files."""
    for stream, file, flags in zip(
        (0, 1, 2),
        (os.devnull, *files),
        (os.O_RDONLY, *2 * [os.O_WRONLY | os.O_CREAT | os.O_TRUNC]),
        strict=True,
    ):
        opened = os.open(file, flags, 0o600)
        os.dup2(opened, stream)
        os.close(opened)


if __name__ == "__main__":
    sys.exit(_serve())
