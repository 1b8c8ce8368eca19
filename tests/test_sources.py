"""The same page as wikitext, in an export, in the answers of APIs and as HTML; and what is no page."""

from __future__ import annotations

import bz2
import gc
import json
import random
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from tests.sampled import mostly_slow

from lodkit.build import Built, Pages, build_article, build_pages, build_text
from lodkit.cli import main
from lodkit.domain import Domain
from lodkit.errors import InputError
from lodkit.source.hypertext.markup import pieces
from lodkit.statement import Span

HERE = Path(__file__).parent
SOURCES = HERE / "sources"
BROKEN = tomllib.loads((SOURCES / "broken.toml").read_text("utf-8"))["file"]
TEXTS = {
    path.stem.replace("_", " "): path.read_text("utf-8")
    for path in [
        SOURCES / "Blue_Lantern.wiki",
        *sorted((HERE / "wikitext" / "pages").glob("*.wiki"))[:3],
        *sorted((HERE / "wikitext").glob("*.wiki"))[:3],
    ]
    if path.is_file()
}


def page_of(title: str, text: str, number: int, more: str = "") -> str:
    return (
        f"<page>\n <title>{escape(title)}</title>\n <ns>0</ns>\n <id>{number}</id>\n{more}"
        f" <revision><id>{1000 + number}</id><contributor><username>A</username><id>7</id></contributor>"
        f'<model>wikitext</model>\n  <text xml:space="preserve">{escape(text)}</text></revision>\n</page>\n'
    )


def export_of(*parts: str) -> str:
    head = (
        '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">\n'
        "<siteinfo><sitename>W</sitename><base>https://en.wikipedia.org/wiki/Main_Page</base></siteinfo>\n"
    )
    return f"{head}{''.join(parts)}</mediawiki>\n"


def whole_export() -> str:
    talk = "<page><title>Talk:X</title><ns>1</ns><id>98</id><revision><text>It is.</text></revision></page>\n"
    led = page_of("Lund, Ada", "#REDIRECT [[Ada Lund]]", 99, ' <redirect title="Ada Lund" />\n')
    pages = [page_of(title, text, number) for number, (title, text) in enumerate(TEXTS.items())]
    return export_of(*pages, talk, led)


def answer(form: str) -> Any:
    if form == "query":
        slots = [
            {"title": t, "revisions": [{"revid": 5, "slots": {"main": {"content": w}}}]}
            for t, w in TEXTS.items()
        ]
        return {"batchcomplete": True, "query": {"pages": slots}}
    if form == "query-1":
        pages = {str(n): {"title": t, "revisions": [{"*": w}]} for n, (t, w) in enumerate(TEXTS.items())}
        return {"query": {"pages": pages}}
    if form == "enterprise":
        return [
            {"name": t, "version": {"identifier": 5}, "article_body": {"wikitext": w}}
            for t, w in TEXTS.items()
        ]
    title, text = next(iter(TEXTS.items()))
    if form == "parse":
        return {"parse": {"title": title, "revid": 5, "wikitext": {"*": text}}}
    return {"title": title, "latest": {"id": 5}, "license": {"url": "https://l.example/"}, "source": text}


FORMS: dict[str, Callable[[Path], Path]] = {}


def form(name: str) -> Callable[[Callable[[], bytes]], None]:
    def keep(made: Callable[[], bytes]) -> None:
        def write(folder: Path) -> Path:
            (folder / name).write_bytes(made())
            return folder / name

        FORMS[name] = write

    return keep


form("dump.xml")(lambda: whole_export().encode())
form("dump.xml.bz2")(
    lambda: b"".join(bz2.compress(whole_export().encode()[at : at + 3000]) for at in range(0, 10**6, 3000))
)
form("query.json")(lambda: json.dumps(answer("query")).encode())
form("query-1.json")(lambda: json.dumps(answer("query-1"), ensure_ascii=False, indent=1).encode())
form("parse.json")(lambda: json.dumps(answer("parse")).encode())
form("rest.json")(lambda: b"\xef\xbb\xbf" + json.dumps(answer("rest"), ensure_ascii=False).encode())
form("enterprise.json")(lambda: json.dumps(answer("enterprise")).encode())
form("enterprise.ndjson")(lambda: "\n".join(map(json.dumps, answer("enterprise"))).encode())


