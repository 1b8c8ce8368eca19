"""The lexicon checked against itself: every example of the bundled domain holds, and one that does not is
found.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lodkit.check import check_examples, check_phrase, usage
from lodkit.domain import Domain, Phrase, parse_example, read_domain
from lodkit.lint import lint_shapes
from lodkit.source import parse_article, read_article

if TYPE_CHECKING:
    from lodkit.errors import DomainError

LIGHTS = Path(__file__).parent / "second_domain"
LEXICON = "ontology/lexicon.ttl"


@pytest.mark.slow
def test_examples_of_the_bundled_lexicon_hold(domain: Domain) -> None:
    assert [str(error) for error in check_examples(domain)] == []


@pytest.mark.slow
def test_shapes_of_the_bundled_domain_are_clean(domain: Domain) -> None:
    assert [str(error) for error in lint_shapes(domain)] == []


def test_every_phrase_has_examples(domain: Domain) -> None:
    assert [phrase.iri for phrase in domain.phrases if not phrase.examples] == []


def test_every_phrase_has_an_example_with_a_value(domain: Domain) -> None:
    assert [phrase.iri for phrase in domain.phrases if not marked(phrase) - {"this"}] == []


def marked(phrase: Phrase) -> set[str]:
    return {slot for text in phrase.examples for slot, _ in parse_example(text)[1]}


def test_names_in_examples_are_invented(domain: Domain, root: Path) -> None:
    names = {
        line.strip()
        for line in (root / "tests" / "article_names.txt").read_text("utf-8").splitlines()
        if line and line[0] != "#"
    }
    wanted = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(names) if " " in name))
    texts = [text for phrase in domain.phrases for text in (*phrase.examples, *phrase.counter_examples)]
    assert [text for text in texts if wanted.search(text)] == []


# ---- examples broken on purpose
# -----------------------------------------------------------------------------------------------------

BROKEN: dict[str, tuple[str, str, str, str]] = {
    "a value left unmarked": (
        "[Stone Point Light]{replacedBy}",
        "Stone Point Light",
        "rule:replaced",
        "also yields {replacedBy} 'stone point light'",
    ),
    "a value marked that is not read": (
        "[It]{this} was replaced",
        "[It]{this} [was]{keeper} replaced",
        "rule:replaced",
        "misses {keeper} 'was'",
    ),
    "too much marked": (
        "[Stone Point Light]{replacedBy}",
        "Stone [Point Light]{replacedBy}",
        "rule:replaced",
        "misses {replacedBy} 'point light'",
    ),
    "another slot marked": (
        "by [the Coast Board]{builder}",
        "by [the Coast Board]{designer}",
        "rule:raised",
        "misses {designer} 'coast board'",
    ),
    "the wrong {this}": (
        "[It]{this} was replaced",
        "It was [replaced]{this}",
        "rule:replaced",
        "{this} is ['it'], not ['replaced']",
    ),
    "a counter-example that holds": (
        "It was not replaced",
        "It was then replaced",
        "rule:replaced",
        "asserts {replacedBy} 'stone point light'",
    ),
    "no example": (
        'lk:example "[It]{this} was replaced by [Stone Point Light]{replacedBy}." ;',
        "",
        "rule:replaced",
        "has no lk:example",
    ),
    "a pattern that reads less": (
        "ran|=runs aground|ashore",
        "runs aground|ashore",
        "rule:aground",
        "misses",
    ),
}


def broken(case: str, folder: Path) -> list[DomainError]:
    old, new, _, _ = BROKEN[case]
    shutil.copytree(LIGHTS, folder, dirs_exist_ok=True)
    text = (folder / LEXICON).read_text("utf-8")
    assert text.count(old) == 1
    (folder / LEXICON).write_text(text.replace(old, new), "utf-8")
    return check_examples(read_domain(folder))


@pytest.mark.slow
@pytest.mark.parametrize("case", BROKEN)
def test_broken_example_is_found(case: str, tmp_path: Path) -> None:
    _, _, rule, message = BROKEN[case]
    (error,) = broken(case, tmp_path)
    assert message in str(error)
    assert error.file == LEXICON
    assert error.line is not None
    assert (
        (tmp_path / LEXICON).read_text("utf-8").splitlines()[error.line - 1].startswith(f"{rule} a lk:Phrase")
    )


def test_phrases_are_checked_one_by_one(tmp_path: Path) -> None:
    broken("no example", tmp_path)
    domain = read_domain(tmp_path)
    assert [
        phrase.iri.rpartition("#")[2] for phrase in domain.phrases if list(check_phrase(domain, phrase))
    ] == ["replaced"]


# ---- usage
# ----------------------------------------------------------------------------------------------------------------------------


def test_usage_counts_statements_and_articles(tmp_path: Path) -> None:
    domain = read_domain(LIGHTS)
    texts = [
        "= One Light =\n\nIt was built in 1871. It was built in 1871 by Ada Lund.\n",
        "= Two Light =\n\n- Built: 1900\n\nIt was built in 1900.\n",
    ]
    articles = [parse_article(text, abbreviations=()) for text in texts]
    found = {
        row.rule.rpartition("#")[2]: (row.statements, row.articles, row.reason)
        for row in usage(domain, articles)
    }
    assert set(found) == {
        iri.rpartition("#")[2] for iri in (*(p.iri for p in domain.phrases), *(f.iri for f in domain.fields))
    }
    assert found["raised"] == (5, 2, None)  # three years, the builder, and what a builder is
    assert found["replaced"] == (0, 0, None)


def test_usage_of_the_bundled_lexicon(domain: Domain, bundled: list[Path]) -> None:
    articles = [read_article(path, abbreviations=domain.english.words("abbreviation")) for path in bundled]
    rows = usage(domain, articles)
    assert len({row.rule for row in rows}) == len(rows) == len(domain.phrases) + len(domain.fields)
    assert any(row.articles > 1 for row in rows)
