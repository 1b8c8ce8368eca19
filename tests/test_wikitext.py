"""Wikitext: what is read of it, that every word is where the map says, and that no input takes long."""

from __future__ import annotations

import gc
import re
import time
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodkit.build import build_article, build_text
from lodkit.domain import Domain, read_domain
from lodkit.errors import DomainError, InputError
from lodkit.extract.outcomes import Outcome
from lodkit.rdf.quads import LK, NIF
from lodkit.source import Article, Link, Part, Value, parse_article, read_article
from lodkit.source.reading import form_of
from lodkit.source.wikitext.nodes import Bracket, Call, Node, Parameter, Table
from lodkit.source.wikitext.scan import DEEPEST, scan
from lodkit.statement import Basis, Modality, Span

HERE = Path(__file__).parent / "wikitext"
PAGES = sorted((HERE / "pages").glob("*.wiki"))
CELLS: list[dict[str, Any]] = tomllib.loads((HERE / "cells.toml").read_text(encoding="utf-8"))["cell"]
MARKUP = re.compile(r"\[\[|\]\]|\{\{|\}\}|\{\||\|\}|'''|<(?:br|ref|small|/?\w+ ?/?)>|&[a-z]+;|\|")


@cache
def domain() -> Domain:
    return read_domain()


def parsed(text: str, title: str = "Blue Lantern") -> Article:
    return parse_article(text, form="wikitext", title=title, wikitext=domain().wikitext)


def page(path: Path) -> Article:
    words = domain().english.words("abbreviation")
    return read_article(path, abbreviations=words, wikitext=domain().wikitext)


def shown(article: Article, part: Part) -> str:
    words = f"{type(part).__name__}: {part.span.of(article.text)}"
    if isinstance(part, Link):
        return f"{words} -> {part.target}"
    if isinstance(part, Value):
        datatype, unit = part.datatype.rpartition("#")[2], f" {part.unit}" if part.unit else ""
        return f"{words} -> {part.kind} {part.lexical} {datatype}{unit}"
    return words


# ---- values


@pytest.mark.parametrize("case", CELLS, ids=lambda case: case["name"])
def test_cells(case: dict[str, Any]) -> None:
    article = parsed(f"{{{{Infobox lantern\n| some_key2 = {case['wiki']}\n}}}}")
    if "text" not in case:
        assert article.cells == ()
        return
    (cell,) = article.cells
    assert cell.value.of(article.text) == case["text"]
    assert [[shown(article, one) for one in item.parts] for item in cell.items] == case.get("items", [])
    if "languages" in case:
        assert [item.language or "" for item in cell.items] == case["languages"]
    assert [one.words for one in article.citations] == case.get("cites", [])
    assert cell.span.of(article.text) == f"- some_key2: {cell.value.of(article.text)}"
    assert (cell.key.of(article.text), cell.label, cell.number) == ("some_key2", "Some key", "2")


def test_there_are_enough_cells() -> None:
    assert len(CELLS) >= 60


# ---- pages


PAGE = """{{Short description|Society}}
{{Infobox political party
| name = Blue Lantern
| leader1_name = [[Ada Lund]]
| founded = {{start date|1931|5|4|df=y}}<ref>{{cite book|title=Lanterns|author=Jo}}</ref>
| module = {{Infobox office|term = 1990}}
}}
{{Infobox ship career|Ship name=''Lamp''}}
'''Blue Lantern''' ({{lang|nn|Blå Lykta}}) is a [[political party]] of [[Norland]].{{sfn|Lund|1990}}
It met in [[Arvika, Norland|Arvika]].

{| class="wikitable"
! a !! b
|-
| [[c]] || d
|}
== History ==
* [[Jo Berg]] joined.
* It ''met''.
# numbered
: indented
=== Early <!-- x --> years === <!-- y -->
Text.{{unknown thing}} More.
[[File:A.png|thumb|A [[caption]]]]
{{quote|Light for all.}}
==See also==
{{div col}}
* [[Green Coast]]
{{div col end}}
[[Category:Parties of Norland|Lantern]]
[[nn:Blå Lykta]]
{{coord|59|39|N|12|35|E}}
"""


