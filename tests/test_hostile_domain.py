"""A domain folder of others may give wrong facts, but never fetches, hangs or crashes: what is wrong with it is one
line with file and line.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, MappingProxyType
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from lodkit.build import build_article
from lodkit.check import check_examples
from lodkit.cli.check import check_queries
from lodkit.domain import read_domain
from lodkit.errors import DomainError, InputError, LodkitError, QueryError
from lodkit.limits import reset_limits, set_limits
from lodkit.lint import MOST_PROBLEMS, lint_shapes
from lodkit.query import bundled_dataset, catalogue
from lodkit.query.header import parse_header
from lodkit.query.layout import wrap
from lodkit.validate import validate

pytestmark = pytest.mark.slow

LIGHTS = Path(__file__).parent / "second_domain"
ARTICLE = LIGHTS / "articles" / "Gull_Head_Light.txt"
ONTOLOGY, LEXICON, SHAPES = "ontology/lighthouse.ttl", "ontology/lexicon.ttl", "shapes/lighthouse.ttl"
GAZETTEER, QUERY = "ontology/gazetteer.tsv", "queries/keepers.rq"

Change = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the second domain to break."""
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(LIGHTS / part, tmp_path / "domain" / part)
    return tmp_path / "domain"


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """End what hangs."""

    def end(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def add(file: str, text: str) -> Change:
    def change(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as out:
            out.write(text)

    return change


def shapes(text: str) -> Change:
    return add(SHAPES, f"\n{text}\n")


def ontology(text: str) -> Change:
    return add(ONTOLOGY, f"\n{text}\n")


def lexicon(text: str) -> Change:
    return add(LEXICON, f"\n{text}\n")


def put(file: str, data: bytes) -> Change:
    return lambda folder: (folder / file).write_bytes(data)


def recode(file: str, encoding: str) -> Change:
    def change(folder: Path) -> None:
        text = (
            (folder / file)
            .read_text("utf-8")
            .replace("Gull", "Güll")
            .replace("Ada", "Adå")
            .replace("it.", "ît.")
        )
        (folder / file).write_bytes(f"{text}\n# é\n".encode(encoding))

    return change


def pattern(text: str, flags: str = "") -> Change:
    flag = f" ; sh:flags {Literal(flags)}" if flags else ""
    return shapes(f"shape:Light-range sh:pattern {Literal(text)}{flag} .")


def nested(start: str, opening: str, inner: str, closing: str, depth: int) -> str:
    return start + opening * depth + inner + closing * depth


def phrase(notation: str) -> Change:
    return lexicon(f"rule:odd a lk:Phrase ; lk:fills shape:Light ; lk:pattern {Literal(notation)} .")


LINK = {"in a folder": ONTOLOGY, "a query": "queries/tall.rq", "the gazetteer": GAZETTEER, "shapes": SHAPES}


def link_out(file: str) -> Change:
    def change(folder: Path) -> None:
        outside = folder.parent / "outside"
        shutil.move(folder / file, outside)
        (folder / file).symlink_to(outside)

    return change


def replaced(file: str, make: Callable[[Path], object]) -> Change:
    def change(folder: Path) -> None:
        (folder / file).unlink()
        make(folder / file)

    return change


def linked_folder(folder: Path) -> None:
    shutil.move(folder / "shapes", folder.parent)
    (folder / "shapes").symlink_to("../shapes")


def file_for_folder(folder: Path) -> None:
    shutil.rmtree(folder / "shapes")
    (folder / "shapes").write_text("x", "utf-8")


def bind_socket(path: Path) -> None:
    """Make a socket; its name may have no more than 107 bytes when it is made."""
    with tempfile.TemporaryDirectory(prefix="s") as short, socket.socket(socket.AF_UNIX) as made:
        made.bind(f"{short}/s")
        Path(short, "s").rename(path)


SERVICE = "SERVICE <http://127.0.0.1:9/x> { ?a ?b ?c }"

# What is broken: the change, and what the one line says, from the file on.
BROKEN: dict[str, tuple[Change, str]] = {
    # ---- patterns
    "pattern: back-reference": (
        pattern(r"^(a+)\1$"),
        rf"{SHAPES}:\d+: \S*Light-range: sh:pattern .* refers back",
    ),
    "pattern: word boundary": (pattern(r"\bfoo"), rf"{SHAPES}:\d+: .*cannot stand there"),
    "pattern: look ahead": (pattern("a(?=b)"), rf"{SHAPES}:\d+: .*cannot stand there"),
    "pattern: inline flags": (pattern("(?i)a"), rf"{SHAPES}:\d+: .*cannot stand there"),
    "pattern: class of another dialect": (pattern("[[:alpha:]]"), rf"{SHAPES}:\d+: .*cannot stand there"),
    "pattern: Unicode block": (pattern(r"\p{IsGreek}"), rf"{SHAPES}:\d+: .*cannot stand there"),
    "pattern: open bracket": (pattern("(a"), rf"{SHAPES}:\d+: .*brackets do not match"),
    "pattern: 300 brackets": (pattern("(" * 300 + ")" * 300), rf"{SHAPES}:\d+: .*too large"),
    "pattern: a million states": (pattern("(a{1000}){1000}"), rf"{SHAPES}:\d+: .*too large"),
    "pattern: long": (pattern("a" * 100_000), rf"{SHAPES}:\d+: .*longer than 2000 characters"),
    "pattern: unknown flag": (pattern("a", "g"), rf"{SHAPES}:\d+: .*unknown flag 'g'"),
    "pattern: an IRI": (
        shapes("shape:Light-range sh:pattern lh:x ."),
        rf"{SHAPES}:\d+: .*sh:pattern is not a text",
    ),
    "pattern: flags of an IRI": (
        shapes('shape:Light-range sh:pattern "a" ; sh:flags lh:x .'),
        rf"{SHAPES}:\d+: .*is not a text",
    ),
    "pattern: in a nested shape": (
        shapes(r'shape:Light-range sh:not [ sh:or ( [ sh:pattern "(a)\\1" ] ) ] .'),
        rf"{SHAPES}:\d+: \S*Light-range: .*refers back",
    ),
    # ---- lists
    "list: its own rest": (
        shapes('shape:Light-range sh:in _:l . _:l rdf:first "a" ; rdf:rest _:l .'),
        rf"{SHAPES}:\d+: .*list without an end",
    ),
    "list: back to an earlier cell": (
        shapes(
            'shape:Light-range sh:in _:a . _:a rdf:first "a" ; rdf:rest _:b . _:b rdf:first "b" ; rdf:rest _:a .'
        ),
        rf"{SHAPES}:\d+: .*used in 2 places",
    ),
    "list: a circle that nothing leads to": (
        shapes('_:a rdf:first "a" ; rdf:rest _:b . _:b rdf:first "b" ; rdf:rest _:a .'),
        rf"{SHAPES}:\d+: list without an end",
    ),
    "list: two rests": (
        shapes('shape:Light-range sh:in _:a . _:a rdf:first "a" ; rdf:rest () , ( "b" ) .'),
        rf"{SHAPES}:\d+: .*has 2 rdf:rest",
    ),
    "list: two values": (
        shapes('shape:Light-range sh:in _:a . _:a rdf:first "a" , "b" ; rdf:rest () .'),
        rf"{SHAPES}:\d+: .*has 2 rdf:first",
    ),
    "list: no value": (
        shapes("shape:Light-range sh:in _:a . _:a rdf:rest () ."),
        rf"{SHAPES}:\d+: .*has no rdf:first",
    ),
    "list: no rest": (
        shapes('shape:Light-range sh:in _:a . _:a rdf:first "a" .'),
        rf"{SHAPES}:\d+: .*has no rdf:rest",
    ),
    "list: rest is a literal": (
        shapes('shape:Light-range sh:in _:a . _:a rdf:first "a" ; rdf:rest "b" .'),
        rf"{SHAPES}:\d+: .*neither a list nor rdf:nil",
    ),
    "list: rest is not there": (
        ontology("[] owl:members [ rdf:first lh:Light ; rdf:rest lh:nothing ] ."),
        rf"{ONTOLOGY}:\d+: .*neither a list nor rdf:nil",
    ),
    "list: in two places": (
        shapes(
            'shape:Light-range sh:in _:a . shape:Light-state sh:in _:a . _:a rdf:first "a" ; rdf:rest () .'
        ),
        rf"{SHAPES}:\d+: .*used in 2 places",
    ),
    "list: of keys": (
        ontology("lh:Wreck owl:hasKey _:a . _:a rdf:first lh:near ; rdf:rest _:a ."),
        rf"{ONTOLOGY}:\d+: .*list without an end",
    ),
    # ---- paths
    "path: within itself": (
        shapes("shape:Odd a sh:PropertyShape ; sh:path _:p . _:p sh:inversePath _:p ."),
        rf"{SHAPES}:\d+: \S*Odd: sh:path has more than 32 paths",
    ),
    "path: within itself by way of a list": (
        shapes("shape:Odd sh:path _:p . _:p sh:alternativePath ( lh:on [ sh:zeroOrMorePath _:p ] ) ."),
        rf"{SHAPES}:\d+: \S*Odd: sh:path has more than",
    ),
    "path: 5,000 deep": (
        shapes(nested("shape:Odd sh:path ", "[ sh:inversePath ", "lh:on", " ]", 5000) + " ."),
        rf"{SHAPES}:\d+: \S*Odd: sh:path has more than 32 paths",
    ),
    "path: lists 5,000 deep": (
        shapes(nested("shape:Odd sh:path ", "( lh:on ", "lh:on", " )", 5000) + " ."),
        rf"{SHAPES}:\d+: \S*Odd: sh:path has more than 32 paths",
    ),
    "path: doubled thirty times": (
        shapes(
            "shape:Odd sh:path _:p0 . "
            + " ".join(f"_:p{i} sh:alternativePath ( _:p{i + 1} _:p{i + 1} ) ." for i in range(30))
            + " _:p30 sh:inversePath lh:on ."
        ),
        rf"{SHAPES}:\d+: \S*Odd: sh:path has more than 1000 steps",
    ),
    "path: a literal": (shapes('shape:Odd sh:path "x" .'), rf"{SHAPES}:\d+: \S*Odd: sh:path is not a path"),
    "path: of nothing": (shapes("shape:Odd sh:path [] ."), rf"{SHAPES}:\d+: \S*Odd: sh:path is not a path"),
    "path: two in one": (
        shapes("shape:Odd sh:path [ sh:inversePath lh:on ; sh:zeroOrMorePath lh:on ] ."),
        rf"{SHAPES}:\d+: \S*Odd: sh:path is not a path",
    ),
    # ---- classes
    "classes: 2,000 above one": (
        ontology(
            "lh:Light rdfs:subClassOf lh:c0 . "
            + " ".join(f"lh:c{i} rdfs:subClassOf lh:c{i + 1} ." for i in range(2000))
        ),
        rf"{ONTOLOGY}:\d+: .*more than 1000 superclasses",
    ),
    "classes: 1,200 below 900": (
        ontology(
            "\n".join(f"lh:c{i} rdfs:subClassOf lh:c{i + 1} ." for i in range(900))
            + "\n".join(f"lh:d{i} rdfs:subClassOf lh:c0 ." for i in range(1200))
        ),
        rf"{ONTOLOGY}:\d+: .*more than 1000000 superclasses in all",
    ),
    "classes: 5,000 disjoint": (
        ontology(
            f"lh:all a owl:AllDisjointClasses ; owl:members ( {' '.join(f'lh:c{i}' for i in range(5000))} ) ."
        ),
        rf"{ONTOLOGY}:\d+: .*pairs of disjoint classes",
    ),
    # ---- shapes
    **{
        f"shape: {words}": (
            shapes(f"shape:Light-range {words} ."),
            rf"{SHAPES}:\d+: \S*Light-range: {message}",
        )
        for words, message in {
            "sh:maxCount 1 , 2": "sh:maxCount has 2 values",
            "sh:datatype xsd:string": "sh:datatype has 2 values",
            "sh:path lh:on": "sh:path has 2 values",
            'sh:minCount "one"': "sh:minCount is not a whole number",
            "sh:minLength -1": "sh:minLength is not a whole number",
            "sh:maxLength lh:x": "sh:maxLength is not a whole number",
            "sh:uniqueLang lh:x": "sh:uniqueLang is not true or false",
            "sh:minInclusive lh:x": "sh:minInclusive is not a literal",
            "sh:class 'x'": "sh:class is not an IRI",
            "sh:node 'x'": "sh:node is not a shape",
            "sh:property 'x'": "sh:property is not a shape",
            "sh:property shape:Light": r"sh:property is \S*Light, which is no property shape",
            "sh:property lh:nothing": r"sh:property is \S*nothing, which is no property shape",
            "sh:not [ sh:minCount 1 ]": "sh:minCount without a sh:path",
            "sh:or ()": "sh:or is not a list of shapes",
            "sh:or ( 'x' )": "sh:or is not a list of shapes",
            "sh:and shape:Light": "sh:and is not a list of shapes",
            "sh:in 'x'": "sh:in is not a list",
            "sh:languageIn [ sh:in () ]": "sh:languageIn is not a list",
            "a sh:NodeShape": "a sh:NodeShape with a sh:path",
        }.items()
    },
    "prefix that is none": (
        ontology("lh:x sh:declare [ sh:prefix 'a b' ; sh:namespace 'x:y#' ] ."),
        rf"{ONTOLOGY}:\d+: \S*x: sh:declare of 'a b'",
    ),
    "prefix of no IRI": (
        ontology("lh:x sh:declare [ sh:prefix 'lk' ; sh:namespace '{}' ] ."),
        rf"{ONTOLOGY}:\d+: \S*x: sh:declare of 'lk' as '{{}}'",
    ),
    "prefix that is not described": (
        ontology("lh:x sh:declare lh:nothing ."),
        rf"{ONTOLOGY}:\d+: \S*x: sh:declare without a text as its one sh:prefix",
    ),
    "prefix of nothing": (
        ontology("lh:x sh:declare [ sh:prefix 'lk' ] ."),
        rf"{ONTOLOGY}:\d+: \S*x: sh:declare without a text as its one sh:namespace",
    ),
    "shape: of a property without a path": (
        shapes("shape:Odd a sh:PropertyShape ; sh:nodeKind sh:IRI ."),
        rf"{SHAPES}:\d+: \S*Odd: a sh:PropertyShape without a sh:path",
    ),
    "rule without an IRI": (
        lexicon('[] a lk:NameRule ; lk:fills shape:Thing-otherName ; lk:nameKind "native" .'),
        rf"{LEXICON}:\d+: a lk:NameRule without an IRI",
    ),
    # ---- the network and files
    "import from the network": (
        ontology("<https://example.org/lighthouse> owl:imports <http://127.0.0.1:9/x> ."),
        rf"{ONTOLOGY}:\d+: .*owl:imports http://127\.0\.0\.1:9/x, which no file of the domain describes",
    ),
    "import of a file": (
        shapes("lh:x <http://www.w3.org/2002/07/owl#imports> <file:///etc/passwd> ."),
        rf"{SHAPES}:\d+: .*owl:imports file:///etc/passwd, which",
    ),
    "JavaScript": (
        shapes('shape:Light sh:js [ sh:jsFunctionName "f" ; sh:jsLibrary lh:lib ] .'),
        rf"{SHAPES}:\d+: \S*shapes#Light: sh:js is not taken",
    ),
    "JavaScript library": (
        ontology('lh:lib sh:jsLibraryURL "http://127.0.0.1:9/x.js"^^xsd:anyURI .'),
        rf"{ONTOLOGY}:\d+: \S*lib: sh:jsLibraryURL is not taken",
    ),
    "shapes from elsewhere": (
        ontology("<https://example.org/lighthouse> sh:shapesGraph <http://127.0.0.1:9/x> ."),
        rf"{ONTOLOGY}:\d+: .*sh:shapesGraph is not taken",
    ),
    "query that is no text": (shapes("lh:x sh:select lh:y ."), rf"{SHAPES}:\d+: .*sh:select is not a text"),
    "query in an open string": (
        shapes("lh:x sh:select 'SELECT \"' ."),
        rf"{SHAPES}:\d+: .*sh:select is refused",
    ),
    "query nested 5,000 deep": (
        shapes(f"lh:x sh:ask '{nested('ASK ', '{', '', '}', 5000)}' ."),
        rf"{SHAPES}:\d+: .*sh:ask is refused: .*deep",
    ),
    # ---- notation, examples, words
    "notation: 10,000 brackets": (
        phrase("{this} be " + "[" * 10_000),
        rf"{LEXICON}:\d+: \S*odd: pattern .*longer than",
    ),
    "notation: nested": (
        phrase(nested("{this} be ", "[a ", "b", " ]", 100)),
        rf"{LEXICON}:\d+: \S*odd: .*more than 8 brackets inside each other",
    ),
    "notation: many options": (
        phrase("{this} be kept" + " [a]" * 40),
        rf"{LEXICON}:\d+: \S*odd: .*more than 10 brackets in the core",
    ),
    "notation: many adjuncts": (
        phrase("{this} be kept" + " ~ a" * 100),
        rf"{LEXICON}:\d+: \S*odd: .*30 adjuncts",
    ),
    "notation: no word": (
        phrase("{this} [be] ~ on {on}"),
        rf"{LEXICON}:\d+: \S*odd: .*no word outside brackets",
    ),
    "notation: empty": (phrase(" "), rf"{LEXICON}:\d+: \S*odd: has an empty lk:pattern"),
    "empty form of a noun": (
        lexicon('rule:odd a lk:NounRule ; lk:fills lh:Light ; lk:form " " .'),
        rf"{LEXICON}:\d+: \S*odd: has an empty lk:form",
    ),
    "empty form of a term": (
        lexicon('rule:odd a lk:TermRule ; lk:fills lh:Light ; lk:form "\\n" .'),
        rf"{LEXICON}:\d+: \S*odd: has an empty lk:form",
    ),
    "empty key": (
        lexicon('rule:odd a lk:FieldRule ; lk:fills shape:Light-on ; lk:key "" .'),
        rf"{LEXICON}:\d+: \S*odd: has an empty lk:key",
    ),
    "month that is no number": (
        lexicon('<x:e#month> a lk:WordList ; lk:entry "may = x" .'),
        rf"{LEXICON}:\d+: x:e#month: has a lk:entry that is no month",
    ),
    "month with many digits": (
        lexicon(f'<x:e#month> a lk:WordList ; lk:entry "may = {"1" * 5000}" .'),
        rf"{LEXICON}:\d+: x:e#month: has a lk:entry that is no month",
    ),
    "language that is no tag": (
        lexicon('<x:e#language> a lk:WordList ; lk:entry "dutch = n l" .'),
        rf"{LEXICON}:\d+: x:e#language: has a lk:entry that is no language tag",
    ),
    "entry without a value": (
        lexicon('<x:e#plural> a lk:WordList ; lk:entry "man" .'),
        rf"{LEXICON}:\d+: x:e#plural: lk:entry 'man' is not of the form",
    ),
    "word list with an empty word": (
        lexicon('<x:e#adverb> a lk:WordList ; lk:form "" .'),
        rf"{LEXICON}:\d+: x:e#adverb: has a lk:form without a word",
    ),
    # ---- Turtle
    "Turtle: triples as terms 20,000 deep": (
        shapes(nested("lh:x lh:y ", "<<( lh:x lh:y ", "lh:z", " )>>", 20_000) + " ."),
        rf"{SHAPES}:\d+: '<<' 20000 times",
    ),
    "Turtle: brackets without an end": (
        shapes("lh:x lh:y " + "[ lh:y " * 20_000),
        rf"{SHAPES}:\d+:\d+: not Turtle",
    ),
    "Turtle: a word of 100 kB": (
        shapes("lh:x lh:y " + "é" * 100_000),
        rf"{SHAPES}:\d+:\d+: not Turtle: .{{1,1200}}$",
    ),
    "Turtle: no IRI": (shapes("lh:x <a b> lh:y ."), rf"{SHAPES}:\d+:\d+: not Turtle"),
    "Turtle: ill-formed language": (shapes('lh:x lh:y "a"@123 .'), rf"{SHAPES}:\d+:\d+: not Turtle"),
    "Turtle: Latin-1": (recode(SHAPES, "latin-1"), rf"{SHAPES}:\d+: not UTF-8: byte 0xee"),
    "Turtle: UTF-16": (recode(ONTOLOGY, "utf-16"), rf"{ONTOLOGY}:1: not UTF-8: byte 0xff at byte offset 0"),
    "Turtle: NUL": (ontology('lh:x rdfs:label "a\0b" .'), rf"{ONTOLOGY}:\d+:19: the file holds a NUL"),
    "Turtle: 17 MB": (ontology("#" * (17 * 2**20)), rf"{ONTOLOGY}: larger than 16 MiB"),
    # ---- the gazetteer
    "gazetteer: Latin-1": (recode(GAZETTEER, "latin-1"), rf"{GAZETTEER}:4: not UTF-8: byte 0xfc"),
    "gazetteer: UTF-16": (recode(GAZETTEER, "utf-16"), rf"{GAZETTEER}:1: not UTF-8"),
    "gazetteer: NUL": (add(GAZETTEER, "A\0\tlh:Land\t\t\t\t\n"), rf"{GAZETTEER}:6:2: the file holds a NUL"),
    "gazetteer: short row": (add(GAZETTEER, "A\tlh:Land\n"), rf"{GAZETTEER}:6: A: not a gazetteer line"),
    "gazetteer: long row": (
        add(GAZETTEER, "A\tlh:Land\t\t\t\t\t\t\n"),
        rf"{GAZETTEER}:6: A: not a gazetteer line",
    ),
    "gazetteer: quoted": (
        add(GAZETTEER, '"A\tlh:Land"\t\t\t\t\n'),
        rf"{GAZETTEER}:6: \"A: 'lh:Land\"' is no class",
    ),
    "gazetteer: no name": (
        add(GAZETTEER, "'\tlh:Land\t\t\t\t\n"),
        rf"{GAZETTEER}:6: ': a gazetteer line without a name",
    ),
    "gazetteer: unknown mark": (
        add(GAZETTEER, "A\tlh:Land\t\t\t\tx\n"),
        rf"{GAZETTEER}:6: A: 'x' is no mark",
    ),
    "gazetteer: a line separator": (
        add(GAZETTEER, "A\u2028B\n"),
        rf"{GAZETTEER}:6: A\u2028B: not a gazetteer line",
    ),
    "gazetteer: a row of 1 MB": (
        add(GAZETTEER, "A" * 10**6),
        rf"{GAZETTEER}:6: A.{{1,800}}: not a gazetteer line",
    ),
    "gazetteer: a million rows": (
        add(GAZETTEER, "A\tlh:Land\t\t\t\t\n" * 1_300_000),
        rf"{GAZETTEER}: larger than 16 MiB",
    ),
    # ---- queries
    "query: Latin-1": (recode(QUERY, "latin-1"), rf"{QUERY}:\d+: not UTF-8: byte 0xe9"),
    "query: UTF-16": (recode(QUERY, "utf-16"), rf"{QUERY}:1: not UTF-8"),
    "query: NUL": (add(QUERY, "\0"), rf"{QUERY}:\d+:1: the file holds a NUL"),
    "query: 17 MB": (add(QUERY, "#" * (17 * 2**20)), rf"{QUERY}: larger than 16 MiB"),
    "query: empty": (put(QUERY, b""), rf"{QUERY}:"),
    "query: evidence of no IRI": (
        lambda folder: (folder / QUERY).write_text(
            (folder / QUERY).read_text("utf-8").replace("?light lh:keeper ?keeper", "?light <a> ?keeper", 1),
            "utf-8",
        ),
        rf"{QUERY}:6:\d+: .*not a pattern",
    ),
    "query: SERVICE": (add(QUERY, f"# \n{SERVICE}"), rf"{QUERY}:\d+:1: SERVICE would ask another computer"),
    # ---- what is no file
    **{
        f"link out: {name}": (link_out(file), rf"{file}: a link that leads out")
        for name, file in LINK.items()
    },
    "link to a device": (
        replaced(GAZETTEER, lambda path: path.symlink_to("/dev/zero")),
        rf"{GAZETTEER}: a link that leads out of the domain folder",
    ),
    "link to itself": (
        replaced(SHAPES, lambda path: path.symlink_to(path)),
        rf"{SHAPES}: (?:cannot be read|a link)",
    ),
    "link to nothing": (
        replaced(SHAPES, lambda path: path.symlink_to(path.with_name("none"))),
        rf"{SHAPES}: cannot be read: No such file",
    ),
    "linked folder": (
        linked_folder,
        "shapes/: a link that leads out of the domain folder",
    ),
    **{
        f"FIFO: {name}": (replaced(file, os.mkfifo), rf"{file}: not a plain file")
        for name, file in LINK.items()
    },
    **{
        f"folder: {name}": (
            replaced(file, Path.mkdir),
            rf"{file}: (?:cannot be read: Is a directory|not a plain file)",
        )
        for name, file in LINK.items()
    },
    "socket": (
        replaced(SHAPES, bind_socket),
        rf"{SHAPES}: cannot be read: ",
    ),
    "file instead of a folder": (
        file_for_folder,
        r"\S+: no folder shapes/",
    ),
    "name that is no UTF-8": (
        lambda folder: Path(os.fsdecode(os.fsencode(folder / "shapes") + b"/\xff.ttl")).write_text(""),
        r"shapes/\\xff\.ttl: the name of the file is not UTF-8",
    ),
    "2,000 files": (
        lambda folder: [(folder / "shapes" / f"{i}.ttl").write_bytes(b"") for i in range(2000)],
        r"shapes/: more than 1000 files",
    ),
    "five large files": (
        lambda folder: [(folder / "shapes" / f"{i}.ttl").write_text("#" * (14 * 2**20)) for i in range(5)],
        r"shapes/\d\.ttl: with this file the domain is larger than 64 MiB",
    ),
}


def read_all(folder: Path, article: Path = ARTICLE) -> list[DomainError]:
    """Read a domain, check it, build an article with it and validate the facts; return what ``check`` lists."""
    domain = read_domain(folder)
    problems = [*lint_shapes(domain), *check_examples(domain)]
    catalogue(domain)
    validate(build_article(article, domain).quads(), domain, evidence=True)
    return problems


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_one_line_with_file_and_line(folder: Path, case: str) -> None:
    change, message = BROKEN[case]
    change(folder)
    with within(120), pytest.raises((DomainError, QueryError)) as caught:
        read_all(folder)
    assert caught.value.exit_code == DomainError.exit_code
    told = [str(one) for one in (caught.value, *getattr(caught.value, "others", ()))]
    assert any(re.match(message, one) for one in told), told
    assert all("\n" not in one and len(one) < 4000 for one in told)


def refused(folder: Path) -> None:
    """Read a domain, or check that why it cannot be read is one line that names a file."""
    error: LodkitError | None = None
    try:
        read_all(folder)
    except (DomainError, InputError) as caught:
        error = caught
    assert error is None or (error.file and "\n" not in str(error) and len(str(error)) < 4000), error


def test_what_is_whole_is_read(folder: Path) -> None:
    assert read_all(folder) == []


MARKS = ("[", "]", "{", "[a]{", "]{", "{this}")
FINE: dict[str, Change] = {
    "classes in a circle": ontology(
        "lh:Light rdfs:subClassOf lh:Lighthouse . lh:Thing rdfs:subClassOf lh:Thing ."
    ),
    "properties in a circle": ontology(
        "lh:on rdfs:subPropertyOf lh:near . lh:near rdfs:subPropertyOf lh:on ."
    ),
    "classes 500 deep": ontology(
        "".join(f"lh:c{i} a owl:Class ; rdfs:subClassOf lh:c{i + 1} .\n" for i in range(500))
    ),
    "an ontology that imports itself": ontology(
        "<https://example.org/lighthouse> owl:imports <https://example.org/lighthouse> ."
    ),
    "an import of what ships": ontology(
        "<https://example.org/lighthouse> owl:imports <https://w3id.org/lodkit/core> ."
    ),
    "imports in a circle": ontology(
        "<https://example.org/lighthouse> owl:imports <x:a> . <x:a> a owl:Ontology ; owl:imports <x:b> . "
        "<x:b> a owl:Ontology ; owl:imports <x:a> ."
    ),
    "a declaration of itself": ontology("_:d sh:declare _:d ; sh:prefix 'd' ; sh:namespace 'x:d#' ."),
    "blank nodes in a circle": shapes("_:a lh:on _:b . _:b lh:on _:a . _:a sh:propety _:b ."),
    "blank nodes 20,000 deep": shapes(nested("lh:x lh:on ", "[ lh:on ", "lh:y", " ]", 20_000) + " ."),
    "a list of 40,000": shapes(
        f"shape:Odd a sh:PropertyShape ; sh:path lh:on ; sh:in ( {' '.join(f'lh:v{i}' for i in range(40_000))} ) ."
    ),
    "lists 20,000 deep": shapes(nested("lh:x lh:on ", "( ", "lh:y", " )", 20_000) + " ."),
    "triples as terms": shapes(
        "lh:x lh:on <<( lh:x lh:on <<( lh:y lh:on lh:z )>> )>> . << lh:x lh:on lh:y >> lh:on lh:z ."
    ),
    "a node shape within itself": shapes("shape:Place sh:node shape:Place ."),
    "node shapes in a circle": shapes(
        "shape:Light sh:node shape:Odd . shape:Odd a sh:NodeShape ; sh:node shape:Light ."
    ),
    "property shapes in a circle": shapes("shape:Light-on sh:property shape:Light-on ."),
    "shapes within their own negation": shapes("shape:Light-on sh:not [ sh:property shape:Light-on ] ."),
    "a path in a comparison within itself": shapes(
        "shape:Light-on sh:lessThan _:p . _:p sh:inversePath _:p ."
    ),
    "a count of 5,000 digits": shapes(f"shape:Light-range sh:maxCount {'9' * 5000} ; sh:deactivated true ."),
    "a count in other digits": shapes('shape:Light-range sh:minCount "\\u00b2" ; sh:deactivated true .'),
    "examples without an end": lexicon(
        "rule:raised lk:example " + " , ".join(f'"{mark * 2000}"' for mark in MARKS) + " ."
    ),
    "a relative date with a format": lexicon(
        '<x:e#relative-date> a lk:WordList ; lk:entry "years before = {0.__class__}{:>99999999999}" .'
    ),
    "a gazetteer with quotes": add(GAZETTEER, 'The "Rock"\tlh:Land\t\t"|\u201cRock"\t"\t\n'),
    "an empty gazetteer": put(GAZETTEER, b""),
    "1,000 prefixes": ontology("".join(f"@prefix p{i}: <x:{'y' * i}> .\n" for i in range(1000))),
    "a link inside": lambda folder: (folder / "shapes" / "more.ttl").symlink_to(folder / ONTOLOGY),
    "words of services in names and texts": shapes(
        "lh:x lh:on 'SERVICE <x:y>' . shape:Light sh:sparql [ sh:message 'SERVICE' ; sh:select '''"
        "SELECT $this ?service { $this <x:SERVICE> ?service . # SERVICE <x:y>\n"
        ' FILTER(?service = "FROM") }'
        "''' ] ."
    ),
}


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=pytest.mark.slow if "000" in case else ()) for case in FINE]
)
def test_what_is_odd_ends(folder: Path, case: str) -> None:
    """It is read, or is an error in a file of the domain."""
    FINE[case](folder)
    with within(300):
        refused(folder)


