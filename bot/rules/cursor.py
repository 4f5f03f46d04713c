"""A place among the words of a rule that is being read, and what is said where it goes wrong."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rules.words import Word, find_keywords, is_plain, join_words, split_words


class Stumble(Exception):
    """Words that cannot be followed: what is wrong, and texts that may be what was meant."""

    def __init__(self, problem: str, *tries: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.tries = tries


class Cursor:
    """The words of a rule, read from left to right."""

    def __init__(self, text: str) -> None:
        """Begin at the first word."""
        self._words = _without_commas(split_words(text))
        self._keywords = find_keywords(self._words)
        self._at = 0

    @property
    def next(self) -> Word | None:
        """The next word; None at the end."""
        return self.ahead(0)

    def ahead(self, count: int) -> Word | None:
        """The word after so many others."""
        at = self._at + count
        return self._words[at] if at < len(self._words) else None

    def take(self) -> Word | None:
        """The next word, which is read now; None at the end."""
        word = self.next
        self._at += word is not None
        return word

    def is_at(self, *keywords: str) -> bool:
        """Whether one of these keywords is next."""
        return self.next is not None and self.next.is_any(keywords)

    def takes(self, keyword: str) -> bool:
        """Read a keyword, however often it stands there, if it is next."""
        was_at = self._at
        while self.is_at(keyword):
            self._at += 1
        return self._at > was_at

    def is_at_name(self) -> bool:
        """Whether the next word can be read as part of a name."""
        word = self.next
        return word is not None and not word.is_mark and not self._is_keyword(0)

    def is_at_option(self, ahead: int = 0) -> bool:
        """Whether an option is next, or so many words ahead: `in`, `not from`, `every` and such."""
        word = self.ahead(ahead)
        if word is None:
            return False
        if word.is_any({"not"}):
            ahead, word = ahead + 1, self.ahead(ahead + 1)
        elif word.is_any({"every", "tell", "always"}):
            return True
        return word is not None and word.is_any({"in", "from"}) and self._is_keyword(ahead)

    def _is_keyword(self, count: int) -> bool:
        return self._keywords[self._at + count]

    def take_aside(self) -> str:
        """Read brackets that belong to a name, as in "Bun (Hairstyle)"; nothing where none do."""
        start = end = self._at + 1
        while end < len(self._words) and is_plain(self._words[end]) and not self._keywords[end]:
            end += 1
        if not self.is_at("(") or self._words[end : end + 1] != [Word(")")] or end == start:
            return ""
        self._at = end + 1
        return f"({' '.join(word.text for word in self._words[start:end])})"

    def before(self) -> str:
        """What was read."""
        return join_words(self._words[: self._at])

    def after(self) -> str:
        """What was not read yet."""
        return join_words(self._words[self._at :])


def _without_commas(words: Sequence[Word]) -> list[Word]:
    """Commas mean nothing, unless two names would run into one another."""
    keywords = [*find_keywords(words), True]
    return [
        word
        for at, word in enumerate(words)
        if not word.is_any({","})
        or (at > 0 and not keywords[at + 1] and _is_of_name(words[at + 1]))
    ]


def _is_of_name(word: Word) -> bool:
    return not (word.is_mark or word.names_place)
