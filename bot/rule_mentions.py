"""A stored rule as people read it in Slack, with the channels and people it names. No Slack."""

from __future__ import annotations

import re

from bot.messages import escape

_MENTION = re.compile(r"&lt;([#@])([A-Z0-9]+)(?:\|[^&]*)?&gt;")


def rule_words(rule_text: str, *, names_people: bool = True) -> str:
    """A rule in mrkdwn, where channels and people that it names stay what readers see by name.

    >>> rule_words("cat & dog in <#C012AB3CD> from <@U012AB3CD>", names_people=False)
    'cat &amp; dog in <#C012AB3CD> from somebody'
    """

    def back(found: re.Match[str]) -> str:
        is_person = found[1] == "@"
        return "somebody" if is_person and not names_people else f"<{found[1]}{found[2]}>"

    return _MENTION.sub(back, escape(rule_text))


def rule_command(command: str, rule_text: str) -> str:
    """A command about a rule as people type it: as code, unless names are in it.

    In code, Slack shows the id of a channel or person in the place of their name.

    >>> rule_command("/labels mute", "dog")
    '`/labels mute dog`'
    >>> rule_command("/labels mute", "dog in <#C012AB3CD>")
    '*/labels mute dog in <#C012AB3CD>*'
    """
    words = rule_words(rule_text)
    mark = "`" if words == escape(rule_text) else "*"
    return f"{mark}{command} {words}{mark}"