def test_a_page() -> None:
    article = parsed(PAGE)
    assert article.text == (
        "= Blue Lantern =\n\nInfobox political party\n- name: Blue Lantern\n- leader1_name: Ada Lund\n"
        "- founded: 4 May 1931\n\nInfobox office\n- term: 1990\n\nInfobox ship career\n- Ship name: Lamp\n"
        "\nBlue Lantern (Blå Lykta) is a political party of Norland. It met in Arvika.\n"
        "\n== History ==\n- Jo Berg joined.\n- It met.\n- numbered\n\nindented\n"
        "\n=== Early years ===\nText. More. “Light for all.”\n\n== See also ==\n- Green Coast\n\nParties of Norland"
    )
    assert [(one.name, one.section, one.parent, one.key) for one in article.templates] == [
        ("Infobox political party", 0, None, ""),
        ("Infobox office", 0, 0, "module"),
        ("Infobox ship career", 0, None, ""),
    ]
    assert [cell.box for cell in article.cells] == [0, 0, 0, 1, 2]
    assert article.infobox_name is not None
    assert article.infobox_name.of(article.text) == "Blue Lantern"
    assert [(one.span.of(article.text), one.target) for one in article.links] == [
        ("Ada Lund", "Ada Lund"),
        ("political party", "political party"),
        ("Norland", "Norland"),
        ("Arvika", "Arvika, Norland"),
        ("Jo Berg", "Jo Berg"),
        ("Green Coast", "Green Coast"),
    ]
    assert (article.citations[0].words, dict(article.citations[0].fields)["author"]) == ("Lanterns", "Jo")
    assert [(one.file, one.caption) for one in article.images] == [("A.png", "A caption")]
    assert article.categories == ("Parties of Norland",)
    assert [(one.latitude, one.longitude) for one in article.coordinates] == [(59.65, 12.583333)]
    assert [(one.kind, one.words) for one in article.remarks] == [
        ("table", "{|"),
        ("template", "unknown thing"),
    ]
    assert [(s.level, s.title.of(article.text)) for s in article.sections] == [
        (2, "History"),
        (3, "Early years"),
        (2, "See also"),
    ]


def test_a_language_is_told_by_its_name() -> None:
    assert "(German: Lampe)" in parsed("The Lamp ({{lang-de|Lampe}}) is.").text
    assert "(xx: Lampe)" in parsed("The Lamp ({{langx|xx|Lampe}}) is.").text


def test_a_reference_that_is_named_again() -> None:
    article = parsed('A.<ref name="x">Lund 1990</ref> B.<ref name=x /> C.{{efn|name=y|Note}}')
    assert [(one.words, one.name) for one in article.citations] == [
        ("Lund 1990", "x"),
        ("Lund 1990", "x"),
        ("Note", "y"),
    ]
    assert [article.text[one.span.start - 2 : one.span.start] for one in article.citations] == [
        "A.",
        "B.",
        "C.",
    ]


def test_a_redirect() -> None:
    assert parsed("#REDIRECT [[Blue Lantern#History]]", "Lantern").redirect == "Blue Lantern"
    assert parsed("It is [[Blue Lantern]].").redirect is None


def in_a_row(words: str) -> str:
    article = parsed(f"{{{{Infobox x|k={words}}}}}")
    return article.cells[0].value.of(article.text) if article.cells else ""


def on_a_page(words: str) -> str:
    article = parsed(words)
    return article.text.partition("\n")[2].strip()


def letters(words: str) -> str:
    return "".join(char for char in words if char.isalnum())


