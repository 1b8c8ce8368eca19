"""Find the mentions of a sentence: dates, names, quoted titles and class nouns."""

from __future__ import annotations

from collections.abc import Iterator

from ..domain import fold
from ..domain.lexicon import CORE
from ..language.tokens import Sentence
from ..statement import Basis, Span
from .context import Context, last_name, looks_personal
from .lexis import NounForm
from .links import linked_node
from .names import Name
from .nodes import Node, Typing
from .scene import Mention, Scene, find_quotes
from .values import EDTF, YEAR, Value, find_dates

MAX_MODIFIERS = 7
MAX_TITLE = 14
"""The longest quoted title, in tokens; what is longer is somebody's words."""


def build_scene(context: Context, span: Span) -> Scene:
    """Return a sentence with its mentions."""
    sentence = Sentence(context.text, span)
    scene = Scene(sentence)
    taken = _add_dates(context, scene)
    for first, last in find_quotes(sentence):
        scene.quotes.append((first, last))
        if last - first <= MAX_TITLE:
            scene.add(Mention(first, last, max(first - 1, 0), "quote"))
    names = list(context.finder.find(sentence, taken))
    covered = {i for name in names for i in range(name.first, name.last)}
    nouns = list(_nouns(context, sentence, covered))
    for name, following in zip(names, [*names[1:], None], strict=False):
        _add_name(context, scene, name, nouns, following)
    for mention in nouns:
        scene.add(mention)
        _title_after(context, scene, mention)
    return scene


def _title_after(context: Context, scene: Scene, noun: Mention) -> None:
    """A class noun right before a quoted title types what the title names: the manifesto "The Lamp"."""
    for quote in [m for m in scene.starting.get(noun.last, ()) if m.kind == "quote" and not noun.plural]:
        text, span = scene.text(quote), scene.span(quote)
        if (
            noun.cls not in context.book.minted
            and text[0].isupper()
            and scene.sentence.low[noun.outer] not in context.lexis.english.words("negator")
        ):
            node = context.nodes.name(text, span)
            whole = Span(scene.sentence.starts[noun.outer], span.end)
            context.give_type(node, noun.cls or "", noun.rule or "", Basis.STATED, whole, span)
            last = quote.last + (
                quote.last < len(scene.sentence) and scene.sentence.words[quote.last] in "\"”’'"
            )
            scene.add(Mention(quote.first, last, noun.outer, "phrase", node, words=span))


def _add_dates(context: Context, scene: Scene) -> dict[int, int]:
    sentence = scene.sentence
    taken: dict[int, int] = {}
    _add_relative_date(context, scene)
    if not any(word[0].isdigit() for word in sentence.words):
        return taken
    for value in find_dates(
        context.text, sentence.span.start, sentence.span.end, context.lexis.english.months
    ):
        if value.lexical is None:
            continue
        first, last = sentence.index_at(value.span.start), sentence.index_at(value.span.end - 1) + 1
        scene.add(Mention(first, last, first, "date", value=value))
        taken[first] = last
        context.last_date = value
    return taken


def _add_relative_date(context: Context, scene: Scene) -> None:
    """ "Years before, …" opens a sentence: the date is open towards the last date before it."""
    sentence, last = scene.sentence, context.last_date
    pattern = context.lexis.english.table("relative-date").get(" ".join(sentence.low[:2]))
    if pattern is not None and last is not None and last.lexical and last.datatype == YEAR:
        value = Value(sentence.cover(0, 2), pattern.replace("{}", last.lexical), EDTF)
        scene.add(Mention(0, 2, 0, "date", value=value))


# ---- names ----


def _add_name(
    context: Context, scene: Scene, name: Name, nouns: list[Mention], following: Name | None
) -> None:
    sentence = scene.sentence
    text = sentence.words_of(name.first, name.last)
    span = sentence.cover(name.first, name.last)
    placed = name.outer > 0 and sentence.low[name.outer - 1] in context.lexis.english.words(
        "place-preposition"
    )
    placed = placed or _listed(sentence, name) or _before_country(context, sentence, name, following)
    node = name_node(context, _without_suffix(context, text), span, placed=placed)
    node.determined = (
        node.determined
        or (name.outer < name.first and sentence.low[name.outer] in context.lexis.the)
        or _is_where(context, sentence, name)
    )
    if name.titled:
        for cls in sorted(context.person_classes()):
            context.give_type(node, cls, _person_rule(context, cls), Basis.INFERRED, span)
    outer = _described(context, sentence, name, nouns, node)
    scene.add(Mention(name.first, name.last, outer, "name", node))