ALL = (ONTOLOGY, LEXICON, SHAPES, GAZETTEER, QUERY)


@pytest.mark.parametrize(
    ("old", "new"),
    [(rb"\A", b"\xef\xbb\xbf"), (rb"\n", b"\r\n"), (rb"\n", b"\r")],
    ids=["mark", "CR LF", "CR"],
)
def test_marks_and_line_ends_change_nothing(folder: Path, old: bytes, new: bytes) -> None:
    plain = read_domain(folder)
    facts = set(build_article(ARTICLE, plain).quads(evidence=False))
    for file in ALL:
        (folder / file).write_bytes(re.sub(old, new, (folder / file).read_bytes()))
    changed = read_domain(folder)
    assert set(build_article(ARTICLE, changed).quads(evidence=False)) == facts
    assert changed.version == plain.version
    assert list(check_queries(changed)) == []


def test_a_prefix_of_the_domain_does_not_rename_what_is_lodkits(folder: Path) -> None:
    ontology("lh:x sh:declare [ sh:prefix 'lk' ; sh:namespace 'x:other#' ] .")(folder)
    domain = read_domain(folder)
    assert domain.prefixes["lk"] == "x:other#"
    rules = {statement.rule.value for statement in build_article(ARTICLE, domain).extraction.statements}
    assert {"https://w3id.org/lodkit/core#mention", "https://w3id.org/lodkit/core#gazetteer"} <= rules
    assert not [rule for rule in rules if rule.startswith("x:other#")]


