import re

import pytest

from bot.command_help import MORE_HELP
from bot.rules import parse_rule

FORMS = re.findall(r"`([^`]+)`", " ".join(MORE_HELP["watch"]))
OPTIONS = {"in", "from", "every", "tell", "always"}
SENT = {"#photos": "<#C1|photos>", "#alerts": "<#C2|alerts>", "@ana": "<@U1|ana>"}


@pytest.mark.parametrize("form", [form for form in FORMS if form not in {"not", "and"}])
def test_forms_can_be_typed(form):
    """What help on watches shows is what can be typed; options have a label before."""
    is_option = form.removeprefix("not ").split()[0] in OPTIONS
    for typed, sent in SENT.items():
        form = form.replace(typed, sent)

    assert parse_rule(f"dog {form}" if is_option else form)