def built(file: Path, domain: Domain) -> list[Built]:
    found = list(build_pages(file, domain))
    assert not [page for page in found if isinstance(page, InputError)]
    return [page for page in found if isinstance(page, Built)]


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_a_page_says_the_same_in_every_file(name: str, domain: Domain, tmp_path: Path) -> None:
    file = FORMS[name](tmp_path)
    found = built(file, domain)
    assert len(found) == (1 if name in ("parse.json", "rest.json") else len(TEXTS))
    for one in found:
        page = one.article
        plain = tmp_path / f"{page.name.replace(' ', '_')}.wiki"
        plain.write_text(TEXTS[page.name], "utf-8")
        alone = build_article(plain, domain, title=page.name)
        assert alone.extraction.statements == one.extraction.statements
        assert len(one.extraction.statements) > 20


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_places_are_those_of_the_file(name: str, domain: Domain, tmp_path: Path) -> None:
    """Where a statement is said to stand in the file, the first character of its source stands."""
    file = FORMS[name](tmp_path)
    data = file.read_bytes()
    lines = (bz2.decompress(data) if name.endswith("bz2") else data).decode("utf-8").split("\n")
    for one in built(file, domain):
        article = one.article
        for statement in one.extraction.statements:
            origin = article.map.origin(Span(statement.span.start, statement.span.start)).start
            line, column = article.position(statement.span.start)
            char = article.map.source[origin]
            there = lines[line - 1][column - 1 :]
            noted = json.dumps(char)[1:-1] if "json" in name else escape(char)
            assert there.startswith((char, noted)), (char, there[:20], line, column)


def test_what_an_export_says_of_a_page(domain: Domain, tmp_path: Path) -> None:
    asked = Pages()
    found = list(build_pages(FORMS["dump.xml"](tmp_path), domain, asked=asked))
    first = found[0]
    assert isinstance(first, Built)
    assert first.source is not None
    assert (first.source.source, first.source.revision) == (
        "https://en.wikipedia.org/wiki/Blue_Lantern",
        "1000",
    )
    assert dict(asked.passed) == {"page of another namespace": 1, "redirect": 1}


def test_a_toml_beside_a_file_goes_first(domain: Domain, tmp_path: Path) -> None:
    file = FORMS["dump.xml"](tmp_path)
    (tmp_path / "dump.toml").write_text('licence = "CC BY-SA 4.0"\nrevision = "2020-01-01"\n', "utf-8")
    source = built(file, domain)[0].source
    assert source is not None
    assert (source.licence, source.revision) == ("CC BY-SA 4.0", "2020-01-01")
    assert source.source == "https://en.wikipedia.org/wiki/Blue_Lantern"


def test_links_go_where_redirects_lead(domain: Domain, tmp_path: Path) -> None:
    text = "'''Blue Lantern''' is a political party. It was founded by [[Lund, Ada|her]] in 1996."
    led = page_of("Lund, Ada", "#REDIRECT [[Ada Lund]]", 2, ' <redirect title="Ada Lund" />\n')
    (tmp_path / "d.xml").write_text(export_of(page_of("Blue Lantern", text, 1), led), "utf-8")
    (one,) = built(tmp_path / "d.xml", domain)
    assert [link.target for link in one.article.links] == ["Ada Lund"]