def test_a_file_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read all, so that the system's answer is made here."""

    def refuse(path: Path, flags: int) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr("lodkit.domain.folder.os.open", refuse)
    with pytest.raises(DomainError, match=rf"^{LEXICON}: cannot be read: Permission denied$"):
        read_domain(folder)


def test_the_bound_of_an_input_holds_for_a_domain(folder: Path) -> None:
    set_limits(input=1000)
    try:
        with pytest.raises(DomainError, match=r"larger than 1000 bytes \(raise --limit-input\)"):
            read_domain(folder)
    finally:
        reset_limits()


class QueriesOnly(NamedTuple):
    """As much of a domain as queries need."""

    folder: Path
    prefixes: Mapping[str, str] = MappingProxyType({})


@pytest.mark.parametrize("name", ["ontology/x.ttl", "queries/x.rq", "data/graphs/x.nq"])
def test_what_queries_need_is_read_alike(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(folder / name)
    read = catalogue if name.startswith("queries") else bundled_dataset
    with within(60), pytest.raises(DomainError, match=rf"^{name}: not a plain file"):
        read(QueriesOnly(folder))


def test_graphs_of_a_domain_are_not_too_deep(folder: Path) -> None:
    (folder / "data" / "graphs").mkdir(parents=True)
    deep = nested("<x:a> <x:b> ", "<<( <x:a> <x:b> ", "<x:c>", " )>>", 20_000)
    (folder / "data" / "graphs" / "x.nq").write_text(f"{deep} .\n", "utf-8")
    with pytest.raises(DomainError, match=r"^data/graphs/x\.nq:1: '<<' 20000 times"):
        bundled_dataset(QueriesOnly(folder))


def test_each_broken_query_is_said(folder: Path) -> None:
    for file in (QUERY, "queries/tall.rq"):
        add(file, "\nLIMIT $wobble\n")(folder)
    (folder / "queries" / "Odd.rq").touch()
    names = [error.file for error in check_queries(QueriesOnly(folder))]
    assert names == ["queries/Odd.rq", QUERY, "queries/tall.rq"]
    shutil.rmtree(folder / "queries")
    assert [error.message for error in check_queries(QueriesOnly(folder))] == ["no folder queries/"]


def test_check_lists_so_many_problems_and_says_so(folder: Path) -> None:
    shapes("".join(f"lh:x{i} sh:wobble{i} 1 .\n" for i in range(3000)))(folder)
    with within(120):
        problems = lint_shapes(read_domain(folder))
    assert len(problems) == MOST_PROBLEMS + 1
    assert "more than 1000 problems" in str(problems[-1])
    assert all(problem.line for problem in problems[:-1])


# ---- headers
# ----------------------------------------------------------------------------------------------------------------

HEADERS = {
    "nested": "".join(f"#+ {' ' * depth}a:\n" for depth in range(3000)),
    "nested without keys": "".join(f"#+ {' ' * depth}x\n" for depth in range(3000)),
    "10 MB": "#+ a: " + "x" * 10**7,
    "a million lines": "#+ a: >\n" + "#+   x\n" * 10**6,
    "tabs": "#+ a:\t" + "\tx" * 10**5,
    "flow": "#+ a: [" + "a " * 20_000 + "!]",
    "flow of commas": "#+ a: [" + "," * 20_000,
    "colons": "#+ " + "a:" * 20_000,
    "blanks": "#+ a:" + " " * 60_000 + "!",
    "brackets": "#+ a: " + "[" * 60_000,
    "quotes": '#+ a: "' + '\\"' * 20_000,
    "single quotes": "#+ a: '" + "''" * 20_000,
    "half a character": '#+ a: "\\ud800"',
    "list": "#+ - x",
    "twice": "#+ a: b\n#+ a: c",
    "outdented": "#+   a: b\n#+ c: d",
}


@pytest.mark.parametrize("case", HEADERS)
def test_headers_are_refused_in_one_line(case: str) -> None:
    with within(60), pytest.raises(QueryError) as caught:
        parse_header(HEADERS[case], "q.rq")
    assert re.match(r"q\.rq:\d+:\d+: ", str(caught.value))
    assert len(str(caught.value)) < 4000


def test_a_header_of_many_keys_is_read() -> None:
    node = parse_header("".join(f"#+ k{i}: v\n" for i in range(5000)))
    assert node is not None
    assert len(node.value) == 5000


def test_lines_of_a_header_end_where_editors_end_them() -> None:
    node = parse_header("#+ a: b\u2028c\r\n#+ d: e\r#+ f: g\n")
    assert node is not None
    assert isinstance(node.value, dict)
    assert [(key, value.line) for key, value in node.value.items()] == [("a", 1), ("d", 2), ("f", 3)]


# ---- anything
# ---------------------------------------------------------------------------------------------------------------

FILES = (*ALL, "queries/tall.rq")
SIGNS = """[ ] { } ( ) " ' \\ < > . ; , ~ | = ^ $ % / * _:a [] () {this} '' ""\" #+ <<( rdf:rest 1e9 @x ^^lh:x""".split()


KINDS = ("flip", "cut", "double", "swap", "put", "word", "word", "word", "word")


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file of the second domain with some bytes flipped, cut out, doubled or put in, or lines swapped,
    or words put in the place of others.
    """
    file = draw(st.sampled_from(FILES))
    data = (LIGHTS / file).read_bytes()
    for kind in draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=4)):
        at, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        end = min(end, at + 200)
        if kind == "flip":
            data = (
                data[:at]
                + bytes(byte ^ 1 << draw(st.integers(0, 7)) for byte in data[at : at + 1])
                + data[at + 1 :]
            )
        elif kind == "cut":
            data = data[:at] + data[end:]
        elif kind == "double":
            data = data[:end] + data[at:end] * draw(st.integers(1, 4)) + data[end:]
        elif kind == "put":
            data = data[:at] + draw(st.sampled_from((*SIGNS, "\t", "\n", " ", "\u2028"))).encode() + data[at:]
        elif kind == "word":
            words = [found.span() for found in re.finditer(rb'"[^"]*"|[^\s"]+', data)]
            (start, stop), (one, other) = (draw(st.sampled_from(words or [(0, 0)])) for _ in range(2))
            data = data[:start] + data[one:other] + data[stop:]
        else:
            lines = data.split(b"\n")
            one, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
            lines[one], lines[other] = lines[other], lines[one]
            data = b"\n".join(lines)
    return file, data


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(mutations(), min_size=1, max_size=2))
def test_anything_is_read_or_refused_with_its_file(
    tmp_path_factory: pytest.TempPathFactory, changed: list[tuple[str, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("domain")
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(LIGHTS / part, folder / part)
    for file, data in changed:
        (folder / file).write_bytes(data)
    with within(120):
        refused(folder)


TURTLE = (ONTOLOGY, LEXICON, SHAPES)
PREFIXES = dict(
    re.findall(r"@prefix (\w+): <(.*?)>", "".join((LIGHTS / file).read_text("utf-8") for file in TURTLE))
)
TRIPLES = [quad.triple for file in TURTLE for quad in parse(path=str(LIGHTS / file), format=RdfFormat.TURTLE)]
ODD_TERMS = [
    *map(Literal, ("", " ", "x", "a = b", "{}", "{this}", "[a]{this}", "~", "²", "9" * 5000, "(a", "\\", "%s", "SELECT $this {}")),
    Literal("x", language="en"),
    Literal(-1),
    Literal("x", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil"),
    *(NamedNode(f"http://www.w3.org/ns/shacl#{name}") for name in ("select", "or", "in", "path", "not", "minCount", "Info")),
    *(NamedNode(f"https://w3id.org/lodkit/core#{name}") for name in ("WordList", "minted", "entry", "unused", "part")),
    *(NamedNode(f"x:e#{name}") for name in ("month", "plural", "be", "article", "attribution-opener", "language")),
]  # fmt: skip


@st.composite
def graphs(draw: st.DrawFn) -> list[Triple]:
    """The triples of the second domain, some with the subject, predicate or object of another, or an odd one."""
    triples = list(TRIPLES)
    for _ in range(draw(st.integers(1, 6))):
        at, other = (draw(st.integers(0, len(triples) - 1)) for _ in range(2))
        terms = list(triples[at])
        part = draw(st.integers(0, 2))
        value = triples[other][draw(st.sampled_from((part, part, 2)))]
        terms[part] = draw(st.sampled_from(ODD_TERMS)) if draw(st.booleans()) else value
        if isinstance(terms[1], NamedNode) and isinstance(terms[0], NamedNode | BlankNode):
            triples[at if draw(st.booleans()) else len(triples) - 1] = Triple(*terms)
    return triples


@pytest.mark.slow
@settings(max_examples=60)
@given(graphs())
def test_any_graph_is_a_domain_or_refused_with_its_file(
    tmp_path_factory: pytest.TempPathFactory, triples: list[Triple]
) -> None:
    folder = tmp_path_factory.mktemp("domain")
    for part in ("ontology", "shapes"):
        (folder / part).mkdir()
    shutil.copytree(LIGHTS / "queries", folder / "queries")
    shutil.copy(LIGHTS / GAZETTEER, folder / GAZETTEER)
    serialize(triples, str(folder / "ontology" / "all.ttl"), RdfFormat.TURTLE, prefixes=PREFIXES)
    with within(120):
        refused(folder)


@pytest.mark.parametrize("text", [" " * 100_000, "x" + " " * 100_000, "漢" * 50_000, "a " * 50_000])
@pytest.mark.parametrize("width", [2, 80])
def test_what_is_shown_of_a_query_is_wrapped_in_one_pass(text: str, width: int) -> None:
    with within(60):
        assert "".join(wrap(text, width)).replace(" ", "") == text.replace(" ", "")
