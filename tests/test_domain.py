"""Reading a domain folder: the notation of phrases, and errors that name file, line and term."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.sampled import mostly_slow

from lodkit.cli.check import check_queries
from lodkit.domain import Domain, NotationError, Pattern, fold, parse_example, parse_pattern, read_domain
from lodkit.domain.notation import DEEPEST, KINDS, MOST_OPTIONS, Element, Maybe, Slot, Words
from lodkit.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable

LIGHTS = Path(__file__).parent / "second_domain"


# ---- notation
# ---------------------------------------------------------------------------------------------------------------------


def word(*alternatives: str) -> Words:
    return Words(tuple((tuple(a.removeprefix("=").split("_")), a.startswith("=")) for a in alternatives))


THIS = Slot("this")
GOOD: dict[str, Pattern] = {
    "{this} be founded": Pattern((THIS, word("be"), word("founded")), ()),
    "  {this}   be ": Pattern((THIS, word("be")), ()),
    "founded|=formed|set_up": Pattern((word("founded", "=formed", "set_up"),), ()),
    "=brother-in-law of {brotherInLawOf}": Pattern(
        (word("=brother-in-law"), word("of"), Slot("brotherInLawOf")), ()
    ),
    "{founder+} found {this}": Pattern((Slot("founder", many=True), word("found"), THIS), ()),
    "{name:title}": Pattern((Slot("name", kind="title"),), ()),
    "{name:text+}": Pattern((Slot("name", many=True, kind="text"),), ()),
    "{member!}": Pattern((Slot("member", typed=True),), ()),
    "{schema:member!+}": Pattern((Slot("schema:member", many=True, typed=True),), ()),
    "{schema:member}": Pattern((Slot("schema:member"),), ()),
    "{schema:member+}": Pattern((Slot("schema:member", many=True),), ()),
    "{schema:name:noun}": Pattern((Slot("schema:name", kind="noun"),), ()),
    "[{date}] =capture": Pattern((Maybe((Slot("date"),)), word("=capture")), ()),
    "a [b [c] d]": Pattern((word("a"), Maybe((word("b"), Maybe((word("c"),)), word("d")))), ()),
    "a[b]c": Pattern((word("a"), Maybe((word("b"),)), word("c")), ()),
    "a ~ in {b} ~ {c}": Pattern((word("a"),), ((word("in"), Slot("b")), (Slot("c"),))),
    "a ~ [in] {b}": Pattern((word("a"),), ((Maybe((word("in"),)), Slot("b")),)),
    "{a} , {b}": Pattern((Slot("a"), word(","), Slot("b")), ()),
    "{a} 's [=\"|=“] =war": Pattern((Slot("a"), word("'s"), Maybe((word('="', "=“"),)), word("=war")), ()),
    "c'est_la_vie ü": Pattern((word("c'est_la_vie"), word("ü")), ()),
}
BAD: dict[str, str] = {
    "": "empty part",
    "   ": "empty part",
    "a ~": "empty part",
    "~ a": "empty part",
    "a ~ ~ b": "empty part",
    "a [b": "'[' without ']'",
    "a b]": "']' without '['",
    "a [b ~ c]": "'~' inside […]",
    "{this": "cannot read",
    "this}": "cannot read",
    "{}": "not a slot",
    "{ this }": "not a slot",
    "{a b}": "not a slot",
    "{a:b:c:d}": "not a slot",
    "{a++}": "not a slot",
    "{a+!}": "not a slot",
    "{+a}": "not a slot",
    "{1a}": "not a slot",
    "a|": "empty alternative",
    "|a": "empty alternative",
    "a||b": "empty alternative",
    "=": "empty alternative",
    "a|=": "empty alternative",
    "_": "empty alternative",
}


@pytest.mark.parametrize("text", GOOD)
def test_pattern_is_read(text: str) -> None:
    assert parse_pattern(text) == GOOD[text]


@pytest.mark.parametrize("text", BAD)
def test_bad_pattern_is_refused(text: str) -> None:
    with pytest.raises(NotationError, match=re.escape(BAD[text])):
        parse_pattern(text)


def test_slots_leave_out_this() -> None:
    pattern = parse_pattern("{this} [be {a}] by {b+} ~ in {c:text}")
    assert [slot.name for slot in pattern.slots()] == ["a", "b", "c"]
    assert pattern.has_this()
    assert parse_pattern("a ~ [of {this}]").has_this()
    assert not parse_pattern("{a} be {b}").has_this()


def written(elements: tuple[Element, ...]) -> str:
    return " ".join(map(write_element, elements))


def write_element(element: Element) -> str:
    if isinstance(element, Slot):
        return (
            "{"
            + element.name
            + (f":{element.kind}" if element.kind else "")
            + "!" * element.typed
            + ("+" if element.many else "")
            + "}"
        )
    if isinstance(element, Maybe):
        return f"[{written(element.elements)}]"
    return "|".join(("=" if exact else "") + "_".join(words) for words, exact in element.alternatives)


LETTERS = st.text(st.characters(categories=("Ll", "Lu", "Nd")), min_size=1, max_size=6)
NAMES = st.from_regex(r"[a-z][A-Za-z0-9-]{0,8}", fullmatch=True).filter(lambda name: name not in KINDS)
SLOTS = st.builds(
    Slot,
    NAMES | st.builds("{}:{}".format, NAMES, NAMES),
    st.booleans(),
    st.sampled_from([None, *sorted(KINDS)]),
    st.booleans(),
)
ALTERNATIVES = st.tuples(st.lists(LETTERS, min_size=1, max_size=3).map(tuple), st.booleans())
FLAT = SLOTS | st.lists(ALTERNATIVES, min_size=1, max_size=3).map(lambda found: Words(tuple(found)))
ELEMENTS = st.recursive(
    FLAT,
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda found: Maybe(tuple(found))),
    max_leaves=4,
)
PARTS = st.lists(ELEMENTS, min_size=1, max_size=4).map(tuple)


@given(PARTS, st.lists(PARTS, max_size=3))
@pytest.mark.slow
def test_written_pattern_is_read_back(core: tuple[Element, ...], adjuncts: list[tuple[Element, ...]]) -> None:
    parts = (core, *adjuncts)
    assume(all(written(part).count("[") <= min(DEEPEST, MOST_OPTIONS) for part in parts))
    pattern = Pattern(core, tuple(adjuncts))
    assert parse_pattern(" ~ ".join(map(written, (core, *adjuncts)))) == pattern


@given(st.text(st.sampled_from("ab{}[]~|=_+: 'x"), max_size=20))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    with suppress(NotationError):
        pattern = parse_pattern(text)
        assert pattern.core
        assert all(pattern.adjuncts)


EXAMPLES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "It was [founded].": ("It was [founded].", ()),
    "[It]{this} met.": ("It met.", (("this", "It"),)),
    "By [Ada Lund]{founder} and [Jo Berg]{founder}.": (
        "By Ada Lund and Jo Berg.",
        (("founder", "Ada Lund"), ("founder", "Jo Berg")),
    ),
    "[A]{schema:member}[B]{b}": ("AB", (("schema:member", "A"), ("b", "B"))),
}


@pytest.mark.parametrize("text", EXAMPLES)
def test_example_is_read(text: str) -> None:
    assert parse_example(text) == EXAMPLES[text]


# ---- names
# ------------------------------------------------------------------------------------------------------------------------

FOLDED = [
    ("The Malmö", "malmo"),
    ("U.S.", "us"),
    ("Shining  Path's", "Shining Path"),
    ("Marxist–Leninist", "marxist leninist"),
    ("Ö", "O\u0308"),
]


@pytest.mark.parametrize(("one", "other"), FOLDED)
def test_spellings_meet(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(max_size=40))
def test_folding_is_done_once(name: str) -> None:
    assert fold(fold(name)) == fold(name) or "the the " in f"{name.casefold()} "


def test_curies_come_back(domain: Domain) -> None:
    for iri in (*domain.classes, *domain.property_shapes, *(phrase.iri for phrase in domain.phrases)):
        assert domain.expand(domain.compact(iri)) == iri


def test_unknown_prefix_stays(domain: Domain) -> None:
    assert domain.expand("https://example.org/x") == "https://example.org/x"
    assert domain.compact("https://example.org/x") == "https://example.org/x"


def test_slot_is_the_nearest(domain: Domain) -> None:
    person = domain.expand("shape:Person")
    label = domain.slot(person, "label")
    assert label is not None
    assert label.node_shape == domain.expand("shape:Entity")
    assert domain.slot(person, "no-such-slot") is None


def test_disjoint_both_ways(domain: Domain) -> None:
    assert domain.disjoint
    assert {(other, one) for one, other in domain.disjoint} == domain.disjoint


# ---- broken domain folders
# ----------------------------------------------------------------------------------------------------------


def copy(to: Path) -> Path:
    shutil.copytree(LIGHTS, to, dirs_exist_ok=True)
    return to


def put(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / file).read_text("utf-8")
        assert text.count(old) == 1, (file, old)
        (folder / file).write_text(text.replace(old, new), "utf-8")

    return change


def remove(part: str) -> Callable[[Path], None]:
    return lambda folder: shutil.rmtree(folder / part)


LEXICON, SHAPES, ONTOLOGY, GAZETTEER = (
    "ontology/lexicon.ttl",
    "shapes/lighthouse.ttl",
    "ontology/lighthouse.ttl",
    "ontology/gazetteer.tsv",
)

# What is broken: the change, the file that the error names, words of the line that it points at, and what it
# says.
BROKEN: dict[str, tuple[Callable[[Path], None], str, str | None, str]] = {
    "syntax error": (
        put(LEXICON, 'lk:key "Location" .', 'lk:key "Location'),
        LEXICON,
        "rule:location",
        "not Turtle",
    ),
    "prefix not declared": (
        put(SHAPES, "sh:path lh:metres", "sh:path zz:metres"),
        SHAPES,
        "zz:metres",
        "not Turtle",
    ),
    "unknown slot": (
        put(LEXICON, "ashore ~ near {near}", "ashore ~ near {nearby}"),
        LEXICON,
        "rule:aground",
        "slot {nearby} is no property of",
    ),
    "unknown slot in an example": (
        put(LEXICON, "[the Coast Board]{builder}", "[the Coast Board]{bilder}"),
        LEXICON,
        "rule:raised",
        "slot {bilder}",
    ),
    "unknown prefix of a slot": (
        put(LEXICON, "replaced by {replacedBy}", "replaced by {zz:replacedBy}"),
        LEXICON,
        "rule:replaced",
        "{zz:replacedBy}",
    ),
    "unknown shape": (
        put(
            LEXICON,
            "rule:kept a lk:Phrase ; lk:fills shape:Light",
            "rule:kept a lk:Phrase ; lk:fills shape:Lite",
        ),
        LEXICON,
        "rule:kept",
        "fills shape:Lite, which is no node shape",
    ),
    "unknown property shape": (
        put(LEXICON, "lk:fills shape:Light-range", "lk:fills shape:Light-rang"),
        LEXICON,
        "rule:range",
        "shape:Light-rang",
    ),
    "unknown class": (
        put(LEXICON, "lk:fills lh:Lightship", "lk:fills lh:Boat"),
        LEXICON,
        "rule:lightship",
        "fills lh:Boat, which is no class",
    ),
    "no shape": (
        put(LEXICON, "lk:fills shape:Light-metres ; ", ""),
        LEXICON,
        "rule:height",
        "has no lk:fills",
    ),
    "two shapes": (
        put(
            LEXICON,
            "rule:aground a lk:Phrase ; lk:fills shape:Wreck",
            "rule:aground a lk:Phrase ; lk:fills shape:Wreck , shape:Light",
        ),
        LEXICON,
        "rule:aground",
        "exactly one lk:fills, has 2",
    ),
    "no key": (put(LEXICON, ' ; lk:key "Height"', ""), LEXICON, "rule:height", "has no lk:key"),
    "no pattern": (
        put(LEXICON, 'lk:pattern "{this} , {within}" ;', ""),
        LEXICON,
        "rule:place-in-place",
        "has neither lk:pattern nor lk:verbFrame",
    ),
    "malformed pattern": (
        put(LEXICON, '"{this} , {within}"', '"{this} , {within"'),
        LEXICON,
        "rule:place-in-place",
        "cannot read '{within'",
    ),
    "no form": (
        put(LEXICON, ' ; lk:form "ship" , "steamer" , "barque"', ""),
        LEXICON,
        "rule:ship",
        "lk:form",
    ),
    "no kind of name": (
        put(LEXICON, ' ; lk:nameKind "alternative"', ""),
        LEXICON,
        "rule:other-name",
        "lk:nameKind",
    ),
    "language of no row": (
        put(LEXICON, 'lk:key "Range"', 'lk:languageOf rule:nothing ; lk:key "Range"'),
        LEXICON,
        "rule:range",
        "rule:nothing is no field rule",
    ),
    "gazetteer with five columns": (
        put(GAZETTEER, "Sudria\tlh:Land\t\t\tSudrian\t", "Sudria\tlh:Land\t\t\tSudrian"),
        GAZETTEER,
        "Sudria",
        "6 columns",
    ),
    "gazetteer with an unknown prefix": (
        put(GAZETTEER, "Sudria\tlh:Land", "Sudria\tzz:Land"),
        GAZETTEER,
        "Sudria",
        "'zz:Land' is no class",
    ),
    "gazetteer with an unknown class": (
        put(GAZETTEER, "Sudria\tlh:Land", "Sudria\tlh:Lnad"),
        GAZETTEER,
        "Sudria",
        "'lh:Lnad' is no class",
    ),
    "no ontology": (remove("ontology"), "", None, "no folder ontology/"),
    "no shapes": (remove("shapes"), "", None, "no folder shapes/"),
}


def test_the_folder_is_read_before_it_is_broken(tmp_path: Path) -> None:
    assert read_domain(copy(tmp_path)).phrases


@pytest.mark.parametrize("case", mostly_slow(BROKEN))
def test_broken_folder_names_file_line_and_term(case: str, tmp_path: Path) -> None:
    change, file, words, message = BROKEN[case]
    folder = copy(tmp_path)
    change(folder)
    with pytest.raises(DomainError) as caught:
        read_domain(folder)
    error = caught.value
    assert message in str(error)
    assert "\n" not in str(error)
    assert str(error).startswith(f"{file}:" if file else str(folder))
    if words is not None:
        assert error.line is not None
        lines = (folder / file).read_text("utf-8").splitlines()
        assert words in lines[error.line - 1]
        assert (
            "not Turtle" in message
            or file == GAZETTEER
            or (error.term or "").endswith(words.partition(":")[2])
        )


@pytest.mark.slow
def test_two_slots_of_one_name_within_reach(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    put(
        ONTOLOGY,
        "lh:near a owl:ObjectProperty",
        "<https://example.org/other#near> a owl:ObjectProperty .\nlh:near a owl:ObjectProperty",
    )(folder)
    put(SHAPES, "shape:Wreck-near ,", "shape:Wreck-near , shape:Wreck-near2 ,")(folder)
    put(
        SHAPES,
        "shape:Wreck-date a",
        "shape:Wreck-near2 a sh:PropertyShape ; sh:path <https://example.org/other#near> .\nshape:Wreck-date a",
    )(folder)
    with pytest.raises(DomainError, match="ambiguous"):
        read_domain(folder)
    put(LEXICON, "near {near} ~", "near {lh:near} ~")(folder)
    put(LEXICON, "[Gull Head Light]{near}", "[Gull Head Light]{lh:near}")(folder)
    assert read_domain(folder).phrases


QUERIES: dict[str, tuple[str, str, str]] = {
    "undeclared parameter": ("?height >= $metres", "?height >= $meters", "meters"),
    "not SPARQL": ("ORDER BY DESC", "ORDER DESC", "tall.rq"),
}


@pytest.mark.parametrize("case", QUERIES)
def test_broken_query_names_file_and_term(case: str, tmp_path: Path) -> None:
    old, new, words = QUERIES[case]
    folder = copy(tmp_path)
    put("queries/tall.rq", old, new)(folder)
    [error] = check_queries(read_domain(folder))
    assert str(error).startswith("queries/tall.rq")
    assert words in str(error)


def test_other_rules_are_another_version(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    before = read_domain(folder).version
    assert read_domain(folder).version == before
    put(LEXICON, '"Status"', '"State"')(folder)
    assert read_domain(folder).version != before


def test_word_lists_of_its_own_replace_the_shared(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    (folder / "ontology" / "words.ttl").write_text(
        '@prefix lk: <https://w3id.org/lodkit/core#> .\n<https://example.org/words#negator> a lk:WordList ; lk:form "ikke" .\n',
        "utf-8",
    )
    english = read_domain(folder).english
    assert english.words("negator") == {"ikke"}
    assert english.words("hedge") == frozenset()
