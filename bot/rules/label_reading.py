"""Reads the labels of a rule, their conditions, and what joins them.

By recursive descent, because its words for what went wrong are the point.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.rules.conditions import add_conditions, read_conditions
from bot.rules.cursor import Cursor, Stumble
from bot.rules.terms import And, Or, Query, Term, join, negate
from bot.rules.words import CONDITIONS, JOINTS, KEYWORDS, Word, join_words, shown, tidy

LABEL_MAX_CHARS = 100
_DEPTH_MOST = 20


class LabelReader:
    """Reads from a cursor up to the options, or to what it cannot read."""

    def __init__(self, cursor: Cursor) -> None:
        """Begin where the cursor is."""
        self._cursor = cursor
        self._depth = 0

    def query(self) -> Query:
        """All labels, or all of a group.

        Raises: Stumble.
        """
        first = self._one()
        if not self._cursor.takes("missing"):
            return self._any(first)
        if not self._cursor.takes("where"):
            before, after = self._cursor.before(), self._cursor.after()
            problem = "“missing” goes on with “where”, and with what should be there."
            raise Stumble(problem, f"{before} where {after}", f"{before} where person")
        return join(And, (negate(first), self._any(self._one())))

    def _any(self, first: Query) -> Query:
        operands = [self._all(first)]
        while self._joins("or"):
            operands.append(self._all(self._one()))
        return join(Or, operands)

    def _all(self, first: Query) -> Query:
        operands = [first]
        while self._joins("and"):
            operands.append(self._one())
        return join(And, operands)

    def _joins(self, joint: str) -> bool:
        """Read a joint; what follows is another label, or an option ("and in #photos")."""
        return self._cursor.takes(joint) and not self._cursor.is_at_option()

    def _one(self) -> Query:
        is_negated = False
        while self._cursor.is_at("not"):
            self._cursor.take()
            is_negated = not is_negated
        query = self._group() if self._cursor.is_at("(") else self._term()
        query = add_conditions(query, read_conditions(self._cursor))
        return negate(query) if is_negated else query

    def _group(self) -> Query:
        before = self._cursor.before()
        self._cursor.take()
        if self._depth == _DEPTH_MOST:
            raise Stumble(
                "There are too many brackets in brackets.", "(dog or cat) and not indoors"
            )
        self._depth += 1
        query = self.query()
        self._depth -= 1
        if not self._cursor.is_at(")"):
            raise self._unclosed(before)
        self._cursor.take()
        return query

    def _unclosed(self, before: str) -> Stumble:
        typed, rest = self._cursor.before(), self._cursor.after()
        bare = f"{before} {typed[len(before) :].replace('(', '', 1)}"
        problem = f"{shown(rest)} cannot stand in brackets." if rest else "A bracket is not closed."
        return Stumble(problem, f"{typed}) {rest}", f"{typed}) {rest.replace(')', '', 1)}", bare)

    def _term(self) -> Term:
        prefixes = set()
        while (word := self._cursor.next) and word.is_prefix:
            prefixes.add(word.text.casefold())
            self._cursor.take()
        if len(prefixes) > 1:
            raise Stumble("“exact:” and “category:” do not go together.", "exact:vehicle")
        name = self._name()
        return Term(name, exact="exact:" in prefixes, is_category="category:" in prefixes)

    def _name(self) -> str:
        before, words = self._cursor.before(), list[Word]()
        while word := self._take_name_word(words):
            if not word.fits_name:
                raise _unfit(word, join_words(words), self._cursor, before)
            words.append(word)
        name = _join_name(words)
        if not name:
            raise _missing_name(self._cursor, before)
        return name

    def _take_name_word(self, words: Sequence[Word]) -> Word | None:
        at_name = self._cursor.is_at_name()
        return self._cursor.take() if at_name else _aside(self._cursor, words)


def read_label(text: str) -> str:
    """One label and nothing else, in which `in` and `from` mean nothing.

    Raises: Stumble.
    """
    cursor, words = Cursor(text), list[Word]()
    while word := _aside(cursor, words) or cursor.take():
        if word.is_mark or word.is_any(KEYWORDS):
            said = shown(f"{words[-1].text}," if words and word.is_any({","}) else word.text)
            whole = tidy(text).replace('"', "")[:LABEL_MAX_CHARS]
            raise Stumble(
                f"{said} is more than a name: one label at a time,"
                f' or put one whole name in quotes ("{whole}").',
                join_words(words),
            )
        if not word.fits_name:
            raise _unfit(word, "", cursor, "")
        words.append(word)
    if name := _join_name(words):
        return name
    raise Stumble("Which label?")


def _aside(cursor: Cursor, words: Sequence[Word]) -> Word | None:
    """What stands in brackets behind the words of a name, and belongs to it."""
    aside = cursor.take_aside() if words else ""
    return Word(aside, is_quoted=True) if aside else None


def _join_name(words: list[Word]) -> str:
    """The name that words make; it does not end as a sentence does."""
    last = [word.bare for word in words[-1:]]
    name = " ".join(filter(None, [*(word.text for word in words[:-1]), *last]))
    if len(name) > LABEL_MAX_CHARS:
        raise Stumble(f"A label has at most {LABEL_MAX_CHARS} characters.", "mobile phone")
    return name


def _unfit(word: Word, name: str, cursor: Cursor, before: str) -> Stumble:
    if not word.names_place:
        return Stumble(f"{shown(word.text)} cannot be part of a label's name.", "mobile phone")
    keyword = "from" if "@" in word.text[:2] else "in"
    typed = f"{before} {name} {keyword} {word.text} {cursor.after()}"
    return Stumble(f"{shown(word.text)} needs “{keyword}” before it.", typed)


def _missing_name(cursor: Cursor, before: str) -> Stumble:
    last, word, after = before.rpartition(" ")[2], cursor.next, cursor.after()
    if word and word.is_any(JOINTS):
        rest = after.partition(" ")[2]
        return Stumble(f"{shown(word.text)} needs a label before it.", f"{before} {rest}", rest)
    if last:
        gap = "" if last.endswith(":") else " "
        tries = f"{before}{gap}cat {after}", f"{before}{gap}cat"
        return Stumble(f"{shown(last)} needs a label behind it.", *tries)
    return Stumble("Which label?")


def leftover(cursor: Cursor, labels: str) -> Stumble:
    """What is wrong with the word that nothing has read, behind these labels and their options."""
    word, before, after = cursor.next or Word(""), cursor.before(), cursor.after()
    options, rest = before[len(labels) :], after.partition(" ")[2]
    said = shown(word.text)
    if word.is_any({","}):
        said, after = shown(rest), rest
    cases: tuple[tuple[Collection[str], str, str], ...] = (
        (
            {"missing"},
            "What is missing stands first, in brackets where it is more than one label.",
            f"({labels}) {after}",
        ),
        ({"where"}, "“where” belongs behind “missing”.", f"{labels} missing {after}"),
        ({"not"}, "“not” needs “and” before it.", f"{labels} and {after} {options}"),
        (CONDITIONS, f"{said} belongs behind its label.", f"({labels}) {after} {options}"),
        (JOINTS, f"{said} belongs before the options.", f"{labels} {after} {options}"),
        ({")"}, "“)” closes no bracket.", f"{before} {rest}"),
    )
    usual = f"{said} cannot stand here: labels are joined with “and” or “or”."
    found = ((problem, meant) for words, problem, meant in cases if word.is_any(words))
    problem, meant = next(found, (usual, f"{labels} or {after} {options}"))
    return Stumble(problem, meant, labels)
