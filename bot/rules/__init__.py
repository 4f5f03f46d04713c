"""The watch language: read a rule, print it, say whether a picture meets it and why.

`LABELS [OPTIONS]`, on one line that reads as English:

- A label is a name, `exact:NAME` (without its kinds) or `category:"NAME"`. Neighbouring words are
  one name; quotes are needed where one of them is a keyword.
- Behind a label, or a group in brackets for each label in it, stand its conditions: `over N%`,
  `at least N`, `at most N`, `bigger than N%`. A label's own conditions come before its group's.
- `not` binds tightest, then `and`, then `or`. `X missing where Y` is "not X and Y", where Y is all
  that follows. What could fire for a picture that shows nothing of it is refused.
- Options, in any order: `in` and `not in` channels or places in S3, `from` and `not from` people,
  `me` or `bots`; `every 1h`; `tell` a channel, or `me`; `always`.

What is stored is the printed form. No Slack, no database.
"""

from bot.rules.label_reading import LABEL_MAX_CHARS
from bot.rules.matching import Verdict, names_of, together
from bot.rules.options import EVERY_LEAST_S, EVERY_MOST_S, Options, Posted, print_duration
from bot.rules.parsing import RULE_MAX_CHARS, parse_label, parse_rule, stored_rule
from bot.rules.printing import print_term
from bot.rules.rule import Rule
from bot.rules.terms import And, Not, Or, Query, Term, join, map_terms, terms_of
from bot.rules.words import BOTS, ME, label_key, shown, tidy

__all__ = [
    "BOTS",
    "EVERY_LEAST_S",
    "EVERY_MOST_S",
    "LABEL_MAX_CHARS",
    "ME",
    "RULE_MAX_CHARS",
    "And",
    "Not",
    "Options",
    "Or",
    "Posted",
    "Query",
    "Rule",
    "Term",
    "Verdict",
    "join",
    "label_key",
    "map_terms",
    "names_of",
    "parse_label",
    "parse_rule",
    "print_duration",
    "print_term",
    "shown",
    "stored_rule",
    "terms_of",
    "tidy",
    "together",
]
