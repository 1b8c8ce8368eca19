"""How English is read: short articles of ``extract/*.toml`` and the statements that they yield, and the small
parts beneath.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import Literal, NamedNode

from lodkit.domain.english import English
from lodkit.extract import Extraction, extract
from lodkit.extract.compiled import phrase_book
from lodkit.extract.context import MAX_SENTENCE, Context
from lodkit.extract.definition import learn_subject, read_aliases
from lodkit.extract.lexis import lexis_of, plural_of
from lodkit.extract.mentions import build_scene
from lodkit.extract.modality import scopes
from lodkit.extract.names import NameFinder, acronyms
from lodkit.extract.nodes import Nodes
from lodkit.extract.row_rules import key_words
from lodkit.extract.subject import verb_group
from lodkit.language.tokens import Sentence
from lodkit.source import parse_article
from lodkit.statement import BASE, Modality, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lodkit.domain import Domain
    from lodkit.extract.scene import Scene

LABEL = "rdfs:label"
TYPE = "rdf:type"
LEAD = "Blue Lantern is a political party. "
FILES = sorted((Path(__file__).parent / "extract").glob("*.toml"))


# ---- short articles
# -----------------------------------------------------------------------------------------------------------


def cases() -> Iterator[Any]:
    for path in FILES:
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            marks = [pytest.mark.xfail(reason=case["xfail"], strict=True)] if "xfail" in case else []
            yield pytest.param(case, id=f"{path.stem}: {case['name']}", marks=marks)


def article_of(case: dict[str, Any]) -> str:
    rows = f"Infobox\n{case['infobox'].strip()}\n\n" if "infobox" in case else ""
    return (
        f"= {case.get('title', 'Blue Lantern')} =\n\n{rows}{case.get('lead', LEAD)}{case.get('text', '')}\n"
    )


def read(text: str, domain: Domain) -> Extraction:
    return extract(parse_article(text, abbreviations=domain.english.words("abbreviation")), domain)


class Words:
    """An extraction's statements in words: entities by their labels, terms as CURIEs, literals with a
    language other than English.
    """

    def __init__(self, extraction: Extraction, domain: Domain) -> None:
        self.domain = domain
        self.part_rules = {rule.iri for rule in domain.parts}
        self.statements = [s for s in extraction.statements if domain.compact(s.predicate.value) != LABEL]
        self.labels = {
            s.subject: s.object.value for s in extraction.statements if s.predicate.value.endswith("#label")
        }

    def term(self, term: NamedNode | Literal) -> str:
        if isinstance(term, NamedNode):
            return self.labels.get(term) or self.domain.compact(term.value)
        return term.value + (f"@{term.language}" if term.language not in (None, "en") else "")

    def says(self) -> set[str]:
        """What it says but for the parts of noun phrases, which phrases.toml is about."""
        return self._said(parts=False)

    def parts_say(self) -> set[str]:
        return self._said(parts=True)

    def _said(self, *, parts: bool) -> set[str]:
        found = set()
        for s in self.statements:
            if (s.rule.value in self.part_rules) is not parts:
                continue
            predicate = self.domain.compact(s.predicate.value)
            words = [self.term(s.subject), predicate, self.term(s.object)]
            words += [s.modality] if s.modality is not Modality.ASSERTED else []
            words += [self.term(s.attributed_to)] if s.attributed_to is not None else []
            if predicate != TYPE:
                found.add(" | ".join(words))
        return found

    def types(self) -> set[str]:
        return {
            f"{self.term(s.subject)} | {self.term(s.object)} | {s.basis}"
            for s in self.statements
            if self.domain.compact(s.predicate.value) == TYPE and s.modality is Modality.ASSERTED
        }


@pytest.mark.parametrize("case", list(cases()))
def test_short_article(case: dict[str, Any], domain: Domain) -> None:
    extraction = read(article_of(case), domain)
    words = Words(extraction, domain)
    assert words.says() == set(case["says"])
    if "parts" in case:
        assert words.parts_say() == set(case["parts"])
    if "types" in case:
        assert words.types() == set(case["types"])
    if "skips" in case:
        assert [f"{s.kind}: {s.reason}" for s in extraction.skipped if s.kind != "sentence"] == case["skips"]


def test_every_case_has_a_name_of_its_own() -> None:
    names = [
        case["name"]
        for path in FILES
        for case in tomllib.loads(path.read_text("utf-8"))["case"]
        if path.stem != "types"
    ]
    assert len(set(names)) == len(names) - 1  # a place in a place stands in a sentence and in a row


def test_an_overlong_sentence_is_skipped_and_said(domain: Domain) -> None:
    long = "It was founded by Ada Lund " + "and so on " * (MAX_SENTENCE // 10) + "."
    extraction = read(f"= Blue Lantern =\n\n{LEAD}\n\n{long}\n", domain)
    assert Words(extraction, domain).says() == set()
    reasons = {s.span.of(extraction.article.text)[:6]: s.reason for s in extraction.skipped}
    assert reasons["It was"] == "longer than 5,000 characters"


# ---- names
# ----------------------------------------------------------------------------------------------------------------------

NAMES = [
    ("It met Ada Lund in Oslo.", ["Ada Lund", "Oslo"]),
    ("The Harbour League met the Coast Party.", ["Harbour League", "Coast Party"]),
    ("President Jo Berg spoke.", ["Jo Berg"]),
    ("The Norwegian president Jo Berg spoke.", ["Jo Berg"]),
    ("The Norwegian government spoke.", []),
    ("They left in May and on Monday.", []),
    ("They praised Norland-based poets.", []),
    ("She read the People's Lantern Army's letter.", ["People's Lantern Army"]),
    ("The teacher met Ada's sister.", ["Ada"]),
    ("It joined the Committee for the Defence of Norland.", ["Committee for the Defence of Norland"]),
    ("It joined the Socialist and Labour League.", ["Socialist and Labour League"]),
    ("It met Ada Lund and Jo Berg.", ["Ada Lund", "Jo Berg"]),
    ("It met Ada van der Lund.", ["Ada van der Lund"]),
    ("It met J. K. Berg.", ["J. K. Berg"]),
    ("Lanterns are lamps.", []),
    ("However, nobody came.", []),
    ("It bought Lamp Works, Inc. in Oslo.", ["Lamp Works, Inc.", "Oslo"]),
    ("Will Berg spoke, and Will Berg left.", ["Berg", "Will Berg"]),
]


def finder(domain: Domain, text: str) -> NameFinder:
    return NameFinder(domain, lexis_of(domain), text, phrase_book(domain).verbs)


@pytest.mark.parametrize(("text", "names"), NAMES)
def test_names_of_a_sentence(text: str, names: list[str], domain: Domain) -> None:
    sentence = Sentence(text, Span(0, len(text)))
    found = finder(domain, text).find(sentence, {})
    assert [sentence.words_of(name.first, name.last) for name in found] == names


def test_a_known_name_wins_over_its_parts(domain: Domain) -> None:
    text = "They read of lamps and the Night for Oslo."
    sentence, names = Sentence(text, Span(0, len(text))), finder(domain, text)
    names.learn(["of", "lamps", "and", "the", "Night"])
    assert [sentence.words_of(n.first, n.last) for n in names.find(sentence, {})] == [
        "of lamps and the Night",
        "Oslo",
    ]


def test_no_name_begins_inside_a_date(domain: Domain) -> None:
    text = "It met on May Day Berg."
    sentence = Sentence(text, Span(0, len(text)))
    found = finder(domain, text).find(sentence, {3: 5})
    assert [(name.first, name.last) for name in found] == [(5, 6)]


ACRONYMS = [
    ("the Harbour League of Norland (HLN) met", [("Harbour League of Norland", "HLN")]),
    ("the Harbour League of Norland (HL) met", []),
    ("the Harbour League of Norland (HLON) met", [("Harbour League of Norland", "HLON")]),
    ("the harbour league (HL) met", []),
    ("the League (L) met", []),
    ("It met. Night Choir (NC) sang", [("Night Choir", "NC")]),
    ("Blue Lantern (BL) and Night Choir (NC)", [("Blue Lantern", "BL"), ("Night Choir", "NC")]),
    ("Blue Lantern (founded 1996)", []),
    ("(BL)", []),
]


@pytest.mark.parametrize(("text", "found"), ACRONYMS)
def test_acronyms_with_their_long_forms(text: str, found: list[tuple[str, str]]) -> None:
    assert [(text[start:end], abbreviation) for start, end, abbreviation in acronyms(text)] == found


ALIASES = [
    ("Blue Lantern (BL) is", {"BL"}),
    ("Blue Lantern (Blå Lykta, BL) is", {"Blå Lykta", "BL"}),
    ("Blue Lantern (Swedish: Blå Lykta; BL) is", {"Blå Lykta", "BL"}),
    ("Blue Lantern (Blå Lykta or Lykta) is", {"Blå Lykta", "Lykta"}),
    ('Blue Lantern ("Blå Lykta") is', {"Blå Lykta"}),
    ("Blue Lantern (the BL) is", {"BL"}),
    ("Blue Lantern (Greek: Μπλε Φανάρι, Ble Fanari) is", {"Μπλε Φανάρι", "Ble Fanari"}),
    ("Blue Lantern (Swedish) is", set()),
    ("Blue Lantern (founded in 1996) is", set()),
    ("Blue Lantern (May) is", set()),
    ("Blue Lantern (Blå Lykta in Swedish) is", set()),
    ("Blue Lantern is blue (BL)", set()),
]


@pytest.mark.parametrize(("lead", "names"), ALIASES)
def test_names_in_the_brackets_of_the_lead(lead: str, names: set[str], domain: Domain) -> None:
    context = context_of(f"= Blue Lantern =\n\n{lead} a political party.\n", domain)
    learn_subject(context)
    read_aliases(context)
    known = {name for name, node in context.nodes.named.items() if node is context.nodes.subject}
    assert known == {"blue lantern", *(Nodes(domain, name, BASE).subject.key for name in names)}


# ---- words
# ----------------------------------------------------------------------------------------------------------------------

PLURALS = [
    ("party", "parties"),
    ("journey", "journeys"),
    ("church", "churches"),
    ("box", "boxes"),
    ("league", "leagues"),
    ("woman", "women"),
    ("chairman", "chairmen"),
    ("person", "people"),
    ("series", "series"),
    ("army", "armies"),
]


@pytest.mark.parametrize(("noun", "plural"), PLURALS)
def test_plural(noun: str, plural: str, domain: Domain) -> None:
    assert plural_of(domain.english, noun) == plural


def test_plural_without_a_table() -> None:
    assert plural_of(English({}, {}, {}), "person") == "persons"


KEYS = [
    ("Leader2_Name", "leader name"),
    ("LEADER", "leader"),
    ("Leader 1", "leader"),
    ("  Founded   by ", "founded by"),
    ("3D model", "3d model"),
    ("", ""),
]


@pytest.mark.parametrize(("key", "words"), KEYS)
def test_key_words(key: str, words: str) -> None:
    assert key_words(key) == words


# ---- clauses
# --------------------------------------------------------------------------------------------------------------------


def context_of(text: str, domain: Domain) -> Context:
    article = parse_article(text, abbreviations=domain.english.words("abbreviation"))
    return Context(domain, article, Nodes(domain, article.name, BASE), finder(domain, article.text))


def scene_of(sentence: str, domain: Domain) -> tuple[Context, Scene]:
    context = context_of(f"= Blue Lantern =\n\n{sentence}\n", domain)
    start = context.text.index(sentence)
    return context, build_scene(context, Span(start, start + len(sentence)))


# A sentence, the verb, the words that its group leaves on the left, and what the group makes of the clause;
# None: says nothing.
GROUPS: list[tuple[str, str, str | None, set[Modality]]] = [
    ("It founded it", "founded", "It", set()),
    ("It was founded", "was", "It", set()),
    ("It later founded it", "founded", "It", set()),
    ("It had quickly founded it", "founded", "It", set()),
    ("It has not founded it", "founded", "It", {Modality.NEGATED}),
    ("It didn't found it", "found", "It", {Modality.NEGATED}),
    ("It may have founded it", "founded", "It", {Modality.HEDGED}),
    ("It allegedly never founded it", "founded", "It", {Modality.HEDGED, Modality.NEGATED}),
    ("It planned to found it", "found", "It", {Modality.HEDGED}),
    ("It failed to found it", "found", "It", {Modality.NEGATED}),
    ("It went on to found it", "found", "It", set()),
    ("It helped to found it", "found", "It", set()),
    ("It met her to found it", "found", None, set()),
    ("To found it", "found", None, set()),
]


@pytest.mark.parametrize(("text", "verb", "left", "cues"), GROUPS)
def test_verb_group(text: str, verb: str, left: str | None, cues: set[Modality], domain: Domain) -> None:
    context, scene = scene_of(text, domain)
    at = scene.sentence.low.index(verb)
    group = verb_group(context, scene, at, context.lexis.english.verb_form(verb, frozenset({"found", "be"})))
    assert (group and (scene.sentence.words_of(0, group[0]), set(group[1]))) == (
        (left, cues) if left else None
    )


# A sentence, and each stretch of it that is less than asserted, with its modality and speaker.
SCOPES: list[tuple[str, list[tuple[str, str, str | None]]]] = [
    ("It was founded.", []),
    ("According to Ada Lund, it shone.", [("According to Ada Lund, it shone.", "attributed", "Ada Lund")]),
    ("According to its foes, it shone.", [("According to its foes, it shone.", "attributed", "its foes")]),
    ("Ada Lund said that it shone.", [("that it shone.", "attributed", "Ada Lund")]),
    ("Ada Lund said it shone.", [("it shone.", "attributed", "Ada Lund")]),
    ("Ada Lund denied that it shone.", [("that it shone.", "hedged", None)]),
    ("It is said that it shone.", [("that it shone.", "hedged", None)]),
    ("It shone, Ada Lund said.", [("It shone, Ada Lund said.", "attributed", "Ada Lund")]),
    ("It shone if it was lit, and lamps did.", [("if it was lit", "hedged", None)]),
    ("Unless lit, it was dark.", [("Unless lit", "hedged", None)]),
    ("Did it shine?", [("Did it shine?", "hedged", None)]),
    (
        'She wrote "it was lit by all the poor of the coast" there.',
        [("it was lit by all the poor of the coast", "attributed", None)],
    ),
    ('She wrote "The Lamp" there.', []),
]


@pytest.mark.parametrize(("text", "found"), SCOPES)
def test_scopes(text: str, found: list[tuple[str, str, str | None]], domain: Domain) -> None:
    context, scene = scene_of(text, domain)

    def words(speaker: object) -> str | None:
        return (
            speaker.of(context.text)
            if isinstance(speaker, Span)
            else getattr(speaker, "label", lambda: None)()
        )

    assert [
        (scene.sentence.words_of(s.first, s.last), s.modality, words(s.speaker))
        for s in scopes(context, scene)
    ] == found
