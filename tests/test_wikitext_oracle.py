"""Templates, their arguments and links of pages, as another reader of wikitext finds them, where it is
installed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lodkit.source.wikitext.nodes import Bracket, Call, External, Node, Parameter, Raw, Table
from lodkit.source.wikitext.scan import scan

PAGES = sorted((Path(__file__).parent / "wikitext" / "pages").glob("*.wiki"))
READ_INSIDE = {"ref", "references", "includeonly"}
"""Elements whose content the scanner leaves alone until it is asked for, and the other reader does not."""


def found(nodes: Iterable[Node], text: str) -> Iterator[Call | Bracket]:
    for node in nodes:
        inner: Iterable[Node] = ()
        if isinstance(node, Call | Parameter):
            inner = (one for argument in node.arguments for one in argument.content)
        elif isinstance(node, Bracket):
            inner = (one for piece in node.pieces for one in piece.content)
        elif isinstance(node, External | Table):
            inner = node.content
        elif isinstance(node, Raw) and node.tag.name in READ_INSIDE:
            inner = scan(text, node.begin, node.until)
        if isinstance(node, Call | Bracket):
            yield node
        yield from found(inner, text)


def plain(words: Any) -> str:
    return " ".join(str(words).replace("_", " ").split())


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_another_reader_finds_the_same(path: Path) -> None:
    other = pytest.importorskip("mwparserfromhell")
    text = path.read_text(encoding="utf-8")
    ours, theirs = list(found(scan(text), text)), other.parse(text)

    def name(template: Any) -> str:
        comment = other.nodes.Comment
        return plain("".join(str(node) for node in template.name.nodes if not isinstance(node, comment)))

    expected = Counter(
        (name(one), *((plain(p.name) if p.showkey else None, plain(p.value)) for p in one.params))
        for one in theirs.filter_templates()
    )
    calls = (one for one in ours if isinstance(one, Call))
    assert expected == Counter(
        (
            call.name,
            *(
                (None if one.name is None else plain(one.name), plain(text[one.begin : one.end]))
                for one in call.arguments
            ),
        )
        for call in calls
    )
    titles = Counter(plain(one.title).replace("&nbsp;", " ") for one in theirs.filter_wikilinks())
    missed = titles - Counter(plain(one.target) for one in ours if isinstance(one, Bracket))
    assert missed == Counter()
