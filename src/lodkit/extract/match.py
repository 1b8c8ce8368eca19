"""Match one compiled phrase at one trigger: the core to the left and right, then the adjuncts in any
order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..statement import Modality
from .compiled import Compiled, Forms, Hole, Option, Part
from .context import Context
from .fill import fill_right, pronoun
from .filler import Filler, after_bracket
from .mentions import heads_phrase
from .nodes import Node
from .scene import Scene
from .subject import find_subject

Got = tuple[Filler, ...]
MAX_MODIFIER = 9
"""How many tokens before a noun may hold the entity or date that modifies it."""
MAX_DATE = 6
"""How many tokens a date between two words of a pattern may have."""
MAX_SKIPPED = 3
"""How many adverbs and hedges may stand between two words of a pattern."""


@dataclass(eq=False)
class Match:
    """What a phrase consumed: tokens ``first`` to ``last``, its fillers, and the modalities met on the
    way.
    """

    compiled: Compiled
    trigger: int
    first: int
    last: int
    fillers: list[Filler]
    cues: list[Modality] = field(default_factory=list)
    core_last: int = 0
    rivals: frozenset[str] = frozenset()

    def this(self) -> Filler | None:
        """The focus node's filler, if the sentence names it."""
        return next((filler for filler in self.fillers if filler.hole.shape is None), None)

    def size(self) -> int:
        """How much was consumed: longer matches win."""
        return self.last - self.first + 3 * len(self.fillers)


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a pattern did not go on: the token that the part begins at, or ends at if it is sought
    leftwards.
    """

    part: Part
    at: int
    leftwards: bool = False


class Matcher:
    """Matches phrases in one sentence; ``stops_met`` is where the last one stopped, if somebody asks."""

    def __init__(self, context: Context, scene: Scene) -> None:
        self.context = context
        self.scene = scene
        self.low = scene.sentence.low
        self.words = frozenset(self.low)
        self.cues: list[Modality] = []
        self.stops: dict[int, frozenset[int]] = {}
        self.in_core = True
        self.dates = {m.first for m in scene.mentions() if m.kind == "date"}
        self.stops_met: list[Stop] | None = None

    def _stop(self, part: Part, at: int, *, leftwards: bool = False) -> None:
        if self.stops_met is not None:
            self.stops_met.append(Stop(part, at, leftwards))

    def match(self, compiled: Compiled, trigger: int) -> Match | None:
        """Match a phrase whose trigger word stands at a token."""
        if self.stops_met is None and any(map(self.words.isdisjoint, compiled.needed)):
            return None
        end = self._forms_at(compiled.trigger, trigger)
        if end is None or not self._neighbours(compiled, trigger, end):
            return None
        self.cues = []
        self.in_core = True
        self.form = self.context.lexis.english.verb_form(self.low[trigger], compiled.trigger.lemmas)
        if not self._form_allowed(compiled):
            self._stop(compiled.trigger, trigger)
            return None
        left = self._left(compiled, compiled.left, trigger)
        if left is None:
            return None
        if self._is_restricted(compiled, end):
            return None
        stops = self._stops(compiled)
        right = self._after_verb(compiled, end, stops)
        if right is None:
            return None
        self.in_core = False
        match = Match(compiled, trigger, left[0], right[0], [*left[1], *right[1]], self.cues, right[0])
        self._adjuncts(match, stops)
        if not compiled.nominal:
            self._fronted(match)
        if compiled.reduced and match.last == end:
            return None
        return match

    def instead(self, match: Match) -> Got:
        """What holds in place of what a match denies: "not founded by Ada Lund but by Jo Berg"."""
        at = match.last + (self.low[match.last : match.last + 1] == [","])
        if at + 1 >= len(self.low) or self.low[at] not in self.context.lexis.english.words("instead"):
            return ()
        filled = {filler.hole.name for filler in match.fillers}
        for adjunct in match.compiled.adjuncts:
            if any(isinstance(part, Hole) and part.name in filled for part in adjunct):
                found = self._right(adjunct, at + 1, (), frozenset())
                if found is not None:
                    return found[1]
        return ()

    def _form_allowed(self, compiled: Compiled) -> bool:
        """A reduced passive needs a participle."""
        return not compiled.reduced or self.form == "past" or not compiled.trigger.verb

    def _is_restricted(self, compiled: Compiled, end: int) -> bool:
        """Tell whether a noun that ends a pattern goes on: "the league's president of shipping" is
        no president of the league.
        """
        english, low = self.context.lexis.english, self.low
        ends = not compiled.right and not compiled.trigger.verb and not compiled.adjuncts
        return ends and end < len(low) and low[end] in english.words("noun-complement")

    def _neighbours(self, compiled: Compiled, trigger: int, end: int) -> bool:
        """Tell, before anything dear is tried, whether the words that must stand beside the trigger are
        near.
        """
        if (
            compiled.right
            and isinstance(compiled.right[0], Forms)
            and (end >= len(self.low) or self.low[end] not in self.context.lexis.joints)
        ):
            first = compiled.right[0].first
            if not any(
                word in first
                for word in self.low[end : end + MAX_SKIPPED + 1 + (MAX_DATE if self.dates else 0)]
            ):
                self._stop(compiled.right[0], end)
                return False
        if compiled.left and isinstance(compiled.left[-1], Forms) and "'s" not in compiled.left[-1].lemmas:
            last = compiled.left[-1].last
            if not any(word in last for word in self.low[max(0, trigger - MAX_SKIPPED - 1) : trigger]):
                self._stop(compiled.left[-1], trigger, leftwards=True)
                return False
        return True

    def _after_verb(self, compiled: Compiled, end: int, stops: frozenset[int]) -> tuple[int, Got] | None:
        """Match what follows the trigger; a second verb joined by "and" shares the object."""
        found = self._right(compiled.right, end, (), stops)
        if found is None and compiled.trigger.verb and self._joined_verb(end):
            found = self._right(compiled.right, end + 2, (), stops)
        return found

    def _joined_verb(self, at: int) -> bool:
        return (
            at + 1 < len(self.low)
            and self.low[at] in self.context.lexis.joints
            and self.low[at + 1] in self.context.book.verbs
        )

    # ---- rightwards

    def _right(
        self, parts: tuple[Part, ...], at: int, got: Got, stops: frozenset[int]
    ) -> tuple[int, Got] | None:
        if not parts:
            return at, got
        part, rest = parts[0], parts[1:]
        if isinstance(part, Option):
            return self._right((*part.parts, *rest), at, got, stops) or self._right(rest, at, got, stops)
        if isinstance(part, Forms):
            return self._right_forms(part, rest, at, got, stops)
        filled = fill_right(self.context, self.scene, part, at, stops)
        if filled is None or (part.kind == "node" and self._modifies(filled[0], rest)):
            self._stop(part, at)
            return None
        return self._right(rest, filled[0], (*got, *filled[1]), stops)

    def _modifies(self, at: int, rest: tuple[Part, ...]) -> bool:
        """Tell whether an entity that ends at a token only modifies what follows: "Ada's house", "the Lantern
        property".
        """
        if at >= len(self.low) or (
            rest and isinstance(rest[0], Forms) and self._forms_at(rest[0], at) is not None
        ):
            return False
        return self.low[at] == "'s" or not heads_phrase(self.context, self.scene.sentence, at)

    def _right_forms(
        self, part: Forms, rest: tuple[Part, ...], at: int, got: Got, stops: frozenset[int]
    ) -> tuple[int, Got] | None:
        for start in self._starts(at):
            end = self._forms_at(part, start)
            if (
                end is None
                and part.verb
                and start + 1 < len(self.low)
                and self.low[start] in self.context.book.verbs
                and self.low[start + 1] in self.context.lexis.joints
            ):
                end = self._forms_at(part, start + 2)
            if end is None:
                continue
            self._note_cues(at, start)
            found = self._right(rest, end, got, stops)
            if found is None and part.verb and self._joined_verb(end):
                found = self._right(rest, end + 2, got, stops)
            return found
        self._stop(part, at)
        return None

    def _starts(self, at: int) -> Iterator[int]:
        """Where the next word may stand: here, after adverbs and hedges, or after a date."""
        yield from self._adverbs(at)
        if not self.in_core or not self.dates:
            return  # a date after the core may fill an adjunct
        for first in (at, at + 1) if self._opens_date(at) else (at,):
            dates = (m for m in self.scene.starting.get(first, ()) if m.kind == "date")
            yield from (date.last for date in dates if date.last < len(self.low))

    def _opens_date(self, at: int) -> bool:
        return at < len(self.low) and self.low[at] in self.context.lexis.english.words("adjunct-preposition")

    def _adverbs(self, at: int) -> range:
        end = at
        while end < len(self.low) - 1 and end - at < MAX_SKIPPED and self._skippable(self.low[end]):
            end += 1
        return range(at, end + 1)

    def _skippable(self, word: str) -> bool:
        lexis = self.context.lexis
        return lexis.is_adverb(word) or word in lexis.hedges or word in lexis.negators

    def _note_cues(self, first: int, last: int) -> None:
        lexis = self.context.lexis
        for word in self.low[first:last]:
            if word in lexis.negators:
                self.cues.append(Modality.NEGATED)
            elif word in lexis.hedges:
                self.cues.append(Modality.HEDGED)

    def _forms_at(self, part: Forms, at: int) -> int | None:
        low = self.low
        if at >= len(low):
            return None
        for alternative in part.several:
            end = at + len(alternative)
            if (
                low[at] in alternative[0]
                and end <= len(low)
                and all(low[at + i] in forms for i, forms in enumerate(alternative))
            ):
                return end
        return at + 1 if low[at] in part.single else None

    # ---- leftwards

    def _left(self, compiled: Compiled, parts: tuple[Part, ...], at: int) -> tuple[int, Got] | None:
        if not parts:
            return at, ()
        part, rest = parts[-1], parts[:-1]
        if isinstance(part, Option):
            return self._left(compiled, (*rest, *part.parts), at) or self._left(compiled, rest, at)
        if isinstance(part, Forms):
            return self._left_forms(compiled, part, rest, at)
        found = self._left_hole(
            compiled, part, at, subject=not any(isinstance(other, Forms) for other in rest)
        )
        if found is None:
            self._stop(part, at, leftwards=True)
            return None
        before = self._left(compiled, rest, found[0])
        return (before[0], (*before[1], *found[1])) if before else None

    def _left_forms(
        self, compiled: Compiled, part: Forms, rest: tuple[Part, ...], at: int
    ) -> tuple[int, Got] | None:
        start = at
        while (
            start > 0
            and at - start < MAX_SKIPPED
            and self._left_end(part, start) is None
            and self._skippable(self.low[start - 1])
        ):
            start -= 1
        first = self._left_end(part, start)
        if first is None:
            self._stop(part, at, leftwards=True)
            return None
        self._note_cues(start, at)
        if part.verb:
            self.form = "finite"
        if first == start and rest and isinstance(rest[-1], Hole):
            owner = self._possessor(rest[-1], start - 1)
            before = self._left(compiled, rest[:-1], owner[0]) if owner else None
            return (before[0], (*before[1], *owner[1])) if before and owner else None
        return self._left(compiled, rest, first)

    def _left_end(self, part: Forms, at: int) -> int | None:
        if part.lemmas == {"'s"} and at > 0 and self.low[at - 1] in self.context.lexis.possessives:
            return at
        for alternative in part.several:
            start = at - len(alternative)
            if start >= 0 and all(self.low[start + i] in forms for i, forms in enumerate(alternative)):
                return start
        return at - 1 if at > 0 and self.low[at - 1] in part.single else None

    def _left_hole(self, compiled: Compiled, hole: Hole, at: int, *, subject: bool) -> tuple[int, Got] | None:
        """Fill a slot before the trigger: the subject of a clause, or what modifies a noun."""
        if compiled.nominal or not subject:
            return self._modifier(hole, at)
        classes = (compiled.target,) if hole.shape is None else hole.shape.classes
        found = find_subject(self.context, self.scene, hole, at, self.form, reduced=compiled.reduced)
        if found is None or not all(self._fits(filler, classes) for filler in found.fillers):
            return None
        self.cues += found.cues
        return found.first, found.fillers

    def _fits(self, filler: Filler, classes: tuple[str, ...]) -> bool:
        return isinstance(filler.value, Node) and any(
            self.context.nodes.fits(filler.value, cls) for cls in classes
        )

    def _modifier(self, hole: Hole, at: int) -> tuple[int, Got] | None:
        """What stands before the noun of a noun phrase: an entity, a date, or a plain word."""
        if hole.kind in ("noun", "text"):
            return self._plain_words(hole, at)
        if at > 0 and self.low[at - 1] in self.context.lexis.possessives:
            return self._possessor(hole, at - 1)
        for start in range(max(0, at - MAX_MODIFIER), at) if self._may_end(hole, at) else ():
            filled = fill_right(self.context, self.scene, hole, start, frozenset())
            if filled is not None and filled[0] == at:
                first = min(filled[1][0].first, start)
                while first > 0 and self.low[first - 1] in self.context.lexis.adjectives:
                    first -= 1
                return first, tuple(filled[1])
        return None

    def _may_end(self, hole: Hole, at: int) -> bool:
        """Tell, before anything dear is tried, whether an entity or a date can end at a token: what fills a
        slot is a mention or a term.
        """
        if hole.kind not in ("node", "date") or self.scene.ending.get(at):
            return True
        lexis = self.context.lexis
        words = self.low[max(0, at - 3) : at]
        return hole.kind == "node" and (
            any(map(lexis.may_be_term, words)) or not lexis.object_pronouns.isdisjoint(words)
        )

    def _possessor(self, hole: Hole, at: int) -> tuple[int, Got] | None:
        """ "its", "his": the slot is filled by whom the pronoun stands for."""
        node = pronoun(self.context, self.scene, at)
        classes = hole.shape.classes if hole.shape else ()
        if node is None or (classes and not any(self.context.nodes.fits(node, cls) for cls in classes)):
            return None
        return at, (Filler(hole, node, at, at + 1, self.scene.sentence.cover(at, at + 1), node.last_span),)

    def _plain_words(self, hole: Hole, at: int) -> tuple[int, Got] | None:
        first = at
        closed, english = self.context.lexis.closed, self.context.lexis.english
        word = self.low[first - 1] if first else ""
        plain = (
            word.isalpha()
            and self.scene.sentence.words[first - 1].islower()
            and not word.endswith(("ing", "ly"))
        )
        if not plain or any(
            word in words
            for words in (closed, english.words("quantity"), english.words("hedge"), self.context.book.verbs)
        ):
            return None
        first -= 1
        span = self.scene.sentence.cover(first, at)
        return first, (Filler(hole, span, first, at, span),)

    # ---- adjuncts

    def _adjuncts(self, match: Match, stops: frozenset[int]) -> None:
        """Take adjuncts after the core, in any order; brackets and plain prepositional phrases in between are
        passed over.
        """
        open_adjuncts, at = list(match.compiled.adjuncts), match.last
        while at < len(self.low) and open_adjuncts:
            taken = self._one_adjunct(open_adjuncts, at, stops)
            if taken is None:
                at = self._pass_over(at)
                if at == 0:
                    return
                continue
            adjunct, at, fillers = taken
            open_adjuncts.remove(adjunct)
            match.fillers += fillers
            match.last = at

    def _one_adjunct(
        self, adjuncts: list[tuple[Part, ...]], at: int, stops: frozenset[int]
    ) -> tuple[tuple[Part, ...], int, Got] | None:
        comma = self.scene.sentence.words[at] == ","
        for start in (at, at + 1) if comma else (at,):
            for adjunct in adjuncts:
                found = self._right(adjunct, start, (), stops)
                if found is not None and found[0] > start:
                    return adjunct, found[0], found[1]
        return None

    def _pass_over(self, at: int) -> int:
        """Return the token after a bracket, or a preposition with a name, a date or a noun phrase that tells
        how or where it was; 0 if there is neither.
        """
        after = after_bracket(self.scene, at)
        if after > at:
            return after
        if self.low[at] in self.context.lexis.english.words("preposition"):
            for start in (at + 1, at):
                for mention in self.scene.starting.get(start, ()):
                    if mention.kind in ("name", "date", "phrase") and mention.last > at + 1:
                        return mention.last
        if self.low[at] in self.context.lexis.english.words("adjunct-preposition"):
            phrase = self.context.phrases.at(self.scene.sentence, at + 1)
            markers = self.context.lexis.infinitive_markers
            following = self.low[phrase.last : phrase.last + 1] if phrase is not None else []
            opens = not markers.isdisjoint(following)  # "in response to a raid" is no purpose
            return phrase.last if phrase is not None and not opens else 0
        return 0

    def _fronted(self, match: Match) -> None:
        """Take adjuncts from the start of the sentence: "In 1999, the party founded …"."""
        used = {filler.hole.name for filler in match.fillers}
        open_adjuncts = [
            a for a in match.compiled.adjuncts if not any(isinstance(p, Hole) and p.name in used for p in a)
        ]
        at = 0
        while at < match.first and open_adjuncts:
            taken = self._one_adjunct(open_adjuncts, at, frozenset())
            if taken is None or taken[1] > match.first:
                at = self._after_opener(at, match.first)
                if at == 0:
                    return
                continue
            adjunct, at, fillers = taken
            if (
                at < match.first
                and self.low[at] != ","
                and self.low[at] not in self.context.lexis.articles
                and at != match.first
            ):
                return
            open_adjuncts.remove(adjunct)
            match.fillers += fillers
            match.first = min(match.first, *(filler.first for filler in fillers))

    def _after_opener(self, at: int, limit: int) -> int:
        """Return the token after an opening like "For example," or "Later,"; 0 if there is none."""
        for index in range(at, min(at + 4, limit)):
            if self.low[index] == ",":
                return index + 1
        return 0

    def _stops(self, compiled: Compiled) -> frozenset[int]:
        """Tokens where an adjunct starts beyond doubt, found once for a sentence."""
        found = self.stops.get(id(compiled))
        if found is None:
            found = self.stops[id(compiled)] = self._find_stops(compiled)
        return found

    def _find_stops(self, compiled: Compiled) -> frozenset[int]:
        """Tokens where an adjunct starts beyond doubt: its opening has two words, a date follows, or a comma
        stands before.
        """
        found = set()
        for adjunct in compiled.adjuncts:
            first = adjunct[0]
            if isinstance(first, Forms):
                dated = len(adjunct) > 1 and isinstance(adjunct[1], Hole) and adjunct[1].kind == "date"
                found |= {at for at in range(len(self.low)) if self._opens(first, at, dated=dated)}
        return frozenset(found)

    def _opens(self, part: Forms, at: int, *, dated: bool) -> bool:
        end = self._forms_at(part, at)
        if end is None:
            return False
        date = dated and any(
            m.kind == "date" for start in (end, end + 1) for m in self.scene.starting.get(start, ())
        )
        return end - at > 1 or date or (at > 0 and self.low[at - 1] == ",")