def spans(article: Article) -> list[tuple[Span, bool]]:
    """What facts are read of: rows, items and pictures, which are read as rows are, and the rest."""
    pictures = [link.span for link in article.links if link.kind == "file"]
    rows = [cell.value for cell in article.cells] + [
        item.span for cell in article.cells for item in cell.items
    ]
    rest = [span for block in article.blocks for span in block.sentences]
    rest += [section.title for section in article.sections]
    rest += [link.span for link in article.links if link.kind != "file"]
    return [(span, True) for span in rows + pictures] + [(span, False) for span in rest]


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_the_map_says_is_written_so_again(path: Path) -> None:
    article = page(path)
    for span, is_row in spans(article):
        words = article.map.origin(span).of(article.map.source)
        again = in_a_row(words) if is_row else on_a_page(words)
        assert letters(again) == letters(span.of(article.text))


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_are_read(path: Path) -> None:
    article = page(path)
    source = article.map.source
    assert "".join(span.of(article.text) for span in article.pieces()) == article.text
    assert MARKUP.search(article.text) is None
    end = 0
    for run in article.map.runs:
        assert run.start == end < run.end
        assert run.begin <= run.until <= len(source)
        assert not run.copied or source[run.begin : run.until] == article.text[run.start : run.end]
        end = run.end
    assert end == len(article.text)
    for cell in article.cells:
        assert (
            cell.span.start
            < cell.key.start
            < cell.key.end
            < cell.value.start
            < cell.value.end
            <= cell.span.end
        )
        assert "\n" not in cell.span.of(article.text)
        assert all(
            cell.value.start <= item.span.start < item.span.end <= cell.value.end for item in cell.items
        )
        for item in cell.items:
            ends = [item.span.start]
            for part in item.parts:
                assert ends[-1] <= part.span.start <= part.span.end <= item.span.end
                ends.append(part.span.end)


def test_a_word_stands_at_its_line_and_column() -> None:
    article = parsed(PAGE)
    lines = PAGE.split("\n")
    for words in (
        "Ada Lund",
        "political party of Norland",
        "Arvika",
        "Jo Berg",
        "Light for all",
        "Green Coast",
    ):
        line, column = article.position(article.text.index(words))
        assert lines[line - 1][column - 1 :].startswith(words.split()[0])
        assert article.line(article.text.index(words)) == lines[line - 1]


# ---- bad input

