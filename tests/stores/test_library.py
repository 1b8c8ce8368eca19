"""A corpus is loaded into every kind of server, and comes out as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.stores.places import Place

from lodkit import Corpus, Domain, StoreError
from lodkit.api import SAMPLE
from lodkit.cli import main

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Domain().read(SAMPLE)


@pytest.mark.parametrize("layout", ["graphs", "merged"])
def test_a_corpus_is_loaded_once(
    server: Place, layout: str, corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert corpus.load(server.where, layout=layout) == {"new": 1}
    assert corpus.load(server.where) == {"unchanged": 1}
    corpus.write(tmp_path / "as-read.nq")
    assert main(["export", server.where, "--to", str(tmp_path / "back.nq")]) == 0
    assert (tmp_path / "back.nq").read_bytes() == (tmp_path / "as-read.nq").read_bytes()
    capsys.readouterr()
    assert main(["query", "founders", "--on", server.where, "--json", "--evidence"]) == 0
    [row] = json.loads(capsys.readouterr().out)["results"]["bindings"]
    assert row["evidenceQuote"]["value"] == corpus.query("founders", evidence=True)[0]["evidenceQuote"]


def test_a_server_that_is_not_there_is_an_error(corpus: Corpus) -> None:
    with pytest.raises(StoreError, match="127"):
        corpus.load("http://127.0.0.1:9")
