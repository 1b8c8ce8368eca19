"""Reading: what the format holds, that nothing of the text is lost, and what bad input gets."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodkit.errors import InputError
from lodkit.source import Article, parse_article, read_article
from lodkit.statement import Span

SHARED = Path(__file__).parents[2] / "shared" / "articles"
ABBREVIATIONS = frozenset({"mr", "dr", "st", "u.s", "e.g", "c", "inc", "col"})

SAMPLE = """= Blue Lantern =

Blue Lantern
- Formation: 1996
- Website: http://lantern.example/?a=b: c
- Ratio (a:b): 3:1
- Empty:
- : no key
- Formation: 1997

Blue Lantern is a society. It met in Arvika.

- not a row: an item

== History ==
It began c. 1990 with Dr. Ada Lund.

=== Early years ===

* one
- two. Three.

==Later==
Text.
== See also ==

- Green Coast
"""


def _words(article: Article, *spans: Span) -> list[str]:
    return [span.of(article.text) for span in spans]


def _rows(article: Article) -> list[tuple[str, str]]:
    return [(row.key.of(article.text), row.value.of(article.text)) for row in article.cells]


def _joined(article: Article) -> str:
    pieces = list(article.pieces())
    assert [piece.start for piece in pieces] == [0, *(piece.end for piece in pieces)][:-1]
    return "".join(_words(article, *pieces))


def test_the_sample_is_read_in_full() -> None:
    article = parse_article(SAMPLE, abbreviations=ABBREVIATIONS)
    assert article.name == "Blue Lantern"
    assert article.infobox_name
    assert _words(article, article.infobox_name) == ["Blue Lantern"]
    assert _rows(article) == [
        ("Formation", "1996"),
        ("Website", "http://lantern.example/?a=b: c"),
        ("Ratio (a:b)", "3:1"),
        ("Empty", ""),
        ("", "no key"),
        ("Formation", "1997"),
    ]
    assert [(s.title.of(SAMPLE), s.level, s.parent, s.position) for s in article.sections] == [
        ("History", 2, None, 1),
        ("Early years", 3, 0, 2),
        ("Later", 2, None, 3),
        ("See also", 2, None, 4),
    ]
    assert [(b.kind, b.section, _words(article, *b.sentences)) for b in article.blocks] == [
        ("paragraph", None, ["Blue Lantern is a society.", "It met in Arvika."]),
        ("item", None, ["not a row: an item"]),
        ("paragraph", 0, ["It began c. 1990 with Dr. Ada Lund."]),
        ("item", 1, ["one"]),
        ("item", 1, ["two.", "Three."]),
        ("paragraph", 2, ["Text."]),
        ("item", 3, ["Green Coast"]),
    ]
    assert _joined(article) == SAMPLE


def test_a_section_holds_its_subsections() -> None:
    article = parse_article(SAMPLE)
    history, early, later, see_also = article.sections
    assert history.span == Span(SAMPLE.index("== History"), SAMPLE.index("==Later"))
    assert early.span == Span(SAMPLE.index("=== Early"), SAMPLE.index("==Later"))
    assert later.span.end == see_also.span.start
    assert see_also.span.end == len(SAMPLE)


@pytest.mark.parametrize(
    ("text", "name", "rows"),
    [
        ("= T =", None, 0),
        ("= T =\n\nA lead.\n", None, 0),
        ("= T =\n\nT\n\nA lead.", "T", 0),
        ("= T =\n\nIt holds:\n- a: b\n", None, 0),
        ("= T =\n\nOne\n- plain item\n", None, 0),
        ("= T =\n\n- a: b\n", None, 0),
        ("= T =\n\n== S ==\n- a: b\n", None, 0),
        ("= T =\nT, Inc.\n- a: b\n-\n- no colon\n* an item: x", "T, Inc.", 3),
        ("= T =\n\n\n\nT\n- a:\n- b: c", "T", 2),
        ("= T =\n\nT\n- " + "k" * 5000 + ": v", "T", 1),
    ],
)
def test_where_an_infobox_is(text: str, name: str | None, rows: int) -> None:
    article = parse_article(text)
    assert (article.infobox_name and article.infobox_name.of(text)) == name
    assert len(article.cells) == rows
    assert _joined(article) == text


def test_a_long_key_is_kept() -> None:
    article = parse_article("= T =\n\nT\n- " + "k" * 5000 + ": v")
    assert _rows(article) == [("k" * 5000, "v")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_line_ends_and_bom(end: str, bom: str) -> None:
    text = bom + SAMPLE.replace("\n", end)
    article = parse_article(text, abbreviations=ABBREVIATIONS)
    plain = parse_article(SAMPLE, abbreviations=ABBREVIATIONS)
    assert article.name == "Blue Lantern"
    assert _rows(article) == _rows(plain)
    assert [_words(article, *b.sentences) for b in article.blocks] == [
        _words(plain, *b.sentences) for b in plain.blocks
    ]
    assert [article.position(b.span.start)[0] for b in article.blocks] == [
        plain.position(b.span.start)[0] for b in plain.blocks
    ]
    assert article.title.start == plain.title.start + len(bom)
    assert _joined(article) == text


def test_unicode_separators_are_no_line_ends() -> None:
    text = "= A\u2028B =\n\nBox\n- Key: one\u2028- two\x85three\n\nOne\u2029two."
    article = parse_article(text)
    assert article.name == "A\u2028B"
    assert _rows(article) == [("Key", "one\u2028- two\x85three")]
    assert len(article.blocks) == 1
    assert article.position(len(text))[0] == 6


TITLES = [
    '<>"{}|\\^',
    "100% / half",
    "..",
    "'quoted' “so”",
    "\u200fright to left\u200f",
    "x" * 5000,
    "= a ==",
    "cafe\u0301",
    "<http://example.org/> a owl:Class .",
    "SELECT * WHERE { ?s ?p ?o }",
    "<script>alert(1)</script>",
    "$(rm -rf /); `id`",
    "../../etc/passwd",
]


@pytest.mark.parametrize("title", TITLES)
def test_titles_are_kept_as_they_are(title: str) -> None:
    text = f"= {title} =\n\nA lead."
    article = parse_article(text)
    assert article.name == title
    assert _joined(article) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f.txt: the file is empty"),
        (" \n\t\r\n", "f.txt: the file is empty"),
        ("\ufeff", "f.txt: the file is empty"),
        ("No title.\n", "f.txt:1:1: no title line"),
        ("\n\nNo title.\n", "f.txt:3:1: no title line"),
        ("=  =\n\nText.", "f.txt:1:1: no title line"),
        ("==\n", "f.txt:1:1: no title line"),
        ("=\n", "f.txt:1:1: no title line"),
        ("= \u00a0 =\n", "f.txt:1:1: no title line"),
        ("== Section ==\n", "f.txt:1:1: no title line"),
        ("= T", "f.txt:1:1: no title line"),
        ("= T =\n\r\nab\0c", "f.txt:3:3: the text holds a NUL character"),
        ("= T =\rx\ud800", "f.txt:2:2: the text holds a lone surrogate U+D800"),
    ],
)
def test_refused_texts(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_article(text, file="f.txt")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("name", "pack"), [("a.txt", bytes), ("a.txt.gz", gzip.compress), ("a.txt.BZ2", bz2.compress)]
)
def test_read_article_from_files(tmp_path: Path, name: str, pack: object) -> None:
    data = ("\ufeff" + SAMPLE.replace("\n", "\r\n")).encode()
    path = tmp_path / name
    path.write_bytes(pack(data))  # type: ignore[operator]
    article = read_article(path)
    assert article.text.encode() == data
    assert article.digest == hashlib.sha256(data).hexdigest() == parse_article(data.decode()).digest
    assert article.file == str(path)


def test_read_article_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(SAMPLE.encode())))
    article = read_article("-")
    assert (article.name, article.file) == ("Blue Lantern", "-")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"= T =\n\n\xff", "not UTF-8: byte 0xff at byte offset 7"),
        ("a.txt", "= Malmö =".encode("latin-1"), "not UTF-8: byte 0xf6 at byte offset 6"),
        ("a.txt", "= T =".encode("utf-16"), "not UTF-8: byte 0xff at byte offset 0"),
        ("a.txt", b"= T =\n\xe2\x82", "not UTF-8: byte 0xe2 at byte offset 6"),
        ("a.txt", b"", "the file is empty"),
        ("a.txt.gz", b"= T =", "cannot be read"),
        ("a.txt.gz", gzip.compress(b"= T =", mtime=0)[:-9], "cannot be read"),
        ("a.txt.bz2", b"= T =", "cannot be read"),
        ("a.txt", None, "no such file"),
    ],
)
def test_refused_files(tmp_path: Path, name: str, data: bytes | None, message: str) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_article(path)
    assert str(caught.value).startswith(f"{path}: {message}")
    assert "\n" not in str(caught.value)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        read_article(tmp_path)


SENTENCES = [
    ["One.", "Two!", "Three?", "Four."],
    ["It met Mr. Holm in St. Olaf.", "He left."],
    ["J. Smith and A. B. Holm came.", "J.-P. Berg left."],
    ["It is in the U.S. The office is in Arvika."],
    ["Col. Holm led it.", "It won."],
    ['She said "Go."', "He went."],
    ["She said “Go.”", "“Stay.”", "(It rained.)", "2 came."],
    ["The club (est. 1990. It grew. And split.) met.", "Then it ended."],
    ["See it [as A. says. Then more] here.", "End."],
    ["Norland, e.g. Arvika, etc. and so on.", "End."],
    ["Version 1.2 came in 3.5 days.", "Done."],
    ["It cost 5 kr. per day.", "So it was."],
    ["It went on … and on."],
    ["Really?!", "Yes..."],
    ["the end.of it. lower case goes on."],
    ["1. The first."],
    ["Партия возникла.", "Она жива."],
    ["An open ( bracket.", "It goes on.", "End."],
    ["A long (aside.", *["Then it goes on and on."] * 12, "It ends).", "End."],
    ["A close ) bracket.", "End."],
    ["Foo Inc. (founded 1990) is here.", "It is."],
]


@pytest.mark.parametrize("sentences", SENTENCES, ids=lambda sentences: sentences[0][:30])
def test_sentences(sentences: list[str]) -> None:
    text = "= T =\n\n" + " ".join(sentences)
    (block,) = parse_article(text, abbreviations=ABBREVIATIONS).blocks
    assert [span.of(text) for span in block.sentences] == sentences


def test_wrapped_lines_are_one_paragraph() -> None:
    text = "= T =\n\nOne goes\non. Two\n  ends.\n\nThree."
    article = parse_article(text)
    assert [_words(article, *b.sentences) for b in article.blocks] == [
        ["One goes\non.", "Two\n  ends."],
        ["Three."],
    ]


def test_items() -> None:
    text = "= T =\n\nLead.\n- \n* a\n** b\n-c\n--- d\n  - e"
    article = parse_article(text)
    assert [(b.kind, b.content.of(text)) for b in article.blocks] == [
        ("paragraph", "Lead."),
        ("item", ""),
        ("item", "a"),
        ("item", "b"),
        ("paragraph", "-c\n--- d"),
        ("item", "e"),
    ]


def test_headings() -> None:
    text = "= T =\n\n== A\t==\n==== B ====\n=== C ==\n= D =\n======= E =======\n====\n== F"
    article = parse_article(text)
    assert [(s.title.of(text), s.level, s.parent) for s in article.sections] == [
        ("A", 2, None),
        ("B", 4, 0),
        ("= C", 2, None),
        ("D", 1, None),
        ("= E =", 6, 3),
    ]
    assert [b.span.of(text) for b in article.blocks] == ["====\n== F"]
    assert _joined(article) == text


def test_positions_and_lines() -> None:
    text = "\ufeff= T =\r\nab\rc\n\nd"
    article = parse_article(text)
    places = {
        0: (1, 1),
        1: (1, 2),
        7: (1, 8),
        8: (2, 1),
        10: (2, 3),
        11: (3, 1),
        13: (4, 1),
        14: (5, 1),
        len(text): (5, 2),
    }
    assert {offset: article.position(offset) for offset in places} == places
    assert [article.line(offset) for offset in (0, 7, 8, 11, 13, 14)] == [
        "\ufeff= T =",
        "\ufeff= T =",
        "ab",
        "c",
        "",
        "d",
    ]
    for outside in (-1, len(text) + 1):
        with pytest.raises(ValueError, match="outside the text"):
            article.position(outside)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "= T =\n\n" + "word. Word (" * 90_000,
        "= T =\n\n" + "." * 1_000_000,
        "= T =\n\n" + "a." * 500_000,
        "= T =\n\n" + '."' * 500_000,
        "= T =\n\n" + "(" * 500_000 + ")" * 500_000,
        "= T =\n\n" + "=" * 1_000_000,
        "= T =\n\n" + " " * 1_000_000 + "x",
        "= T =\n\n" + ". " * 500_000,
        "= T =\n\n" + "A. (a. B) " * 100_000,
        "= T =\n\nT\n- " + "k:" * 500_000,
        "= T =\n\n" + "\r" * 1_000_000,
        "= T =\n\n" + "".join(f"== Section {i} ==\nOne. Two.\n" for i in range(5000)),
        "= T =\n\nT\n" + "- a: b\n" * 100_000,
    ],
    ids=lambda text: text[7:20],
)
def test_much_input_is_read(text: str) -> None:
    """A reader whose time grew with the square of the length would not come to an end here."""
    article = parse_article(text, abbreviations=ABBREVIATIONS)
    assert _joined(article) == text


@pytest.mark.slow
def test_five_thousand_sections() -> None:
    article = parse_article("= T =\n\n" + "".join(f"== S{i} ==\n\n" for i in range(5000)))
    assert len(article.sections) == 5000
    assert article.sections[-1].position == 5000


_LINES = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "- a: b",
            "- a",
            "-",
            "* x. Y",
            "== S ==",
            "=== U ===",
            "= =",
            "Box",
            "One. Two (a. B) c.",
            "\u2028",
            ": ",
            "- :",
        ]
    ),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
)
_TEXTS = st.builds(
    lambda bom, title, lines, end: bom + end.join([f"= {title} =", *lines]),
    st.sampled_from(["", "\ufeff"]),
    st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="="), min_size=1, max_size=9),
    st.lists(_LINES, max_size=15),
    st.sampled_from(["\n", "\r\n", "\r"]),
)


@pytest.mark.slow
@given(_TEXTS)
def test_nothing_is_lost(text: str) -> None:
    article = parse_article(text)
    assert _joined(article) == text
    solid = {
        (span.start, span.end) for span in article.pieces() if span.of(text).strip("\ufeff \t\r\n").strip()
    }
    assert {(row.span.start, row.span.end) for row in article.cells} <= solid
    assert {(block.span.start, block.span.end) for block in article.blocks} <= solid
    for row in article.cells:
        assert (
            row.span.start <= row.key.start <= row.key.end <= row.value.start <= row.value.end <= row.span.end
        )
    for block in article.blocks:
        ends = [block.span.start]
        for sentence in block.sentences:
            assert ends[-1] <= sentence.start < sentence.end <= block.span.end
            assert sentence.of(text) == sentence.of(text).strip()
            ends.append(sentence.end)
        words = "".join("".join(_words(article, *block.sentences)).split())
        assert "".join(block.content.of(text).split()) == words
    for section in article.sections:
        assert section.parent is None or article.sections[section.parent].level < section.level


@pytest.mark.slow
@given(_TEXTS, st.data())
def test_positions_round_trip(text: str, data: st.DataObject) -> None:
    article = parse_article(text)
    offset = data.draw(st.integers(0, len(text)))
    line, column = article.position(offset)
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    assert starts[line - 1] + column - 1 == offset
    assert text[starts[line - 1] :].startswith(article.line(offset))
    assert not set(article.line(offset)) & {"\r", "\n"}


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        article = parse_article(text)
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert _joined(article) == text


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared articles are not here")
def test_shared_articles_are_read_losslessly() -> None:
    paths = sorted(SHARED.glob("*.txt"))
    assert paths
    for path in paths:
        article = read_article(path, abbreviations=ABBREVIATIONS)
        assert _joined(article) == article.text
        rows = re.search(r"\A= .+ =\n\n.+\n((?:- .*\n)+)", article.text)
        assert len(article.cells) == (rows[1].count("\n") if rows else 0), path.name
        assert all(article.text[span.end] == "\n" for span in (row.span for row in article.cells))