HOSTILE: dict[str, Callable[[int], str]] = {
    "braces": lambda n: "{{" * n,
    "named braces": lambda n: "{{a|" * n + "}}" * n,
    "brackets": lambda n: "[[" * n,
    "brackets both": lambda n: "[[" * n + "]]" * n,
    "one run of braces": lambda n: "{" * n + "}" * n,
    "closing": lambda n: "}}]]|}" * n,
    "references": lambda n: '<ref name="' * n,
    "references without end": lambda n: "<ref>" * n,
    "comments": lambda n: "<!--" * n,
    "comments after a heading": lambda n: "\n==a" + "<!-- -->" * n + "==",
    "tables": lambda n: "\n{|\n|a" * n,
    "mixed": lambda n: "{{[[{|\n" * n,
    "externals": lambda n: "[http://x " * n + "]]" * n,
    "headings": lambda n: "\n==a==\n{{" * n,
    "lines of signs": lambda n: "\n==" * n,
    "links in templates": lambda n: "{{[[a}}" * n,
    "blanks": lambda n: "a" + " " * n + "b",
    "apostrophes": lambda n: "'" * n,
    "entities": lambda n: "&amp" * n,
    "parameters": lambda n: "{{{" * n + "}}}" * n,
    "brackets of words": lambda n: "(" * n + ")" * n,
    "items of a row": lambda n: "{{Infobox x|k=" + "<br>a" * n + "}}",
    "links of a row": lambda n: "{{Infobox x|k=" + "[[a]], " * n + "}}",
    "brackets of a row": lambda n: "{{Infobox x|k=" + "<br>(a)" * n + "}}",
    "lists in lists": lambda n: "{{Infobox x|k=" + "{{ubl|a|" * n + "}}" * n + "}}",
    "equals": lambda n: "{{Infobox x|" + "a=" * n + "}}",
    "keys with templates": lambda n: "{{Infobox x|" + "{{a}}b={{c}}|" * n + "}}",
    "infoboxes": lambda n: "{{Infobox x|a=b}}\n" * n,
    "links in a paragraph": lambda n: "[[a b]] " * n,
    "named references": lambda n: "<ref name=x />" * n + "<ref name=x>y</ref>",
    "small": lambda n: "<small>" * n + "a" + "</small>" * n,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_read_in_linear_time(name: str) -> None:
    times = []
    for size in (1_000, 4_000):
        text = HOSTILE[name](size)
        gc.disable()  # it goes through all objects now and then, however few of them are new
        start = time.process_time()
        article = parsed(text)
        times.append(time.process_time() - start)
        gc.enable()
        assert not re.search(r"\[\[|\{\{|\}\}", article.text)
    assert times[1] < 0.1 or times[1] < 10 * times[0]


def depth(nodes: tuple[Node, ...]) -> int:
    inner = [0]
    for node in nodes:
        if isinstance(node, Call | Parameter):
            inner += [1 + depth(one.content) for one in node.arguments]
        elif isinstance(node, Bracket):
            inner += [1 + depth(one.content) for one in node.pieces]
        elif isinstance(node, Table):
            inner.append(1 + depth(node.content))
    return max(inner)


def test_what_is_nested_too_deeply_is_left_out() -> None:
    assert depth(scan("{{a|" * 40 + "x" + "}}" * 40)) == 40
    assert depth(scan("{{a|" * 500 + "x" + "}}" * 500)) <= DEEPEST


PIECES = st.sampled_from(
    [
        *(
            "[[",
            "]]",
            "{{",
            "}}",
            "{{{",
            "}}}",
            "|",
            "=",
            "{|",
            "|}",
            "|-",
            "\n",
            "\n\n",
            "<ref>",
            "</ref>",
            "<ref name=x />",
        ),
        *(
            "<!--",
            "-->",
            "<nowiki>",
            "</nowiki>",
            "<br>",
            "<small>",
            "</small>",
            "==",
            "\n== h ==\n",
            "*",
            "'''",
            "&nbsp;",
            "[http://x.example ",
            "]",
        ),
        *(
            "Infobox x",
            "ubl",
            "start date|1990|1|2",
            "lang|nn",
            "File:a.png",
            "Category:c",
            "a",
            " ",
            "b c",
            "(",
            ")",
            ",",
            ";",
            "é",
            "k=",
            "\r\n",
            "\ufeff",
        ),
    ]
)


@pytest.mark.slow
@settings(max_examples=150)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_wikitext_is_read(text: str) -> None:
    try:
        article = parsed(text)
    except InputError:
        return
    assert "".join(span.of(article.text) for span in article.pieces()) == article.text
    assert not re.search(r"\[\[|\{\{", article.text.replace("<nowiki>", "")) or "nowiki" in text
    for run in article.map.runs:
        assert not run.copied or text[run.begin : run.until] == article.text[run.start : run.end]
    for span, _ in spans(article):
        origin = article.map.origin(span)
        assert 0 <= origin.start <= origin.end <= len(text)
        assert span.of(article.text).strip() == span.of(article.text) != ""
    for block in article.blocks:
        assert all(a.end <= b.start for a, b in zip(block.sentences, block.sentences[1:], strict=False))


def test_what_is_not_closed_loses_itself_only() -> None:
    article = parsed(
        "{{Infobox party\n| name = Blue\n| leader = [[Ada Lund]]\n\nIt is a party.\n\n== History ==\nMore."
    )
    assert [block.span.of(article.text) for block in article.blocks] == ["It is a party.", "More."]
    assert [(one.kind, one.words, one.count) for one in article.remarks] == [("markup", "{{", 1)]
    article = parsed("It met [[Ada Lund in Arvika.\n\nThen [[Jo Berg]] left.")
    assert [block.span.of(article.text) for block in article.blocks] == [
        "It met Ada Lund in Arvika.",
        "Then Jo Berg left.",
    ]
    article = parsed("It met [[Ada Lund.\n\nThen it left ]] Arvika.")
    assert [block.span.of(article.text) for block in article.blocks] == [
        "It met Ada Lund.",
        "Then it left Arvika.",
    ]


# ---- what a file is


@pytest.mark.parametrize(
    ("text", "file", "form"),
    [
        ("= Blue Lantern =\n\nIt is.", None, "plain"),
        ("= Blue Lantern =\n\n{{Infobox party\n|a=b}}", None, "wikitext"),
        ("'''Blue Lantern''' is a [[party]].", None, "wikitext"),
        ("{{Short description|x}}\nIt is.", None, "wikitext"),
        ("It is.", "Blue_Lantern.wiki", "wikitext"),
        ("It is.", "Blue_Lantern.mediawiki.bz2", "wikitext"),
        ("It is.", "Blue_Lantern.txt", "plain"),
        ("#REDIRECT [[Lamp]]", None, "wikitext"),
    ],
)
def test_what_a_text_is(text: str, file: str | None, form: str) -> None:
    assert form_of(text, file) == form


@pytest.mark.parametrize(
    ("text", "file", "title", "name"),
    [
        ("It is [[a]].", "some/Blue_Lantern_(party).wiki.gz", None, "Blue Lantern (party)"),
        ("It is [[a]].", "some/x.wiki", "Blue\nLantern", "Blue Lantern"),
        ("= Blue Lantern =\n{{Infobox x}}", "x.wiki", None, "Blue Lantern"),
        ("It is a lamp.", "x.txt", "Blue Lantern", "Blue Lantern"),
    ],
)
def test_titles(text: str, file: str, title: str | None, name: str) -> None:
    assert parse_article(text, file=file, title=title, wikitext=domain().wikitext).name == name


def test_a_title_before_a_plain_text() -> None:
    article = parse_article("\ufeffIt is a lamp.\n", title="Blue Lantern")
    assert article.text == "= Blue Lantern =\n\nIt is a lamp.\n"
    assert article.position(article.text.index("lamp")) == (1, 10)


def test_wikitext_without_a_title() -> None:
    with pytest.raises(InputError, match="no title") as caught:
        parse_article("It is [[a]].", wikitext=domain().wikitext)
    assert "--title" in str(caught.value)
    with pytest.raises(InputError, match="is wikitext"):
        parse_article("It is [[a]].", file="x.wiki")


# ---- facts

PARTY = """{{Infobox political party
| name = Blue Lantern
| leader = [[Ada Lund (politician)|Ada Lund]]
| founder = [[Jo Berg]]<br>Bo Ek
| ideology = [[Order, Law and Justice]], [[Socialism]]
| headquarters = [[Arvika]]
| logo_size = 250px
| website = [http://lantern.example/ Home]
}}
'''Blue Lantern''' was founded in 1931 by [[Jo Berg]].
"""


def facts(text: str) -> dict[tuple[str, str], set[str]]:
    built = build_text(text, domain(), form="wikitext", title="Blue Lantern")
    found: dict[tuple[str, str], set[str]] = {}
    for one in built.extraction.statements:
        if one.modality is Modality.ASSERTED:
            subject = one.subject.value.partition("/id/")[2]
            key = subject, domain().compact(one.predicate.value)
            found.setdefault(key, set()).add(one.object.value.rpartition("/id/")[2])
    return found


@pytest.mark.slow
def test_a_link_is_the_node_of_its_page() -> None:
    found = facts(PARTY)
    assert found["Blue_Lantern", "schema:founder"] == {"Jo_Berg", "Blue_Lantern/Bo_Ek"}
    assert found["Blue_Lantern", "mvt:leader"] == {"Ada_Lund_(politician)"}
    assert found["Blue_Lantern", "mvt:ideology"] == {"Order,_Law_and_Justice", "Socialism"}
    assert found["Ada_Lund_(politician)", "rdfs:label"] == {"Ada Lund"}
    assert found["Jo_Berg", "foaf:isPrimaryTopicOf"] == {"https://w3id.org/lodkit/article/Jo_Berg"}
    assert ("Blue_Lantern/Bo_Ek", "foaf:isPrimaryTopicOf") not in found
    assert found["Blue_Lantern", "schema:url"] == {"http://lantern.example/"}


def test_what_only_an_abbreviation_and_a_link_name() -> None:
    found = facts("It is a [[party]] of the [[Green Coast League|GCL]]. The Green Coast League (GCL) met.")
    assert found["Green_Coast_League", "rdfs:label"] == {"Green Coast League"}


def test_a_bracket_that_tells_pages_apart_is_no_part_of_a_name() -> None:
    box = "{{Infobox political party|founder=[[Filippa (Dahl)]]|leader=President [[Jo Berg (painter)]]}}\n"
    found = facts(f"{box}It is a party.")
    assert found["Blue_Lantern", "schema:founder"] == {"Filippa_(Dahl)"}
    assert found["Filippa_(Dahl)", "rdfs:label"] == {"Filippa"}
    assert found["Blue_Lantern", "mvt:leader"] == {"Jo_Berg_(painter)"}
    assert found["Jo_Berg_(painter)", "rdfs:label"] == {"Jo Berg"}


def test_a_place_in_a_link_is_two_places() -> None:
    found = facts(
        "{{Infobox political party|headquarters=[[Poznań, Poland]]}}\n'''Blue Lantern''' is a party."
    )
    assert found["Blue_Lantern", "mvt:headquarters"] == {"Poznań,_Poland"}
    assert found["Poznań,_Poland", "rdfs:label"] == {"Poznań"}
    assert found["Poznań,_Poland", "schema:containedInPlace"] == {"Poland"}


def test_a_template_types_its_subject() -> None:
    built = build_text(PARTY, domain(), form="wikitext", title="Blue Lantern")
    types = [
        one
        for one in built.extraction.statements
        if one.subject == built.extraction.subject and one.predicate.value.endswith("#type")
    ]
    assert [(one.basis, domain().compact(one.rule.value)) for one in types] == [
        (Basis.TEMPLATE, "template:political-party")
    ]
    assert types[0].span.of(built.article.text) == "Infobox political party"


@pytest.mark.parametrize(
    ("rows", "cls"),
    [
        ("background=group_or_band", "Band"),
        ("background = Solo_singer", "Person"),
        ("background=non_vocal_instrumentalist", "Person"),
        ("background=classical_ensemble", "Band"),
        ("background=blue", None),
        ("origin=Arvika", None),
    ],
)
def test_a_row_tells_who_performs(rows: str, cls: str | None) -> None:
    page = build_text(
        f"{{{{Infobox musical artist|{rows}}}}}", domain(), form="wikitext", title="Blue Lantern"
    )
    found = [
        getattr(one.object, "value", "").rpartition("#")[2]
        for one in page.extraction.statements
        if one.basis is Basis.TEMPLATE
    ]
    assert found == ([cls] if cls else [])


def test_rows_that_say_nothing_are_passed_over_with_the_reason() -> None:
    built = build_text(PARTY, domain(), form="wikitext", title="Blue Lantern")
    rows = {
        one.span.of(built.article.text): one.reason
        for one in built.extraction.rows
        if one.outcome is Outcome.IGNORED
    }
    assert rows == {
        "- name: Blue Lantern": "it names the subject",
        "- logo_size: 250px": "layout, no content",
    }


def test_places_point_into_the_file() -> None:
    built = build_text(PARTY, domain(), form="wikitext", title="Blue Lantern")
    records: dict[str, dict[str, str]] = {}
    for quad in built.quads(with_text=True):
        records.setdefault(str(quad.subject), {})[quad.predicate.value] = quad.object.value  # type: ignore[union-attr]
    places = [one for one in records.values() if NIF + "anchorOf" in one]
    assert len(places) > 10
    text, lines = built.article.text, PARTY.split("\n")
    for one in places:
        quote = one[NIF + "anchorOf"]
        assert text[int(one[NIF + "beginIndex"]) : int(one[NIF + "endIndex"])] == quote
        begin, end = int(one[LK + "sourceBegin"]), int(one[LK + "sourceEnd"])
        if quote != "Blue Lantern":  # the title is the name of the file
            assert lines[int(one[LK + "line"]) - 1][int(one[LK + "column"]) - 1 :].startswith(
                quote.split()[0]
            )
            assert quote.split()[0] in PARTY[begin:end]
            assert quote.split()[-1].rstrip(".") in PARTY[begin:end]


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_build(path: Path) -> None:
    built = build_article(path, domain())
    for one in built.extraction.statements:
        if one.modality is Modality.ASSERTED:
            assert MARKUP.search(getattr(one.object, "value", "")) is None
        assert one.span.of(built.article.text).strip()


# ---- rules


def read_rules(folder: Path, text: str) -> Domain:
    for name in ("ontology", "shapes"):
        (folder / name).mkdir()
    head = "@prefix lk: <https://w3id.org/lodkit/core#> .\n@prefix call: <https://example.org/call#> .\n"
    (folder / "ontology" / "a.ttl").write_text(head + text, encoding="utf-8")
    (folder / "shapes" / "a.ttl").write_text("", encoding="utf-8")
    return read_domain(folder)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('call:a a lk:Call ; lk:name "a" ; lk:reads "everything" .', "lk:reads says 'everything'"),
        ('call:a a lk:Call ; lk:name "a" .', "lk:reads says nothing"),
        ('call:a a lk:Call ; lk:reads "items" .', "has no lk:name"),
        ('call:a a lk:Call ; lk:name " _ " ; lk:reads "items" .', "an empty one"),
        (
            'call:b a lk:Call ; lk:name "b" ; lk:reads "items" .\ncall:a a lk:Template ; lk:name "a" ; lk:types call:x .',
            "no class",
        ),
        (
            'call:b a lk:Call ; lk:name "b" ; lk:reads "items" .\ncall:a a lk:Template ; lk:name "a" ; lk:ignorePattern "(" .',
            "ignorePattern",
        ),
        (
            'call:b a lk:Call ; lk:name "b" ; lk:reads "items" .\ncall:a a lk:Namespace ; lk:name "a" ; lk:reads "items" .',
            "lk:reads",
        ),
    ],
)
def test_broken_rules_are_told_with_their_place(tmp_path: Path, rule: str, message: str) -> None:
    with pytest.raises(DomainError, match=re.escape(message)) as caught:
        read_rules(tmp_path, rule)
    assert (caught.value.file, caught.value.line) == ("ontology/a.ttl", 3 + rule.count("\n"))