def test_one_broken_page_stops_no_other(
    domain: Domain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "'''Blue Lantern''' is a political party."
    twice = page_of("Red Lantern", text, 1)
    (tmp_path / "d.xml").write_text(export_of(page_of("Blue Lantern", text, 1), twice), "utf-8")
    assert main(["build", str(tmp_path / "d.xml"), "-o", f"{tmp_path}/out/"]) == 5
    assert "the page 'Red Lantern' has an id that one before it has" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["Blue_Lantern.trig"]


def facts(page: Built) -> set[tuple[Any, ...]]:
    return {one.triple for one in page.extraction.statements if one.modality == "asserted"}


@pytest.mark.parametrize("name", ["Blue_Lantern.html", "Blue_Lantern.parsoid.html"])
def test_html_says_what_its_wikitext_says(name: str, domain: Domain) -> None:
    """But for the address of the website, which the wikitext has with its slash."""
    shown, source = (build_article(SOURCES / one, domain) for one in (name, "Blue_Lantern.wiki"))
    missing, more = facts(source) - facts(shown), facts(shown) - facts(source)
    assert {predicate.value.rpartition("/")[2] for _, predicate, _ in missing} <= {
        "url",
        "movement#nativeName",
    }
    assert {predicate.value.rpartition("/")[2] for _, predicate, _ in more} <= {"url"}
    assert len(facts(shown)) > 40
    article = shown.article
    assert "Nobody" not in article.text
    assert article.categories == ("Political parties in Sweden",)
    assert [one.words for one in article.citations] == [
        '"What we want".',
        "Parties. North.",
        '"What we want".',
    ]
    assert (article.language, article.origin.url) == ("en", "https://en.wikipedia.org/wiki/Blue_Lantern")


@pytest.mark.parametrize("name", ["Blue_Lantern.html", "Blue_Lantern.parsoid.html"])
def test_quotes_of_html_stand_where_they_are_said_to(name: str, domain: Domain) -> None:
    page = build_article(SOURCES / name, domain)
    source = (SOURCES / name).read_text("utf-8")
    for one in page.extraction.statements:
        if one.span == page.article.title:  # which the reader puts on top
            continue
        words = one.span.of(page.article.text)
        origin = page.article.map.origin(one.span).of(source)
        first, last = words.strip(", ").split()[0], words.strip(", ").split()[-1]
        assert first[:3] in origin
        assert last[-3:] in origin.replace("&amp;", "&")


HOSTILE: dict[str, Callable[[int], str]] = {
    "open": lambda n: "<" * n,
    "tags without an end": lambda n: "<a " * n,
    "comments": lambda n: "<!--" * n,
    "elements": lambda n: "<div>" * n,
    "ends": lambda n: "</p>" * n,
    "boxes": lambda n: "<table class=infobox><tr><th>K</th><td>" * n,
    "scripts": lambda n: "<script>" * n,
    "references": lambda n: "<sup class=reference><a href=#x>" * n,
    "links": lambda n: "<a href=/wiki/X>" * n,
    "items": lambda n: "<ul><li>x" * n,
    "characters": lambda n: "&amp" * n,
    "attributes": lambda n: f"<p {'a=b ' * n}>x</p>",
    "an attribute": lambda n: f'<p title="{"x" * 100 * n}">It was founded in 1996.</p>',
    "titles": lambda n: "<h1>" * n + "<title>" * n,
}


@pytest.mark.parametrize("name", mostly_slow(HOSTILE))
def test_hostile_html_is_read_in_linear_time(name: str, domain: Domain) -> None:
    times = []
    for size in (1_000, 4_000):
        text = f"<html><head><title>X</title></head><body>{HOSTILE[name](size)}"
        gc.disable()
        start = time.process_time()
        build_text(text, domain, form="html")
        times.append(time.process_time() - start)
        gc.enable()
    assert times[1] < 0.3 or times[1] < 12 * times[0]


WORDS = (
    "< </ > <table> <table class=infobox> <tr> <th> <td> </td> </th> </tr> </table> <p> </p> <li> <h2> </h2>"
    " <a_href='/wiki/A'> </a> text_ It_was_founded_in_1996._ <br> <sup_class=reference> </sup> &amp; &#0; <!-- -->"
    " <script> </script> <small> </small> <img_resource='./File:X.png'> <div_class='mw-parser-output'> <i_lang=xx>"
).split()


@pytest.mark.slow
def test_any_html_is_read(domain: Domain) -> None:
    chosen = random.Random(1)
    for _ in range(150):
        words = (chosen.choice(WORDS).replace("_", " ") for _ in range(chosen.randint(1, 60)))
        article = build_text(f"<html><title>X</title>{''.join(words)}", domain, form="html").article
        assert "".join(piece.of(article.text) for piece in article.pieces()) == article.text
        assert "<!--" not in article.text


def test_pieces_leave_nothing_out_but_comments() -> None:
    text = "a<p class='x'>b&amp;<!-- c --><br/>d</p><script>if (a < b) {}</script>e<f"
    found = list(pieces(text))
    assert "".join(text[one.start : one.end] for one in found) == text.replace("<!-- c -->", "")


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case['name']}: {case['says'][:50]}")
def test_what_is_no_page(case: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / case["name"]).write_text(case["text"], "utf-8")
    code = main(["build", str(tmp_path / case["name"]), "--no-validate", "-o", str(tmp_path / "out.nq")])
    said = capsys.readouterr().err
    assert (code, case["says"] in said, "Traceback" in said) == (case["code"], True, False), said


