"""The sample stands in the repository as plain text and as wikitext: both say the same."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Literal, NamedNode

from lodkit.build import Built, article_files, build_article
from lodkit.domain import Domain

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "data" / "articles"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"

Fact = tuple[str, str, str]

ONLY_IN_WIKITEXT = {"isPrimaryTopicOf", "subject", "lat", "long"}
"""Properties that only a page with its links, categories and coordinates tells."""


def facts(built: Built) -> set[Fact]:
    """What is said, with names for nodes: their IRIs differ, since a link's node is that of its page."""
    quads = list(built.quads(evidence=False))
    names = {
        one.subject: one.object.value
        for one in quads
        if one.predicate.value == LABEL and isinstance(one.object, Literal)
    }

    def named(term: object) -> str:
        return names.get(term, str(term)) if isinstance(term, NamedNode) else str(term)

    return {
        (named(one.subject), one.predicate.value.replace("#", "/").rpartition("/")[2], named(one.object))
        for one in quads
    }


def both(domain: Domain, sample: Path) -> tuple[Built, Built]:
    return build_article(sample, domain), build_article(sample.with_suffix(".wiki"), domain)


def test_both_forms_say_the_same(domain: Domain, sample: Path) -> None:
    text, page = both(domain, sample)
    plain, wikitext = facts(text), facts(page)
    assert len(plain) > 120
    assert sorted(plain - wikitext) == []
    more = {path for name, path, _ in wikitext - plain if name not in page.article.categories}
    assert more == ONLY_IN_WIKITEXT


def test_the_page_has_what_pages_have(domain: Domain, sample: Path) -> None:
    _, page = both(domain, sample)
    assert page.article.origin.form == "wikitext"
    assert page.article.remarks == ()
    assert [one.name for one in page.article.templates] == ["Infobox organization"]
    assert len(page.article.links) > 20
    assert len(page.article.categories) == 3
    assert len(page.article.images) == 1
    assert len(page.article.coordinates) == 1


def test_a_page_in_two_forms_is_read_once_in_a_folder(tmp_path: Path) -> None:
    for name in ("A.wiki.gz", "A.txt", "B.wikitext", "B.wiki", "C.WIKI", "D.txt.bz2", "D.txt"):
        (tmp_path / name).touch()
    names = [Path(file).name for file in article_files(tmp_path)]
    assert names == ["A.txt", "B.wiki", "C.WIKI", "D.txt"]
    assert all(Path(file).suffix == ".txt" for file in article_files(FOLDER))