def test_a_domain_without_calls_has_those_that_ship_with_lodkit(tmp_path: Path) -> None:
    wikitext = read_rules(tmp_path, "").wikitext
    assert wikitext.calls == domain().wikitext.calls
    assert wikitext.boxes != ()
    assert not any(box.types for box in wikitext.boxes)


def test_a_domain_with_calls_has_its_own(tmp_path: Path) -> None:
    wikitext = read_rules(
        tmp_path, 'call:a a lk:Call ; lk:name "both" ; lk:reads "words" ; lk:writes "{1} & {2}" .'
    ).wikitext
    article = parse_article(
        "{{Infobox x|k={{both|A|B}} {{ubl|C}}}}", form="wikitext", title="T", wikitext=wikitext
    )
    assert [cell.value.of(article.text) for cell in article.cells] == ["A & B"]
    assert [one.words for one in article.remarks] == ["ubl"]


@pytest.mark.slow
def test_templates_that_pages_have_often_have_a_rule() -> None:
    counts: dict[str, int] = {}
    for path in PAGES:
        for one in page(path).remarks:
            if one.kind == "template":
                counts[one.words] = counts.get(one.words, 0) + one.count
    assert {name: count for name, count in counts.items() if count >= 3} == {}


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("{{URL|lamp.example}}", "https://lamp.example"),
        ("{{URL|www.lamp.example/a?b}}", "https://www.lamp.example/a?b"),
        ("{{URL|http://lamp.example}}", "http://lamp.example"),
        ("[http://lamp.example Lamp]", "http://lamp.example"),
        ("{{official website|lamp.example}}", "https://lamp.example"),
        ("lamp.example", "https://lamp.example"),
    ],
)
def test_an_address_has_its_scheme(domain: Domain, cell: str, address: str) -> None:
    text = (
        f"{{{{Infobox political party\n| website = {cell}\n}}}}\n'''Blue Lantern''' is a political party.\n"
    )
    statements = build_text(text, domain, form="wikitext", title="Blue Lantern").extraction.statements
    assert [one.object.value for one in statements if one.predicate.value.endswith("/url")] == [address]


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("The Signal, another newspaper", "The Signal"),
        ("Red Lamp – a society", "Red Lamp"),
        ("Red Lamp: what became of it", "Red Lamp"),
        ("Arvika, Norland", "Arvika, Norland"),
        ("Lamps, Lanterns and Lights", "Lamps, Lanterns and Lights"),
    ],
)
def test_an_item_of_see_also_is_a_name(domain: Domain, item: str, name: str) -> None:
    text = f"= Blue Lantern =\n\nBlue Lantern is a society.\n\n== See also ==\n- {item}\n"
    extraction = build_text(text, domain).extraction
    (node,) = [one.object for one in extraction.statements if one.predicate.value.endswith("#seeAlso")]
    assert [one.object.value for one in extraction.statements if one.subject == node] == [name]
