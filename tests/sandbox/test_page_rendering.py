import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from bot.sandbox.faults import Faults
from bot.sandbox.ledger import Ledger
from bot.sandbox.slack_server import SlackSandbox

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for path in map(shutil.which, NAMES) if path), None)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="No Chromium on this machine to draw the page in (Debian: apt install chromium).",
)


def plain(words):
    """A plain_text object."""
    return {"type": "plain_text", "text": words}


def option(words):
    """An option of a list, its value the words."""
    return {"text": plain(words), "value": words}


def section(text, **more):
    """A section block with mrkdwn text."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def listed(text):
    """A rich_text block: one bullet in bold."""
    words = {"type": "text", "text": text, "style": {"bold": True}}
    item = {"type": "rich_text_section", "elements": [words]}
    bullets = {"type": "rich_text_list", "style": "bullet", "elements": [item]}
    return {"type": "rich_text", "elements": [bullets]}


def asked(block_id, label, element, **more):
    """An input block."""
    block = {"type": "input", "block_id": block_id, "label": plain(label)}
    return {**block, "element": {"action_id": f"{block_id}-value", **element}, **more}


BUTTON = {"type": "button", "action_id": "b", "text": plain("Press")}
SELECT = {"type": "static_select", "action_id": "s", "options": [option("One"), option("Two")]}
OVERFLOW = {"type": "overflow", "action_id": "o", "options": [option("Why"), option("Export")]}
TEXT = {"type": "plain_text_input"}
TICKS = {"type": "checkboxes", "options": [option("Own"), option("Bots")]}
PEOPLE = {"type": "multi_users_select", "initial_users": ["U0BEN"]}
PLACES = {"type": "multi_conversations_select", "filter": {"include": ["private"]}}
ROUND = {"type": "radio_buttons", "options": [option("Here"), option("Everywhere")]}
BLOCKS = [
    {"type": "header", "text": plain("Two <b>dogs</b>")},
    section("*bold* _slanted_ `code` <@U0BEN> &lt;i&gt;"),
    section("<!here>", accessory=BUTTON),
    {"type": "context", "elements": [plain("small :eyes:")]},
    {"type": "divider"},
    {"type": "image", "slack_file": {"id": "F0GONE"}, "alt_text": "gone"},
    {"type": "actions", "elements": [SELECT, OVERFLOW]},
    listed("first"),
]
MODAL = {
    "id": "V0TEST",
    "type": "modal",
    "title": plain("New watch"),
    "submit": plain("Save"),
    "close": plain("Cancel"),
    "private_metadata": "",
    "notify_on_close": False,
    "blocks": [
        asked("label", "Label", TEXT),
        asked("also", "Also", TICKS, optional=True),
        asked("where", "Where", ROUND, optional=True),
        asked("people", "People", PEOPLE, optional=True),
        asked("places", "Places", PLACES, optional=True),
    ],
}

SHOW_MRKDWN = """async (text) => {
  const { mrkdwn } = await import("/mrkdwn.js");
  const { directory } = await import("/store.js");
  const stage = document.createElement("div");
  stage.append(...mrkdwn(text, directory));
  return stage.innerHTML;
}"""


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def slack():
    """A local Slack that no bot is connected to."""
    slack = SlackSandbox(Ledger(), Faults())
    slack.start()
    yield slack
    slack.stop()


@pytest.fixture
def page(browser, slack):
    """The page as Ana opens it; a script error on it fails the test."""
    page = browser.new_page()
    problems = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    page.goto(slack.url)
    expect(page.get_by_test_id("channel-title")).to_contain_text("photos")
    yield page
    page.close()

    assert problems == []


@pytest.fixture
def said(slack, page):
    """What a message of the bot with BLOCKS looks like on Ana's page."""
    channel = slack.world.channels["C0PHOTOS"]
    ts = slack.post("ana", "photos", text="A message to dress up")
    message = channel.messages[ts]
    with slack.world.changed:
        message.user, message.bot_id, message.blocks = "U0SPOTTER", "B0SPOTTER", BLOCKS
        slack.world.touch()
    shown = page.locator(f'#messages [data-ts="{ts}"] .blocks')
    expect(shown).to_be_visible()
    return shown


@pytest.fixture
def modal(slack, page):
    """The modal as it stands open before Ana."""
    with slack.world.changed:
        slack.world.views["U0ANA"] = [MODAL]
        slack.world.touch()
    shown = page.get_by_test_id("modal")
    expect(shown).to_be_visible()
    return shown


