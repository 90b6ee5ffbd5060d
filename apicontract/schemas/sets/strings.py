"""Sets of strings: length, finite lists, patterns and formats; lengths stay numbers beside the automata.

`Strings` is the plain description; `Alphabet` answers questions about it, with the automata of the
`regex` room where a pattern takes part. A pattern that is not regular takes part as itself only:
equal to itself, otherwise in doubt. Lengths count code points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apicontract.schemas.sets.formats import STRING_FORMATS, has_format, within
from apicontract.schemas.sets.outcomes import Doubt, Found, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from apicontract.schemas.budget import Meter
    from apicontract.schemas.regex import Language

_NO: frozenset[str] = frozenset()
_MAX_WITNESS = 2_000_000
_MAX_GUESSED = 200
_STATES = 8  # states of an automaton that cost a step
_TOO_LARGE = 4000  # steps that an automaton costs which became too large
_MOST_ANSWERS = 10_000  # about words that are remembered
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class Strings(NamedTuple):
    """Strings of `least` to `most` code points that match and avoid these patterns and formats.

    With `listed` only those words are meant; what else is set still filters them.
    """

    least: int = 0
    most: int | None = None
    listed: frozenset[str] | None = None
    excluded: frozenset[str] = _NO
    matching: frozenset[str] = _NO
    avoiding: frozenset[str] = _NO
    formats: frozenset[str] = _NO
    unlike: frozenset[str] = _NO

    def plain(self) -> bool:
        """No pattern and no format takes part."""
        return not (self.matching or self.avoiding or self.formats or self.unlike)


EVERY_STRING = Strings()


class Alphabet:
    """Answers questions about sets of strings and remembers the automata it built."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._languages: dict[str, Language | str] = {}
        self._matchers: dict[str, Callable[[str], bool] | None] = {}
        self._answers: dict[
            tuple[str, str], bool | None
        ] = {}  # the same few words are asked about again and again
        self._outlines: dict[str, Language] = {}
        self._samples: dict[Strings, Outcome] = {}

    def holds(self, strings: Strings, word: str) -> bool | None:  # noqa: PLR0911 - one per condition
        """Whether `word` is in the set; None if an irregular pattern leaves it open."""
        if strings.listed is not None and word not in strings.listed:
            return False
        if word in strings.excluded or len(word) < strings.least:
            return False
        if strings.most is not None and len(word) > strings.most:
            return False
        if strings.plain():
            return True
        if not all(has_format(word, name) for name in strings.formats):
            return False
        if any(has_format(word, name) for name in strings.unlike):
            return False
        sure: bool | None = True
        for patterns, wanted in ((strings.matching, True), (strings.avoiding, False)):
            for pattern in patterns:
                matched = self._matches(pattern, word)
                if matched is None:
                    sure = None
                elif matched is not wanted:
                    return False
        return sure

    def _matches(self, pattern: str, word: str) -> bool | None:
        """Whether a pattern matches one word; what has no automaton is asked of the validator."""
        key = pattern, word
        if key not in self._answers:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            self._answers[key] = self._matched(pattern, word)
        return self._answers[key]

    def _matched(self, pattern: str, word: str) -> bool | None:
        language = self.language(pattern)
        if not isinstance(language, str):
            return language.contains(word)
        if pattern not in self._matchers:
            self._matchers[pattern] = matcher(pattern)
        found = self._matchers[pattern]
        return None if found is None else found(word)

    def settle(self, strings: Strings) -> Strings | None:
        """The set in its one form, or None if it is seen to be empty."""
        if strings.most is not None and strings.least > strings.most:
            return None
        if strings.listed is None:
            return strings
        answers = {word: self.holds(strings, word) for word in strings.listed}
        kept = frozenset(word for word, answer in answers.items() if answer is not False)
        if not kept:
            return None
        if all(answers[word] for word in kept):
            return Strings(listed=kept)
        return strings._replace(listed=kept, excluded=_NO)

    def meet(self, a: Strings, b: Strings) -> Strings | None:
        """The strings in both sets, or None if none is seen."""
        if b in (a, EVERY_STRING):
            return a
        if a == EVERY_STRING:
            return b
        if a.listed is None or b.listed is None:
            listed = a.listed if b.listed is None else b.listed
        else:
            listed = a.listed & b.listed
        return self.settle(
            Strings(
                max(a.least, b.least),
                a.most if b.most is None else b.most if a.most is None else min(a.most, b.most),
                listed,
                a.excluded | b.excluded,
                a.matching | b.matching,
                a.avoiding | b.avoiding,
                a.formats | b.formats,
                a.unlike | b.unlike,
            ),
        )

    def pieces(self, sender: Strings, receiver: Strings) -> Iterator[Strings]:
        """Sets that together are the strings of `sender` outside `receiver`."""
        if sender.listed is not None:
            yield from self._listed_pieces(sender, receiver)
            return
        if receiver.listed is not None:
            outside = [Strings(excluded=receiver.listed)]
            outside += [Strings(listed=receiver.listed, avoiding=frozenset((p,))) for p in receiver.matching]
            outside += [Strings(listed=receiver.listed, matching=frozenset((p,))) for p in receiver.avoiding]
        else:
            outside = list(_complement(sender, receiver))
        for part in outside:
            found = self.meet(sender, part)
            if found is not None and not self.surely_empty(found):
                yield found

    def _listed_pieces(self, sender: Strings, receiver: Strings) -> Iterator[Strings]:
        answers = {word: self.holds(receiver, word) for word in sender.listed or ()}
        outside = frozenset(word for word, answer in answers.items() if answer is False)
        if outside:
            yield sender._replace(listed=outside)
        open_words = frozenset(word for word, answer in answers.items() if answer is None)
        if open_words:
            for part in _complement(sender, receiver):
                if part.matching or part.avoiding:
                    found = self.meet(sender._replace(listed=open_words), part)
                    if found is not None:
                        yield found

    def surely_empty(self, strings: Strings) -> bool:
        """Whether the set is proved empty without long work."""
        if strings.plain():
            return False
        return self.simplest(strings) is None

    def simplest(self, strings: Strings, wishes: Iterable[str] = ()) -> Outcome:
        """The shortest, most readable word of the set; words in `wishes` come first if they are in it."""
        for word in wishes:
            if self.holds(strings, word):
                return Found(word)
        if strings not in self._samples:
            self._samples[strings] = self._search(strings)
        return self._samples[strings]

    def _search(self, strings: Strings) -> Outcome:
        if strings.listed is not None:
            words = sorted(strings.listed, key=lambda word: (len(word), word))
            for word in words:
                if self.holds(strings, word):
                    return Found(word)
            left = [word for word in words if self.holds(strings, word) is None]
            return Doubt("a pattern that is not regular", left[0]) if left else None
        if strings.least > _MAX_WITNESS:
            return Doubt(f"strings of at least {strings.least} characters")
        if strings.plain():
            return _plain_word(strings)
        return self._from_automata(strings)

    def _from_automata(self, strings: Strings) -> Outcome:
        for sample in self._format_samples(strings):
            if self.holds(strings, sample):
                return Found(sample)
        try:
            language, exact = self._outline(strings)
            word = language.shortest(strings.least, strings.most)
        except _too_large() as problem:
            self._meter.step(_TOO_LARGE)
            return self._from_samples(strings, str(problem))
        if word is None:
            return None
        if exact or self.holds(strings, word):
            return Found(word)
        return self._from_samples(strings, "a format or pattern without an automaton", word)

    def _from_samples(self, strings: Strings, reason: str, guess: str | None = None) -> Outcome:
        length = max(strings.least, 1)
        plain = [letter * length for letter in "ab0A-_. é" if length <= _MAX_GUESSED]
        for sample in (*self._format_samples(strings), "", *plain, "A1", "a1", "0a"):
            if self.holds(strings, sample):
                return Found(sample)
        return Doubt(reason) if guess is None else Doubt(reason, guess)

    def _format_samples(self, strings: Strings) -> Iterator[str]:
        for name in sorted(strings.formats):
            yield from STRING_FORMATS[name].samples

    def _outline(self, strings: Strings) -> tuple[Language, bool]:
        """A language that holds the set (lengths aside), and whether it is the set."""
        from apicontract.schemas.regex import Language as Languages

        found = Languages.everything()
        exact = True
        for name in sorted(strings.formats):
            found = found.intersect(self._format(name))
            exact = exact and STRING_FORMATS[name].exact
        for pattern in sorted(strings.matching):
            language = self.language(pattern)
            if isinstance(language, str):
                exact = False
            else:
                found = self._paid(found.intersect(language))
        for pattern in sorted(strings.avoiding):
            language = self.language(pattern)
            if isinstance(language, str):
                exact = False
            else:
                found = self._paid(found.minus(language))
        for name in sorted(strings.unlike):
            if STRING_FORMATS[name].exact:
                found = found.minus(self._format(name))
            else:
                exact = False
        if strings.excluded:
            found = found.minus(Languages.literals(sorted(strings.excluded)))
        return found, exact

    def _paid(self, language: Language) -> Language:
        """The language, its states charged to the question."""
        self._meter.step(language.size // _STATES)
        return language

    def language(self, pattern: str) -> Language | str:
        """The language of an ECMA-262 pattern searched anywhere in a word, or why there is none."""
        found = self._languages.get(pattern)
        if found is None:
            from apicontract.schemas.regex import Language as Languages
            from apicontract.schemas.regex import NotRegular, RegexError, TooLarge

            try:
                found = Languages.search(pattern)
            except (NotRegular, RegexError, TooLarge) as problem:
                found = str(problem) or type(problem).__name__
            self._languages[pattern] = found
        return found

    def _format(self, name: str) -> Language:
        found = self._outlines.get(name)
        if found is None:
            from apicontract.schemas.regex import Language as Languages

            found = self._outlines[name] = Languages.search(STRING_FORMATS[name].outline)
        return found


def matcher(pattern: str) -> Callable[[str], bool] | None:
    """The validator's own reading of a pattern, so that it agrees with what verifies witnesses."""
    import jsonschema_rs

    try:
        return jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid
    except (ValueError, jsonschema_rs.ValidationError):
        return None


def _too_large() -> type[Exception]:
    from apicontract.schemas.regex import TooLarge

    return TooLarge


def _complement(sender: Strings, receiver: Strings) -> Iterator[Strings]:
    """The ways a string of `sender` can miss `receiver`, the sets apart that `sender` already meets."""
    if receiver.least > sender.least:
        yield Strings(most=receiver.least - 1)
    if receiver.most is not None and (sender.most is None or sender.most > receiver.most):
        yield Strings(least=receiver.most + 1)
    for pattern in sorted(receiver.matching - sender.matching):
        yield Strings(avoiding=frozenset((pattern,)))
    for pattern in sorted(receiver.avoiding - sender.avoiding):
        yield Strings(matching=frozenset((pattern,)))
    for name in sorted(receiver.formats):
        if not any(within(own, name) for own in sender.formats):
            yield Strings(unlike=frozenset((name,)))
    for name in sorted(receiver.unlike - sender.unlike):
        yield Strings(formats=frozenset((name,)))
    if receiver.excluded - sender.excluded:
        yield Strings(listed=receiver.excluded)


def _plain_word(strings: Strings) -> Outcome:
    """A word by length alone, one that is not excluded; None if all words of the length are excluded."""
    length = strings.least
    while strings.most is None or length <= strings.most:
        word = "a" * length
        if word not in strings.excluded:
            return Found(word)
        for letter in _LETTERS if length else ():
            for word in (letter * length, "a" * (length - 1) + letter):
                if word not in strings.excluded:
                    return Found(word)
        if length and len(strings.excluded) < 1_000_000:  # noqa: PLR2004 - fewer than there are code points
            for code in range(0xA1, 0xA1 + len(strings.excluded) + 1):
                word = "a" * (length - 1) + chr(code)
                if word not in strings.excluded:
                    return Found(word)
        length += 1
    return None
