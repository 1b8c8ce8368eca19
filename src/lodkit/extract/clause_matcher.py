"""Match verb frames on the clauses of a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from ..language.clause_parts import Argument, Clause
from ..language.tags import Bounds, Tag
from ..language.verb_groups import VerbGroup
from ..statement import Modality
from .arguments import fill_argument
from .context import Context
from .filler import Filler
from .frames import Frame, Role, frame_book
from .match import Match
from .scene import Scene

ANYTHING = "*"
"""Stands in a frame for an argument that is no value: "* dissolve {this}"."""

_GIVEN = {"name": Tag.NAME, "quote": Tag.NAME, "date": Tag.DATE, "phrase": Tag.NAME}


def clauses_of(context: Context, scene: Scene) -> dict[int, Clause]:
    """Return the clauses of a sentence by the token of their verb; none where no frame has one of it."""
    book = frame_book(context.domain)
    if not any(word in book.frames for word in scene.sentence.low):
        return {}
    return {clause.verb.head: clause for clause in book.clauses.of(scene.sentence, _given(scene))}


def _given(scene: Scene) -> list[tuple[int, int, Tag]]:
    """The names, titles and dates of a sentence, of those that overlap the longest."""
    found: list[tuple[int, int, Tag]] = []
    covered = 0
    mentions = [m for m in scene.mentions() if m.kind in ("name", "quote", "date")]
    for mention in sorted(mentions, key=lambda m: (m.first, -m.last)):
        if mention.first >= covered:
            found.append((mention.first, mention.last, _GIVEN[mention.kind]))
            covered = mention.last
    return found


class ClauseMatcher:
    """Matches frames in one sentence."""

    def __init__(self, context: Context, scene: Scene) -> None:
        self.context = context
        self.scene = scene
        self.clauses = clauses_of(context, scene)
        self.frames = frame_book(context.domain).frames

    def matches(self, at: int) -> Iterator[Match]:
        """Yield a match of each frame of the verb at a token."""
        clause = self.clauses.get(at)
        if clause is None:
            return
        for frame in self.frames.get(self.scene.sentence.low[at], ()):
            match = self._match(frame, clause)
            if match is not None:
                yield match

    def _match(self, frame: Frame, clause: Clause) -> Match | None:
        particles = self._particles(frame, clause.verb)
        if particles is None:
            return None
        for passive in (False, True):
            if clause.verb.passive is None or clause.verb.passive is passive:
                fillers = (
                    self._passive(frame, clause, particles)
                    if passive
                    else self._active(frame, clause, particles)
                )
                if fillers is not None:
                    return self._made(frame, clause, fillers, passive=passive)
        return None

    def _particles(self, frame: Frame, verb: VerbGroup) -> tuple[str, ...] | None:
        """The particles after the verb, of the alternative with the most that stand there."""
        low = self.scene.sentence.low
        word, following = low[verb.head], tuple(low[verb.head + 1 : verb.head + 4])
        fitting = [
            parts for forms, parts in frame.verbs if word in forms and following[: len(parts)] == parts
        ]
        return max(fitting, key=len, default=None)

    # ---- roles

    def _active(self, frame: Frame, clause: Clause, particles: tuple[str, ...]) -> list[Filler] | None:
        if clause.subject is None:
            return None
        found = self._fill(frame.subject, clause.subject)
        if found is None or self._has_other_object(frame, clause, particles):
            return None
        rest = self._roles(frame.roles, frame.adjuncts, clause, particles)
        return None if rest is None else [*found, *rest]

    def _has_other_object(self, frame: Frame, clause: Clause, particles: tuple[str, ...]) -> bool:
        """Tell whether a verb that the frame has without an object has one: "changed the name into"."""
        if not frame.roles or any(not role.prepositions for role in frame.roles):
            return False
        return any(
            (not argument.preposition or (particles and argument.preposition == particles[-1]))
            and not self._is_date(argument)
            and not clause.verb.head < argument.at <= clause.verb.head + len(particles)
            for argument in clause.arguments
        )

    def _passive(self, frame: Frame, clause: Clause, particles: tuple[str, ...]) -> list[Filler] | None:
        """What is an object of the active verb is the subject; who does it stands after "by"."""
        at = next((i for i, role in enumerate(frame.roles) if not role.prepositions), None)
        if at is None or clause.subject is None:
            return None
        found = self._fill(frame.roles[at], clause.subject)
        if found is None:
            return None
        agent = Role(self.context.lexis.english.words("agent-preposition"), frozenset(), frame.subject.hole)
        roles, adjuncts = (*frame.roles[:at], *frame.roles[at + 1 :]), (agent, *frame.adjuncts)
        if agent.hole is not None and agent.hole.shape is None:
            roles, adjuncts = (*roles, agent), frame.adjuncts
        rest = self._roles(roles, adjuncts, clause, particles)
        return None if rest is None else [*found, *rest]

    def _roles(
        self, roles: tuple[Role, ...], adjuncts: tuple[Role, ...], clause: Clause, particles: tuple[str, ...]
    ) -> list[Filler] | None:
        """Fill what is wanted, each by the first argument that is left, and what is not."""
        after = clause.verb.head + 1 + len(particles)
        left = [a for a in clause.arguments if not clause.verb.head < a.at < after or a.preposition]
        left += clause.fronted
        fillers: list[Filler] = []
        for role, wanted in (*((role, True) for role in roles), *((role, False) for role in adjuncts)):
            taken = self._taken(role, left, particles)
            if taken is None and wanted:
                return None
            if taken is not None:
                argument, found = taken
                left.remove(argument)
                fillers += found
        return fillers

    def _taken(
        self, role: Role, left: list[Argument], particles: tuple[str, ...]
    ) -> tuple[Argument, list[Filler]] | None:
        for argument in left:
            bare = not role.prepositions
            if bare and self._is_passed(left, argument, particles):
                return None
            if argument.infinitive and not (role.hole is not None and role.hole.kind == "text"):
                continue
            if not argument.infinitive and self._wants_infinitive(role):
                continue
            preposition = "" if particles and argument.preposition == particles[-1] else argument.preposition
            if (bare and preposition) or (not bare and argument.preposition not in role.prepositions):
                continue
            found = self._fill(role, argument)
            if found is not None:
                return argument, found
            if bare and role.hole is not None and role.hole.kind != "date" and not self._is_date(argument):
                return None  # the object is another
        return None

    def _wants_infinitive(self, role: Role) -> bool:
        """Tell whether a role is a text after "to": "to feed the strikers", not "to the strikers"."""
        return role.hole is not None and role.hole.kind == "text" and "to" in role.prepositions

    def _is_passed(self, left: list[Argument], argument: Argument, particles: tuple[str, ...]) -> bool:
        """Tell whether a prepositional argument stands before one without: then that is no object."""
        before = left[: left.index(argument)]
        return not argument.preposition and any(
            one.preposition and one.preposition not in particles and not self._is_date(one) for one in before
        )

    def _is_date(self, argument: Argument) -> bool:
        return self.scene.date_at(argument.at) is not None

    def _fill(self, role: Role, argument: Argument) -> list[Filler] | None:
        if role.hole is not None:
            return fill_argument(self.context, self.scene, role.hole, argument)
        if ANYTHING in role.nouns:
            return []
        headed = [part for part in argument.parts if self._head(role, part)]
        if not headed:
            return None
        if role.tail is None:
            return []
        return self._tail(role.tail, headed[-1])

    def _head(self, role: Role, part: Bounds) -> bool:
        low = self.scene.sentence.low
        if low[part[0]] in self.context.lexis.negators:
            return False
        return any(low[part[1] - len(words) : part[1]] == words for words in map(str.split, role.nouns))

    def _tail(self, role: Role, part: Bounds) -> list[Filler] | None:
        """The argument of a noun: "a member of the union"."""
        low, at = self.scene.sentence.low, part[1]
        if at + 1 >= len(low) or low[at] not in role.prepositions or role.hole is None:
            return None
        starting = [m.last for m in self.scene.starting.get(at + 1, ())]
        bounds = (at + 1, max(starting, default=at + 2))
        return fill_argument(self.context, self.scene, role.hole, Argument("", (bounds,)))

    # ---- the match

    def _made(self, frame: Frame, clause: Clause, fillers: list[Filler], *, passive: bool) -> Match | None:
        if not fillers:
            return None
        compiled = frame.passive if passive else frame.active
        verb = clause.verb
        first = min(verb.first, *(filler.first for filler in fillers))
        last = max(verb.last, *(filler.last for filler in fillers))
        return Match(compiled, verb.head, first, last, fillers, self._cues(clause), last)

    def _cues(self, clause: Clause) -> list[Modality]:
        low, lexis = self.scene.sentence.low, self.context.lexis
        cues = [Modality.NEGATED] if clause.verb.negated else []
        cues += [] if clause.verb.realised else [Modality.HEDGED]
        subject = clause.subject.at if clause.subject is not None else 0
        beside = low[max(0, subject - 1) : subject + 1]
        if any(word in lexis.negators for word in beside):
            cues.append(Modality.NEGATED)
        return cues
