"""What the README, the examples of the commands and the walks through stores and validation show is what happens:
commands are run and their output compared, Python is executed.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.stores.servers import oxigraph_server

ROOT = Path(__file__).parent.parent
README, STORES = ROOT / "README.md", ROOT / "docs" / "stores.md"
VALIDATION = ROOT / "docs" / "validation.md"
COMMANDS = ROOT / "docs" / "commands.md"
PORT = "127.0.0.1:7878"  # of the server in the walk-through; another one is used here
# Setting up needs the network and would change the checkout; `make` is tried by those who run these tests.
NOT_RUN = re.compile(r"(?:\S*/)?(?:make|git|cd|pip|pipx|uv|source|docker)\b|python3? -m (?:venv|pip)\b")
REWRITES = "LODKIT_REWRITE_GOLDENS" in os.environ  # `make goldens`: what a page shows is what is printed now
LEFT_OUT = {".git", ".venv", "build", "dist"}


class Command(NamedTuple):
    """A line that starts with ``$``, what the README shows after it, and whether its exit code is shown by
    the next one.
    """

    line: int
    text: str
    output: str
    may_fail: bool


def blocks(language: str, document: Path = README) -> Iterator[tuple[int, str]]:
    """Yield the fenced blocks of a language with the line on which their content starts."""
    text = document.read_text(encoding="utf-8")
    for match in re.finditer(rf"^```{language}[ \t]*\n(.*?)^```[ \t]*$", text, re.MULTILINE | re.DOTALL):
        yield text.count("\n", 0, match.start(1)) + 1, match[1]


def commands(start: int, block: str) -> Iterator[Command]:
    r"""Yield the commands of a block; a line that ends in ``\`` goes on in the next, which may start with
    ``>``."""
    parts = re.split(r"^\$ ", re.sub(r"\\\n(?:> ?|[ ]*)", "", block), flags=re.MULTILINE)[1:]
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        text, _, output = part.partition("\n")
        line = start + block.count("\n", 0, block.find(text[:20]))
        yield Command(line, text.strip(), output.strip("\n"), following.startswith("echo $?"))


def expected(output: str) -> re.Pattern[str]:
    """Compile shown output, in which ``...`` stands for anything: for whole lines where it is a line of its
    own.
    """
    escaped = "\n".join(re.escape(line.rstrip()) for line in output.split("\n"))
    lines = re.sub(r"(?m)^[ \\]*\\\.\\\.\\\.\n?", r"(?:.*\\n)*?.*", escaped)
    return re.compile(lines.replace(r"\.\.\.", ".*"))


def is_shown(output: str, text: str) -> bool:
    plain = "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))
    return expected(output).fullmatch(plain) is not None


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout to run commands in; its ``.venv/bin`` is that of the Python that runs the tests."""
    folder = tmp_path_factory.mktemp("readme") / "lodkit"
    shutil.copytree(
        ROOT,
        folder,
        ignore=lambda _, names: {name for name in names if name in LEFT_OUT or name.endswith("_cache")},
    )
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "build").mkdir()
    return folder


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    settings = {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "140", "LC_ALL": "C.UTF-8"}
    return {
        **os.environ,
        **settings,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }


@pytest.mark.parametrize(
    ("output", "text", "same"),
    [
        ("one\ntwo", "one \ntwo\n", True),
        ("one\n...\nfour", "one\ntwo\nthree\nfour", True),
        ("one\n...\nfour", "one\nfour", True),
        ("one\n...", "one\ntwo", True),
        ("took ... ms", "took 12 ms", True),
        ("took ... ms", "took\n12 ms", False),
        ("one", "one\ntwo", False),
    ],
)
def test_comparison(output: str, text: str, same: bool) -> None:
    assert is_shown(output, text) == same


def test_readme_shows_commands() -> None:
    assert list(blocks("console"))


def follow(document: Path, start: int, block: str, folder: Path, environment: dict[str, str]) -> None:
    """Run the commands of a block and compare what they print."""
    code = 0
    for command in commands(start, block):
        if NOT_RUN.match(command.text):
            continue
        script = f"(exit {code}); {command.text}"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        code = done.returncode
        where = f"{document.name}:{command.line}: {command.text}\n{done.stdout}"
        assert code == 0 or command.may_fail, where
        if command.output and not is_shown(command.output, done.stdout) and REWRITES:
            rewrite(document, command.output, done.stdout)
            continue
        assert not command.output or is_shown(command.output, done.stdout), where


def rewrite(document: Path, shown: str, printed: str) -> None:
    """Put what a command prints now in the place of what a page shows; what stands for anything stays by hand."""
    text = document.read_text(encoding="utf-8")
    assert text.count(shown) == 1, f"{document.name} shows this more than once:\n{shown}"
    now = "\n".join(line.rstrip() for line in printed.rstrip().lstrip("\n").split("\n"))
    if "..." in shown:
        now = renumbered(shown, now)
        assert now, f"{document.name}: to be rewritten by hand:\n{shown}\nprinted:\n{printed}"
    document.write_text(text.replace(shown, now), encoding="utf-8")