def _is_where(context: Context, sentence: Sentence, name: Name) -> bool:
    """ "based in Ashford Falls": what stands after "in" is a place, whatever its name looks like."""
    before = sentence.low[name.outer - 1] if name.outer > 0 else ""
    owns = name.last < len(sentence) and sentence.low[name.last] == "'s"
    return before in context.lexis.english.words("locative-in") and not name.titled and not owns


def _without_suffix(context: Context, text: str) -> str:
    """The subject with its legal form, "Blue Lantern, Inc.", is the subject."""
    plain, comma, suffix = text.rpartition(",")
    known = comma and suffix.strip(" .").lower() in context.lexis.english.words("name-suffix")
    return plain if known and context.nodes.named.get(fold(plain)) is context.nodes.subject else text


def _before_country(context: Context, sentence: Sentence, name: Name, following: Name | None) -> bool:
    """ "City, Country" where the gazetteer has them so."""
    if following is None or sentence.words[name.last : following.outer] != [","]:
        return False
    find = context.domain.gazetteer.find
    city, country = (
        find(sentence.words_of(name.first, name.last)),
        find(sentence.words_of(following.first, following.last)),
    )
    return city is not None and country is not None and city.country == country.name


def _listed(sentence: Sentence, name: Name) -> bool:
    """Between two commas."""
    return (
        name.last < len(sentence)
        and sentence.words[name.last] == ","
        and name.outer > 0
        and sentence.words[name.outer - 1] == ","
    )


def _person_rule(context: Context, cls: str) -> str:
    return next(rule.iri for rule in context.domain.nouns if rule.fills == cls and rule.pronoun == "person")


def name_node(context: Context, text: str, span: Span, *, placed: bool = False) -> Node:
    """Return the node of a name: a known one, the person of that surname, a gazetteer place, or a new one
    typed by its head noun.
    """
    key = fold(text)
    node = linked_node(context, span) or context.nodes.named.get(key)
    if node is None and " " not in key and context.domain.gazetteer.find(text) is None:
        node = context.surnames.get(key)
        if node is not None:
            node.last_span = span
            return node
    if node is not None:
        _met_again(context, node, text, span, placed=placed)
        return node
    node = context.nodes.name(text, span)
    _type_by_background(context, node, text, span, placed=placed)
    _learn_surname(context, node, text)
    return node


def _met_again(context: Context, node: Node, text: str, span: Span, *, placed: bool) -> None:
    """Note that a node is mentioned that was known before, or that a link leads to."""
    node.last_span = span
    if node is context.nodes.subject:
        return
    is_first = not node.spellings
    if is_first or node.page is not None or fold(node.label()) == fold(text):
        node.note(text, span)
    if node.entry is None and not node.types:
        _type_by_background(context, node, text, span, placed=placed)
    if is_first:
        _learn_surname(context, node, text)


def _learn_surname(context: Context, node: Node, text: str) -> None:
    if looks_personal(text) and not node.types:
        surname = fold(last_name(node))
        context.surnames[surname] = node if surname not in context.surnames else None


def _type_by_background(context: Context, node: Node, text: str, span: Span, *, placed: bool) -> None:
    head = head_class(context, text)
    entry = context.domain.gazetteer.find(node.page or text)
    if entry is not None and (entry.mark == "" or (entry.mark == "weak" and placed)):
        node.entry = entry
        node.shared = True
        context.nodes.add_type(node, entry.cls, Typing(CORE + "gazetteer", Basis.BACKGROUND, span))
    elif head is not None:
        context.nodes.add_type(node, head[0], Typing(head[1], Basis.INFERRED, span))


def head_class(context: Context, text: str) -> tuple[str, str] | None:
    """Return (class, rule) of the head noun of a name: its last word, or the word before "of", "for" or
    "to".
    """
    words = text.lower().split()
    for index, word in enumerate(words):
        if index and (word == "–" or word in context.lexis.english.words("name-tail")):
            words = words[:index]
            break
    return context.lexis.heads.get(words[-1]) if words and (len(words) > 1 or len(text.split()) > 1) else None


def _described(context: Context, sentence: Sentence, name: Name, nouns: list[Mention], node: Node) -> int:
    """A class noun right before a name types it ("the newspaper The Signal"); the mention then starts
    there.
    """
    for noun in nouns:
        if (
            _leads_to(context, sentence, noun, name)
            and not noun.plural
            and not name.titled
            and noun.cls not in context.book.minted
        ):
            if noun.definite is None and noun.first > 0 and sentence.words[noun.first - 1] == "'s":
                continue
            span = sentence.cover(noun.outer, name.last)
            subject_span = sentence.cover(name.first, name.last)
            context.give_type(node, noun.cls or "", noun.rule or "", Basis.STATED, span, subject_span)
            return noun.outer if noun.definite is not None else _modifiers_from(context, sentence, noun.outer)
    return name.outer


