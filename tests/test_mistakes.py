"""What users get wrong, as a table: one line that says what is wrong and what to do, and the exit code."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.sampled import mostly_slow

from lodkit import cli

MISTAKES: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("mistakes.toml").read_text(encoding="utf-8")
)
TURTLE = b"@prefix x: <http://x/> .\nx:a x:b x:c .\n"
FILES = {
    "article.txt": b"= Blue Lantern =\n\nBlue Lantern is a society.\n",
    "paper.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "paper.docx": b"PK\x03\x04\x14\x00",
    "picture.png": b"\x89PNG\r\n\x1a\n",
    "table.csv": b"a,b\n1,2\n",
    "data.ttl": TURTLE,
    "data.trig": b"<http://x/g> { <http://x/a> <http://x/b> <http://x/c> }\n",
    "shapes.ttl": TURTLE,
    "noprefix.ttl": b"x:a x:b x:c .\n",
    "open.rq": b"SELECT * { ?s ?p ?o",
    "folder/data.ttl": TURTLE,
}


@pytest.mark.parametrize("name", mostly_slow(MISTAKES, 5))
def test_a_mistake(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mistake = MISTAKES[name]
    (tmp_path / "empty").mkdir()
    (tmp_path / "folder").mkdir()
    for file, data in FILES.items():
        (tmp_path / file).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(mistake.get("stdin", "").encode())))
    code = cli.main(mistake["words"])
    out, err = capsys.readouterr()
    assert (code, out, err.count("\n")) == (mistake["code"], "", 1), err
    assert err.startswith("lodkit: error: ")
    assert mistake["says"] in err
    assert mistake.get("tells", "") in err


def test_nearly_every_message_tells_what_to_do() -> None:
    silent = [name for name, mistake in MISTAKES.items() if "tells" not in mistake]
    assert len(MISTAKES) >= 30
    assert silent == ["a file that is nowhere", "a query that is not closed"]