@pytest.mark.slow
def test_commands(copy: Path, environment: dict[str, str]) -> None:
    """All blocks in turn: one goes on from what those before it wrote."""
    for start, block in blocks("console"):
        follow(README, start, block, copy, environment)


@pytest.mark.slow
def test_the_walk_through_of_stores(copy: Path, environment: dict[str, str]) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = f"127.0.0.1:{sock.getsockname()[1]}"
    [(start, block)] = blocks("console", STORES)
    try:
        follow(STORES, start, block.replace(PORT, port), copy, environment)
    finally:
        pid = copy / "build" / "server.pid"
        if pid.is_file():
            with suppress(ProcessLookupError):
                os.kill(int(pid.read_text()), signal.SIGTERM)


@pytest.mark.slow
def test_the_walk_from_a_red_report_to_a_green_one(copy: Path, environment: dict[str, str]) -> None:
    for start, block in blocks("console", VALIDATION):
        follow(VALIDATION, start, block, copy, environment)


EXIT_CODE = re.compile(r" # (?:.* )?exit code ([0-9]+)")


class Example(NamedTuple):
    """A line of a page that is indented, what should come of it, and what the page shows that it prints."""

    line: int
    text: str
    code: int
    output: str


def examples(document: Path) -> Iterator[Example]:
    """Yield the examples of a page from its first section on. Where a block has ``$``, what follows is output."""
    page = document.read_text(encoding="utf-8")
    page = re.sub(r"(?ms)^```.*?^```$", lambda found: "\n" * found[0].count("\n"), page)
    text = page[page.index("\n## ") :]
    for match in re.finditer(r"(?m)(?:^    .*\n)+", text):
        start = page.count("\n", 0, page.index("\n## ")) + text.count("\n", 0, match.start()) + 1
        lines = [line[4:] for line in match[0].splitlines()]
        shows = lines[0].startswith("$ ")
        begins = [number for number, line in enumerate(lines) if line.startswith("$ ") or not shows]
        for number, end in zip(begins, [*begins[1:], len(lines)], strict=True):
            typed = lines[number].removeprefix("$ ")
            found = EXIT_CODE.search(typed)
            code = int(found[1]) if found else 0
            yield Example(start + number, typed, code, "\n".join(lines[number + 1 : end]))


def renumbered(shown: str, printed: str) -> str:
    """What is shown with the numbers that are printed now; empty where more than numbers differ."""
    pattern = re.sub(r"[0-9]+", r"([0-9]+)", expected(shown).pattern)
    found = re.fullmatch(pattern, printed)
    numbers = iter(found.groups() if found else ())
    return re.sub(r"[0-9]+", lambda _: next(numbers), shown) if found else ""


def indented(output: str) -> str:
    """What a command prints as a page of examples shows it."""
    return "\n".join(f"    {line}".rstrip() for line in output.split("\n"))


def test_the_page_has_examples() -> None:
    found = list(examples(COMMANDS))
    assert len(found) > 80
    names = {word for one in found for word in re.findall(r"lodkit (\w+)", one.text)}
    assert names >= set("build validate query export load store verify check".split())
    assert {one.code for one in found} == {0, 1, 5}


@pytest.mark.slow
def test_each_example_of_the_commands(copy: Path, environment: dict[str, str], tmp_path: Path) -> None:
    """All in turn, after those that set up: one goes on from what those before it wrote. Python's comes last."""
    activate, set_up, serve, *typed = examples(COMMANDS)
    assert activate.text == "source .venv/bin/activate"
    assert serve.text.startswith("oxigraph serve ")
    assert subprocess.run(["bash", "-c", set_up.text], cwd=copy, env=environment).returncode == 0
    folder = copy / "build" / "examples"
    server = contextmanager(oxigraph_server)(tmp_path / "server")
    with server as url:
        for one in typed:
            script = "set -o pipefail; " + one.text.replace(f"http://{PORT}", url)
            done = subprocess.run(
                ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True
            )
            where = f"commands.md:{one.line}: {one.text}\n{done.stdout[-2000:]}{done.stderr}"
            assert done.returncode == one.code, where
            printed = indented(done.stdout.rstrip("\n"))
            if one.output and indented(one.output) != printed and REWRITES:
                rewrite(COMMANDS, indented(one.output), printed)
                continue
            assert not one.output or one.output == done.stdout.rstrip("\n"), where
    for _, block in blocks("python", COMMANDS):
        command = [sys.executable, "-c", block]
        assert subprocess.run(command, cwd=folder / "articles", env=environment).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(("start", "block"), list(blocks("python")))
def test_python(copy: Path, environment: dict[str, str], start: int, block: str) -> None:
    file = copy / "build" / f"readme_{start}.py"
    is_session = block.lstrip().startswith(">>>")
    file.write_text(f"r'''\n{block}\n'''\n" if is_session else block, encoding="utf-8")
    call = [
        sys.executable,
        *(["-m", "doctest", "-o", "ELLIPSIS", "-o", "NORMALIZE_WHITESPACE"] if is_session else []),
        str(file),
    ]
    done = subprocess.run(call, cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"README.md:{start}\n{done.stdout}{done.stderr}"