def _modifiers_from(context: Context, sentence: Sentence, at: int) -> int:
    """Return the token where the modifiers before a token begin: "former Norlandic" before "diplomat Jo
    Berg".
    """
    start = at
    while start > 0 and at - start < MAX_MODIFIERS and _is_modifier(context, sentence, start - 1):
        start -= 1
    return start


def _leads_to(context: Context, sentence: Sentence, noun: Mention, name: Name) -> bool:
    """A noun stands right before the name, or before "called", "titled" and the like."""
    between = sentence.low[noun.last : name.outer]
    return noun.last == name.outer or (
        0 < len(between) <= 2
        and between[0] in context.lexis.naming
        and not any(w[0].isalpha() for w in between[1:])
    )


# ---- class nouns ----


def _nouns(context: Context, sentence: Sentence, covered: set[int]) -> Iterator[Mention]:
    index = 0
    while index < len(sentence):
        form = None if index in covered else context.lexis.noun_at(sentence.low, index)
        if form is None and index not in covered and _is_own_head(context, sentence, index):
            yield Mention(index, index + 1, index - 1, "noun", context.nodes.subject, definite=True)
        end = index + len(form.words) if form else 0
        if form is None or not (end in covered or heads_phrase(context, sentence, end)):
            index += 1
            continue
        yield _noun_mention(context, sentence, index, form)
        index += len(form.words)


def _is_own_head(context: Context, sentence: Sentence, at: int) -> bool:
    """ "the centre", in an article on a Centre for something: the head noun of the subject's own name, though
    no rule knows it.
    """
    if at == 0 or sentence.low[at - 1] not in context.lexis.the:
        return False
    if sentence.words[at] != context.own_head and not context.calls_subject(sentence.words[at]):
        return False
    return heads_phrase(context, sentence, at + 1) and sentence.low[at + 1 : at + 2] != ["of"]


def heads_phrase(context: Context, sentence: Sentence, at: int) -> bool:
    """Tell whether what ends at a token heads its phrase: no other noun follows, as in "party member"."""
    if at >= len(sentence):
        return True
    word, low = sentence.words[at], sentence.low[at]
    if not word[0].isalpha() or not word[0].islower():
        return True
    lexis = context.lexis
    return (
        low in lexis.closed
        or low in lexis.english.past_forms
        or low in lexis.english.words("after-noun")
        or low in context.book.verbs
        or low in context.book.frame_verbs
        or lexis.is_adverb(low)
        or low.endswith(("ed", "ing"))
        or low == "'s"
        or (low in lexis.english.words("attribution-verb"))
    )


def _noun_mention(context: Context, sentence: Sentence, first: int, form: NounForm) -> Mention:
    english, low = context.lexis.english, sentence.low
    start = first
    while start > 0 and first - start < MAX_MODIFIERS and _is_modifier(context, sentence, start - 1):
        start -= 1
    determiner = low[start - 1] if start else ""
    last = first + len(form.words)
    if determiner in english.words("definite"):
        return Mention(first, last, start - 1, "noun", None, form.cls, form.rule, form.plural, True)
    if determiner in english.words("indefinite"):
        return Mention(first, last, start - 1, "noun", None, form.cls, form.rule, form.plural, False)
    return Mention(
        first, last, start if form.plural else first, "noun", None, form.cls, form.rule, form.plural, None
    )


def _is_finite(context: Context, sentence: Sentence, at: int) -> bool:
    """Tell whether a word is a verb in another form than its base ("open" may be an adjective, and so is
    "armed" after "an").
    """
    low = sentence.low[at]
    if at > 0 and sentence.low[at - 1] in context.lexis.english.words("indefinite"):
        return False
    return low in context.book.verbs and (
        low.endswith(("ed", "ing", "s")) or low in context.lexis.english.past_forms
    )


def _is_modifier(context: Context, sentence: Sentence, at: int) -> bool:
    word, low = sentence.words[at], sentence.low[at]
    after = sentence.low[at + 1] if at + 1 < len(sentence) else ""
    if (
        context.lexis.is_nationality(low)
        or (word[0].isupper() and context.lexis.is_nationality(after))
        or context.lexis.term(low) is not None
        or ("-" in word and word.rpartition("-")[2].islower() and word[0].isupper())
    ):
        return True
    if low == "'s" and at > 0:
        return sentence.low[at - 1] in context.finder.possessives
    if at > 0 and (low == "," or low in context.lexis.joints):
        return (
            sentence.words[at - 1].islower()
            and sentence.low[at - 1] not in context.lexis.closed
            and low != ","
        )
    return (
        word[0].isalpha()
        and word[0].islower()
        and low not in context.lexis.closed
        and not _is_finite(context, sentence, at)
        and not low.endswith("ly")
    )
