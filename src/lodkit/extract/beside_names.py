"""What stands beside a name: occupation and title before it, dates of life in brackets after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..domain.lexicon import CORE
from ..language.noun_phrase import Bounds
from ..statement import Basis, Span
from .context import Context, Reading
from .definition import Alias, record_name
from .filler import after_bracket
from .lexis import Lexis
from .mentions import heads_phrase
from .nodes import Node
from .part_rules import part_rules
from .scene import Mention, Scene
from .values import Value

MIN_TRADE = 4
"""How many letters a word has at least that is taken for an occupation by its ending."""

LONGEST_TRADE = 2
"""The most words of an occupation that is known by its ending alone."""

LONGEST_SHORT_FORM = 8
"""The most capitals of an abbreviation in brackets."""


def read_beside_names(context: Context, scene: Scene) -> None:
    """Read what stands before and after the names of a sentence."""
    _read_short_forms(context, scene)
    _read_kinds(context, scene)
    _read_occupations(context, scene)
    _read_titles(context, scene)
    _read_lives(context, scene)


def begin_at_occupation(context: Context, scene: Scene, name: Mention, node: Node) -> None:
    """ "the retired army doctor Ada Lund": what stands before a person's name says what the person is, and
    the mention begins there.
    """
    bounds = _occupation(context, scene, name, node)
    if bounds is None:
        return
    for cls in sorted(context.person_classes()):
        context.give_type(node, cls, CORE + "mention", Basis.INFERRED, scene.sentence.cover(*bounds))
    low = scene.sentence.low
    determined = bounds[0] > 0 and low[bounds[0] - 1] in context.lexis.english.words("determiner")
    outer = min(name.outer, bounds[0] - determined)
    scene.drop(name)
    scene.add(replace(name, outer=outer))


def _read_short_forms(context: Context, scene: Scene) -> None:
    """ "Unio Lucerna (BL)": capitals in brackets after a name of several words that is no person's, also
    where its letters are those of the name in another language.
    """
    words = scene.sentence.words
    for name, node in scene.names():
        short = words[name.last + 1 : name.last + 3]
        if words[name.last : name.last + 1] != ["("] or short[1:] != [")"]:
            continue
        letters = sum(char.isupper() for char in short[0])
        personal = context.is_person(node) or (not node.types and context.looks_like_person(node))
        several = name.last - name.first > 1 and not personal
        if several and 2 <= letters <= LONGEST_SHORT_FORM and letters * 2 > len(short[0]):
            at = scene.sentence.cover(name.last + 1, name.last + 2)
            record_name(context, node, scene.span(name), Alias("abbreviation", at))


def _read_kinds(context: Context, scene: Scene) -> None:
    """ "the social-democratic party Blue Lantern": the noun right before a name says what bears it."""
    low, persons = scene.sentence.low, context.person_classes()
    for name, node in scene.names():
        before = [m for m in scene.ending.get(name.first, ()) if m.kind == "noun" and m.cls and not m.plural]
        heads = heads_phrase(context, scene.sentence, name.last)
        if not before or not heads or node.minted is not None:
            continue
        noun = before[0]
        if noun.cls in context.book.minted or any(
            context.domain.is_a(noun.cls or "", cls) for cls in persons
        ):
            continue
        phrase = context.phrases.at(scene.sentence, noun.outer)
        first = phrase.noun[0] if phrase is not None and phrase.last == noun.last else noun.first
        determined = low[noun.outer] in context.lexis.english.words("determiner")
        if determined and noun.cls in node.types:
            _read_before(context, scene, name, (first, noun.last), "kind")


def _read_occupations(context: Context, scene: Scene) -> None:
    for name, node in scene.names():
        bounds = _occupation(context, scene, name, node)
        if bounds is None or not context.is_person(node):
            continue
        for words in _trades(context, scene, bounds):
            whole = scene.sentence.cover(bounds[0], name.last).cover(words)
            _read(context, scene, name, "occupation", (words, words, whole))
        people = scene.sentence.low[bounds[0] - 1] if bounds[0] > 0 else ""
        if context.lexis.is_nationality(people) and scene.sentence.words[bounds[0] - 1][0].isupper():
            _read_before(context, scene, name, (bounds[0] - 1, bounds[0]), "adjective")


def _trades(context: Context, scene: Scene, bounds: Bounds) -> Iterator[Span]:
    """The occupations before a name: "cartoonist-turned-politician" and "engineer and inventor" are two."""
    low, sentence = scene.sentence.low, scene.sentence
    first = bounds[0]
    if first > 1 and low[first - 1] in context.lexis.joints and _is_trade(context, low[first - 2]):
        yield sentence.cover(first - 2, first - 1)
    whole = sentence.cover(*bounds)
    words = whole.of(context.text)
    for turn in context.lexis.english.words("turn"):
        before, found, after = words.partition(turn)
        if found and before and after:
            yield Span(whole.start, whole.start + len(before))
            yield Span(whole.end - len(after), whole.end)
            return
    yield whole


def _is_trade(context: Context, word: str) -> bool:
    """Tell whether a word is the noun of a person, or looks like one."""
    form = context.lexis.noun_at([word], 0)
    if form is not None:
        return any(context.domain.is_a(form.cls, cls) for cls in context.person_classes())
    english = context.lexis.english
    ends = word.endswith(tuple(english.words("agent-ending"))) and len(word) > MIN_TRADE
    return ends and word not in english.words("no-agent") and word not in context.lexis.closed


def _occupation(context: Context, scene: Scene, name: Mention, node: Node) -> Bounds | None:
    """The words in lower case before a name whose last is the noun of a person."""
    words, low, lexis = scene.sentence.words, scene.sentence.low, context.lexis
    first = name.first
    while (
        first > 0
        and name.first - first < 6
        and words[first - 1][0].islower()
        and low[first - 1] not in lexis.closed
        and not low[first - 1].endswith("ly")
        and low[first - 1] not in lexis.adverbs
    ):
        first -= 1
    while first < name.first and low[first] in context.book.verbs and first + 1 < name.first:
        first += 1
    if first == name.first or not context.looks_like_person(node):
        return None
    noun = next(
        (lexis.noun_at(low, at) for at in range(first, name.first) if _ends(lexis, low, at, name.first)), None
    )
    persons = context.person_classes()
    if low[name.first - 1] in lexis.english.words("kin-noun"):
        return None
    if noun is None:
        start = first if name.first - first <= LONGEST_TRADE else name.first - 1
        return (start, name.first) if _is_trade(context, low[name.first - 1]) else None
    is_person = any(context.domain.is_a(noun.cls, cls) for cls in persons)
    return (first, name.first) if is_person and not noun.plural else None


def _ends(lexis: Lexis, low: list[str], at: int, end: int) -> bool:
    form = lexis.noun_at(low, at)
    return form is not None and at + len(form.words) == end


def _read_titles(context: Context, scene: Scene) -> None:
    """ "Captain Jo Berg": titles before a person's name."""
    titles = context.lexis.titles
    for name, node in scene.names():
        first = name.first
        while (
            first > 0
            and scene.sentence.low[first - 1] in titles
            and scene.sentence.words[first - 1][0].isupper()
        ):
            first -= 1
        if first == name.first or not context.is_person(node):
            continue
        if scene.sentence.low[name.first - 1] in context.lexis.english.words("title-opener"):
            continue  # "the Defence Ministry" is nobody's title
        _read_before(context, scene, name, (first, name.first), "title")