def test_a_cut_stream_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = bz2.compress(whole_export().encode())
    (tmp_path / "d.xml.bz2").write_bytes(data[: len(data) // 2])
    assert main(["build", str(tmp_path / "d.xml.bz2"), "-o", f"{tmp_path}/out/", "--no-validate"]) in (3, 5)
    assert "d.xml.bz2" in capsys.readouterr().err


@pytest.mark.slow
def test_commands_take_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(FORMS["query.json"](tmp_path))
    assert main(["validate", file]) in (0, 1)
    assert f"in all: {len(TEXTS)} data sets" in capsys.readouterr().out
    assert main(["check", "--usage", file, "--fail-on", "violation"]) == 0
    assert main(["build", file, "-o", str(tmp_path / "out.nq")]) == 0
    assert main(["verify", str(tmp_path / "out.nq"), file]) == 0


def test_a_folder_with_other_json_in_it(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "lodkit"}', "utf-8")
    FORMS["parse.json"](tmp_path)
    assert main(["build", str(tmp_path), "-o", f"{tmp_path}/out/", "--no-validate"]) == 0


@pytest.mark.slow
def test_memory_does_not_grow_with_the_pages(tmp_path: Path) -> None:
    script = (
        "import sys, resource; from lodkit.source import Reading, read_articles; from lodkit.domain import read_domain;"
        "d = read_domain(); n = sum(1 for _ in read_articles(sys.argv[1], Reading(wikitext=d.wikitext)));"
        "print(n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    text = TEXTS["Blue Lantern"]
    peaks = []
    for count in (200, 2000):
        file = tmp_path / f"{count}.xml"
        file.write_text(export_of(*(page_of(f"Party {n}", text, n) for n in range(count))), "utf-8")
        done = subprocess.run(
            [sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True
        )
        read, peak = map(int, done.stdout.split())
        assert read == count
        peaks.append(peak)
    assert peaks[1] < peaks[0] + 8_000, peaks


ODD_LANGUAGES = {
    "html": '<html lang="no good!"><title>X</title><p>X is a political party founded in 1996.</p>\n',
    "html of a value": "<html><title>X</title><table class=infobox><tr><th>Native name</th>"
    '<td><i lang="no good!">Blå</i></td></tr></table><p>X is a political party.</p>\n',
    "wikitext": "{{Infobox political party\n| native_name = {{lang|no good!|Blå}}\n}}\nX is a political party.\n",
}


@pytest.mark.parametrize("name", ODD_LANGUAGES)
def test_a_language_that_is_none_is_not_taken(name: str, domain: Domain) -> None:
    form = name.partition(" ")[0]
    page = build_text(ODD_LANGUAGES[name], domain, form=form, title="X")
    tags = {getattr(one.object, "language", None) for one in page.extraction.statements}
    assert tags <= {None, "en", "und"}


def test_a_question_reads_no_articles() -> None:
    code = "import sys; from lodkit.cli import main; main(['query', 'founders']); print('lodkit.source' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
