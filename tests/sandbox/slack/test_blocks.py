"""What Slack takes and refuses in blocks."""

import pytest

from bot.sandbox.slack.blocks import check_blocks, check_view


def plain(text):
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def button(**more):
    """A button."""
    return {"type": "button", "action_id": "a", "text": plain("Press"), **more}


def actions(*elements):
    """A row of elements."""
    return {"type": "actions", "elements": list(elements)}


def option(text="x", value="v"):
    """An option of a select."""
    return {"text": plain(text), "value": value}


IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}
FINE = {
    "section": {"type": "section", "text": {"type": "mrkdwn", "text": "a" * 3000}},
    "fields": {"type": "section", "fields": [plain("a" * 2000)] * 10},
    "divider": {"type": "divider"},
    "header": {"type": "header", "text": plain("a" * 150)},
    "context": {"type": "context", "elements": [plain("a"), IMAGE]},
    "actions": actions(button(), button(action_id="b", value="v" * 2000, style="danger")),
    "image": {**IMAGE, "alt_text": "a" * 2000, "title": plain("A")},
    "select": actions({"type": "static_select", "action_id": "s", "options": [option()] * 100}),
    "external": actions(
        {"type": "multi_external_select", "action_id": "s", "initial_options": [option()]}
    ),
    "filtered": actions(
        {"type": "conversations_select", "action_id": "s", "filter": {"include": ["private"]}}
    ),
    "markdown": {"type": "markdown", "text": "a" * 12_000},
    "rich text": {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
    "table": {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 20] * 100},
}
WRONG = {
    "unknown type": {"type": "marquee"},
    "no type": {"text": plain("a")},
    "alert in a message": {"type": "alert", "text": plain("a")},
    "long section": {"type": "section", "text": {"type": "mrkdwn", "text": "a" * 3001}},
    "empty text": {"type": "section", "text": plain("")},
    "empty section": {"type": "section"},
    "eleven fields": {"type": "section", "fields": [plain("a")] * 11},
    "long header": {"type": "header", "text": plain("a" * 151)},
    "markdown header": {"type": "header", "text": {"type": "mrkdwn", "text": "a"}},
    "eleven in context": {"type": "context", "elements": [plain("a")] * 11},
    "button in context": {"type": "context", "elements": [button()]},
    "26 actions": actions(*(button(action_id=str(n)) for n in range(26))),
    "same action twice": actions(button(), button()),
    "long button": actions(button(text=plain("a" * 76))),
    "long value": actions(button(value="v" * 2001)),
    "long action id": actions(button(action_id="a" * 256)),
    "strange style": actions(button(style="loud")),
    "no alt text": {"type": "image", "image_url": "https://example.com/a.png"},
    "long alt text": {**IMAGE, "alt_text": "a" * 2001},
    "two sources": {**IMAGE, "slack_file": {"id": "F1"}},
    "no source": {"type": "image", "alt_text": "a"},
    "file by id and url": {"type": "image", "alt_text": "a", "slack_file": {"id": "1", "url": "2"}},
    "no options": actions({"type": "static_select", "action_id": "s"}),
    "101 options": actions(
        {"type": "static_select", "action_id": "s", "options": [option()] * 101}
    ),
    "six in overflow": actions({"type": "overflow", "action_id": "o", "options": [option()] * 6}),
    "long option": actions(
        {"type": "static_select", "action_id": "s", "options": [option("a" * 76)]}
    ),
    "no first options": actions(
        {"type": "multi_external_select", "action_id": "s", "initial_options": []}
    ),
    "strange filter": actions(
        {"type": "conversations_select", "action_id": "s", "filter": {"include": ["channels"]}}
    ),
    "empty filter": actions({"type": "conversations_select", "action_id": "s", "filter": {}}),
    "long block id": {"type": "divider", "block_id": "a" * 256},
    "long markdown": {"type": "markdown", "text": "a" * 12_001},
    "wide table": {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 21]},
    "half a confirm": actions(button(confirm={"title": plain("Sure?")})),
    "not an object": "divider",
}


@pytest.mark.parametrize("name", FINE)
def test_fine_blocks_pass(name):
    """Blocks right at the limits are taken."""
    assert check_blocks([FINE[name]]) == []


@pytest.mark.parametrize("name", WRONG)
def test_wrong_blocks_are_named(name):
    """Blocks beyond a limit are refused with a pointer to the place."""
    problems = check_blocks([FINE["divider"], WRONG[name]])

    assert problems
    assert all("[json-pointer:/blocks/1" in problem for problem in problems)


def test_message_holds_fifty():
    """A message holds 50 blocks, a Home tab 100."""
    blocks = [FINE["divider"]] * 51

    assert check_blocks(blocks) == ["no more than 50 items allowed [json-pointer:/blocks]"]
    assert check_blocks(blocks, "home") == []
    assert check_blocks("divider") == ["must be an array [json-pointer:/blocks]"]


def test_block_ids_differ():
    """Two blocks of one message cannot have the same id."""
    blocks = [{"type": "divider", "block_id": "a"}] * 2

    assert check_blocks(blocks) == ["`block_id` [a] already exists [json-pointer:/blocks]"]


def test_inputs_need_submit():
    """A modal with fields needs a button to submit it; tables do not go into modals."""
    field = {"type": "plain_text_input", "action_id": "a"}
    blocks = [{"type": "input", "label": plain("A"), "element": field}]
    view = {"type": "modal", "title": plain("T"), "blocks": blocks}

    assert check_view(view) == ["missing required field: submit [json-pointer:/view]"]
    assert check_view({**view, "submit": plain("OK")}) == []
    assert check_view({**view, "blocks": [FINE["table"]]})
    assert check_view({"type": "window"})