def test_blocks_are_drawn(said):
    """Each block that the bot may send becomes its own kind of element."""
    expect(said.locator("h3")).to_have_text("Two <b>dogs</b>")
    expect(said.locator("strong").first).to_have_text("bold")
    expect(said.locator(".mention").first).to_have_text("@Ben")
    expect(said.get_by_role("button", name="Press")).to_be_visible()
    expect(said.get_by_test_id("file-broken")).to_contain_text("File not found")
    expect(said.locator("li strong")).to_have_text("first")
    expect(said.get_by_text("small 👀")).to_have_count(1)
    expect(said.get_by_role("combobox")).to_have_count(1)

    expect(said.locator(".unsupported")).to_have_count(0)


def test_overflow_opens_menu(said, page):
    """The overflow button opens a menu that the keyboard walks through and Esc closes."""
    said.get_by_test_id("action-o").click()
    page.keyboard.press("ArrowDown")

    expect(page.get_by_role("menuitem", name="Export")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("menu")).to_have_count(0)
    expect(said.get_by_test_id("action-o")).to_be_focused()


def test_modal_asks_for_required(modal):
    """A required field left empty is asked for before anything is sent."""
    modal.get_by_test_id("modal-submit").click()

    expect(modal.get_by_role("alert").first).to_have_text("Please fill this in.")
    expect(modal.get_by_role("checkbox")).to_have_count(2)
    expect(modal.get_by_role("radio")).to_have_count(2)


def test_picker_narrows_and_chooses(modal, page):
    """A menu of many lists what fits the typed letters; keys choose, take back, and close it."""
    people = modal.get_by_label("People")
    people.click()
    expect(modal.locator("[role=option]")).to_have_text(["Ana", "Guest"])
    people.fill("gu")
    expect(modal.locator("[role=option]")).to_have_text(["Guest"])
    people.press("Enter")
    expect(modal.get_by_test_id("token")).to_have_text(["Ben", "Guest"])
    people.press("Backspace")
    people.press("ArrowDown")
    expect(page.get_by_test_id("picker-list")).to_be_visible()
    people.press("Escape")

    expect(page.get_by_test_id("picker-list")).to_have_count(0)
    expect(modal.get_by_test_id("token")).to_have_text(["Ben"])
    expect(modal).to_be_visible()


def test_picker_heeds_filter(modal):
    """A menu of conversations offers only the kinds that the bot asks for."""
    modal.get_by_label("Places").click()

    expect(modal.locator("[role=option]")).to_have_text(["lab"])


def test_modal_shows_refusal(slack, modal):
    """The bot's errors stand under their fields, and what was typed stays."""
    modal.get_by_label("Label").fill("Dgo")
    with slack.world.changed:
        slack.world.views["U0ANA"] = [{**MODAL, "errors": {"label": "Did you mean Dog?"}}]
        slack.world.touch()

    expect(modal.get_by_role("alert").first).to_have_text("Did you mean Dog?")
    expect(modal.get_by_label("Label")).to_have_value("Dgo")


def test_escape_closes_modal(slack, modal, page):
    """Esc closes the modal on the page and in Slack."""
    page.keyboard.press("Escape")
    expect(modal).to_have_count(0)

    assert slack.wait_for(lambda: not slack.world.views.get("U0ANA"), 5)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("*b* _i_ ~s~", "<strong>b</strong> <em>i</em> <s>s</s>"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
        ("`*as is*`", "<code>*as is*</code>"),
        ("`in <#C0PHOTOS>` `<https://a.b>`", "<code>in #photos</code> <code>https://a.b</code>"),
        ("```\na\n  b```", '<pre class="code-block">a\n  b</pre>'),
        ("&gt; said\ndone", "<blockquote>said</blockquote>done"),
        ("&lt;b&gt; &amp;", "&lt;b&gt; &amp;"),
        ("<javascript:alert(1)|go>", "<span>go</span>"),
        ("<#C0NOWHERE|>", '<span class="mention">🔒 private channel</span>'),
        ("a\n\nb", "a<br><br>b"),
        (":eyes: :nothing:", "👀 :nothing:"),
    ],
)
def test_mrkdwn_is_drawn(page, text, drawn):
    """Slack's mrkdwn becomes elements, and foreign markup stays text."""
    assert page.evaluate(SHOW_MRKDWN, text) == drawn
