"""The values of infobox rows: entities, dates, numbers and words, or why a value is none."""

from __future__ import annotations

import re

from ..domain import FieldRule, PropertyShape
from ..language.tokens import Sentence
from ..statement import Basis, Span
from .cells import name_span
from .compiled import Hole
from .context import Context, Skipped, is_readable, looks_personal
from .fill import entity
from .links import address_at, head_span
from .literals import words_as
from .marks import visible
from .mentions import build_scene, name_node
from .nodes import Node
from .parts import ADDRESS, FILE
from .phrases import run_nominal
from .values import Part, Value, parse_number

MAX_NAME = 10
_ENTITY = re.compile(r"&#?\w+;")
_FIRST = re.compile(r"(?P<word>\w+\.?)\s+")
_LATER_CAPITAL = re.compile(r"\S*[^\W\d_]")
_LAST = re.compile(r"(?P<comma>,?)\s+(?P<word>[\w.]+)$")
_NICKNAME = re.compile(r" \([^()]{1,30}\) ")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_PREFIX = re.compile(r"(?:[a-z]{1,2}['’]|[ae]l-)(?=\w)")


class ValueReader:
    """Reads one value as what its property shape asks for."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def withdraws(self, words: str) -> bool:
        """Tell whether words after a value take it back: "formerly", "disputed"."""
        plain = re.split(r"[(),;:]", words.lower().strip("( "), maxsplit=1)[0].split()
        forms = self.context.lexis.english.words("withdrawing")
        return bool(plain) and (plain[0] in forms or " ".join(plain[:2]) in forms)

    def read(
        self, shape: PropertyShape, rule: FieldRule, part: Part, words: str | None = None
    ) -> tuple[Node | Value | Span | str | None, str]:
        """Return the value, or nothing and the reason; ``words`` is the whole name where the part has but a
        piece of it.
        """
        text = part.span.of(self.context.text)
        address = address_at(self.context, part.span)
        if ADDRESS in shape.read_as and address is not None:
            return _absolute(part.span, address), ""
        if shape.kind == "word" and address is not None and shape.read_as:
            return words_as(address, shape.read_as, self.context.lexis.english), ""
        if shape.kind == "node":
            return self._node(shape, rule, part.span, words)
        if shape.kind == "choice":
            return shape.values.get(text.lower()), f"{text!r} is not on the list of {shape.name}"
        if ADDRESS in shape.read_as:
            return _absolute(part.span, text), ""
        if shape.kind != "number":
            return part.span, ""
        found, problem = self._number(rule, part)
        if found is None and words_as(text, shape.read_as, self.context.lexis.english).lexical is not None:
            return part.span, ""
        return found, problem

    def _number(self, rule: FieldRule, part: Part) -> tuple[Value | None, str]:
        text = part.span.of(self.context.text)
        number = parse_number(text)
        if number is None or number.lexical is None:
            return None, (number.reason if number else "") or f"{text!r} is not a number"
        if self.withdraws(number.note):
            return None, f"{number.note!r} takes it back"
        self._rest(rule, Span(part.span.start + number.span.end, part.span.end), number.note)
        return number, ""

    def _rest(self, rule: FieldRule, span: Span, words: str) -> None:
        """Say what a date or a number leaves of a value, if it is a bracket or holds digits."""
        if any(c.isdigit() or c == "(" for c in words):
            self.context.skipped.append(
                Skipped(span, "what stands after the value is not modelled", "value", rule.iri)
            )

    def _node(
        self, shape: PropertyShape, rule: FieldRule, span: Span, whole: str | None
    ) -> tuple[Node | None, str]:
        """The entity that a value names: a mention that is the whole value, else the value's words."""
        context = self.context
        link = context.links.get(span)
        if link is not None and link.kind == "page":
            head = head_span(context, link)
            return self._typed(name_node(context, head.of(context.text), head), shape, rule, span)
        span = self._name_span(span)
        text = visible(self._bare_name(span))
        if whole is not None and whole != span.of(context.text):
            return self._typed(name_node(context, visible(whole), span), shape, rule, span)
        if text.lower() in context.lexis.english.words("no-value"):
            return None, f"{text!r} is not a name"
        if FILE.search(text):
            return self._typed(context.nodes.name(text, span), shape, rule, span)
        if not is_readable(span):
            return None, "it is too long for a name"
        scene = build_scene(context, span)
        scene.row = True
        run_nominal(context, scene, [])
        mention = entity(context, scene, Hole("", shape, False, "node"), 0)
        if mention is not None and mention.last == len(scene.sentence) and isinstance(mention.value, Node):
            return self._typed(mention.value, shape, rule, span)
        words = text.split()
        if not self._is_name(words, shape):
            return None, f"{text!r} is not a name"
        if not context.lexis.joints.isdisjoint(words):
            context.finder.learn(Sentence(context.text, span).words)
        return self._typed(name_node(context, text, span), shape, rule, span)

    def _name_span(self, span: Span) -> Span:
        """A name without quotes, an article before it or a full stop after it."""
        text = self.context.text
        span = name_span(text, span)
        span = self._without_titles(span)
        words = span.of(text).split()
        if (
            len(words) > 1
            and words[0] in self.context.lexis.english.words("definite")
            and words[1][0].isupper()
        ):
            span = Span(text.index(words[1], span.start + len(words[0])), span.end)
        return Span(span.start, span.end - 1) if words and self._ends_sentence(words[-1]) else span

    def _without_titles(self, span: Span) -> Span:
        """A name without the titles before it and the letters after it: "Dr. Ada Lund, PhD"."""
        text, english = self.context.text, self.context.lexis.english
        titles, letters = english.words("honorific"), english.words("post-nominal")
        start, end = span.start, span.end
        first = _FIRST.match(text, start, end)
        while first and first["word"].lower() in titles and _LATER_CAPITAL.match(text, first.end(), end):
            start = first.end()
            first = _FIRST.match(text, start, end)
        last = _LAST.search(text[start:end])
        while last and last["word"].lower() in letters and (last["comma"] or last["word"].isupper()):
            end = start + last.start()
            last = _LAST.search(text[start:end])
        return Span(start, end)

    def _bare_name(self, span: Span) -> str:
        """A person's name without a short name in brackets inside it: "William (Bill) Holm"."""
        words = span.of(self.context.text)
        bare = _NICKNAME.sub(" ", words)
        return bare if bare != words and looks_personal(bare) else words

    def _is_name(self, words: list[str], shape: PropertyShape) -> bool:
        """A name begins with a capital, unless it is a concept's; it is no quantity, bracket or word for
        nothing.
        """
        english = self.context.lexis.english
        first = words[0].lower().strip(".,") if words else ""
        capital = bool(words) and (_begins_name(words[0]) or self._is_concept(shape))
        vague = any(
            first in english.words(name)
            for name in ("no-value", "preposition", "conjunction", "subordinator")
        )
        alone = first in english.words("no-value-alone") and words[1:2] and words[1][0].isupper()
        vague = vague and not alone and not self._is_person_like(words, shape)
        last = words[-1].lower() if words else ""
        vague = (
            vague or last in english.words("preposition") or last in english.words("definite") or "/" in words
        )
        odd = (
            any(c in word for word in words for c in "()[]{}|=<>:*")
            or any(map(self._ends_sentence, words))
            or self._joins(words)
        )
        odd = odd or any(map(_ENTITY.search, words))
        return capital and len(words) <= MAX_NAME and not odd and not vague and not first[:1].isdigit()

    def _is_person_like(self, words: list[str], shape: PropertyShape) -> bool:
        """Tell whether a first name is spelt like a preposition, "Per Holm", where persons may stand."""
        domain = self.context.domain
        persons = self.context.person_classes()
        fits = any(domain.is_a(person, cls) for person in persons for cls in shape.classes)
        return (
            fits
            and words[0].lower() in self.context.lexis.english.words("preposition")
            and looks_personal(" ".join(words))
            and domain.gazetteer.find(words[-1]) is None
        )

    def _joins(self, words: list[str]) -> bool:
        """Tell whether two names are left joined: "the Lantern and the Lamp", "Ada de Lund and Jo Berg"."""
        lexis = self.context.lexis
        plain = any(w.lower() in lexis.heads or w.lower() in lexis.nouns for w in words)
        for at, word in enumerate(words):
            if word in lexis.joints and 0 < at < len(words) - 1:
                sides = words[:at], words[at + 1 :]
                personal = not plain and all(
                    1 < len(side) < 4 and side[0][0].isupper() and side[-1][0].isupper() for side in sides
                )
                if personal or words[at + 1] in lexis.english.words("definite"):
                    return True
        return False

    def _ends_sentence(self, word: str) -> bool:
        plain = word[:-1].lower()
        return (
            word.endswith(".")
            and len(plain) > 2
            and "." not in plain
            and plain not in self.context.lexis.english.words("name-suffix")
        )

    def _is_concept(self, shape: PropertyShape) -> bool:
        """A class that term rules name instances of needs no capital."""
        return any(
            self.context.domain.is_a(term.fills, cls)
            for term in self.context.domain.terms
            for cls in shape.classes
        )

    def _typed(
        self, node: Node, shape: PropertyShape, rule: FieldRule, span: Span
    ) -> tuple[Node | None, str]:
        context, domain = self.context, self.context.domain
        if node is context.nodes.subject:
            return None, "the value is the subject itself"
        context.adopt_place(node, shape.classes)
        if not shape.classes or any(domain.is_a(known, cls) for known in node.types for cls in shape.classes):
            return node, ""
        context.give_type(node, shape.classes[0], rule.iri, Basis.INFERRED, span)
        if shape.classes[0] not in node.types:
            known = ", ".join(sorted(domain.compact(t) for t in node.types))
            return None, f"{node.label()!r} is {known}, not {domain.compact(shape.classes[0])}"
        return node, ""


def _absolute(span: Span, address: str) -> Value:
    """A web address with its scheme; ``https`` where it is not said."""
    plain = address.strip().rstrip(".,;")
    whole = plain if _SCHEME.match(plain) or "." not in plain else f"https://{plain}"
    return Value(span, whole, ADDRESS)


def _begins_name(word: str) -> bool:
    """Tell whether a name may begin with a word: with a capital, or a letter of a script without them."""
    first = _PREFIX.sub("", word, count=1)[0]
    return first.isupper() or (first.isalpha() and first.lower() == first.upper())