def _read_before(context: Context, scene: Scene, name: Mention, bounds: Bounds, part: str) -> None:
    """Let words before a name be a value of its node."""
    words, whole = scene.sentence.cover(*bounds), scene.sentence.cover(bounds[0], name.last)
    _read(context, scene, name, part, (words, words, whole))


def _read(
    context: Context, scene: Scene, name: Mention, part: str, said: tuple[Span | Value, Span, Span]
) -> None:
    """Read a value by the rule for a part; ``said`` are the value, its place, and the place of all of it."""
    found = next(part_rules(context, name.node, part), None) if name.node else None
    if found is None or name.node is None:
        return
    rule, shape = found
    value, at, whole = said
    subject = scene.span(name)
    reading = Reading(name.node, shape, value, rule.iri, whole, subject_span=subject, value_span=at)
    context.readings.append(reading)


def _read_lives(context: Context, scene: Scene) -> None:
    """ "Ada Lund (4 May 1901 – 3 June 1970)", "the Silver Choir (1961–1988)": when something began and
    ended.
    """
    words = scene.sentence.words
    for name, _ in scene.names():
        if words[name.last : name.last + 1] != ["("] or not _is_full(context, scene, name):
            continue
        close = after_bracket(scene, name.last) - 1
        dates = [
            m for at in range(name.last + 1, close) for m in scene.starting.get(at, ()) if m.kind == "date"
        ]
        values = [value for m in dates if m.value for value in (m.value.parts or (m.value,))]
        if len(values) != 2 or not _is_only_dates(scene, dates, name.last + 1, close):
            continue
        for part, value in zip(("begin", "end"), values, strict=True):
            whole = scene.span(name).cover(value.span)
            _read(context, scene, name, part, (value, value.span, whole))


def _is_full(context: Context, scene: Scene, name: Mention) -> bool:
    """Tell whether years after a name are those of its life: after "Bishop Jo" they may be of the office."""
    titled = name.first > 0 and scene.sentence.low[name.first - 1] in context.lexis.titles
    return name.last - name.first > 1 and not titled


def _is_only_dates(scene: Scene, dates: list[Mention], first: int, last: int) -> bool:
    covered = {at for date in dates for at in range(date.first, date.last)}
    return all(at in covered or scene.sentence.words[at] in "-–—" for at in range(first, last))
