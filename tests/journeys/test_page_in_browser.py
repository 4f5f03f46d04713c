"""The demo's page in a real browser; long, because one file keeps to one started demo."""

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for path in map(shutil.which, NAMES) if path), None)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
ANSWER_MS = 30_000

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="No Chromium on this machine to drive the page in (Debian: apt install chromium).",
)


MARKUP = '<img src=x onerror="broken=1"> <script>broken=1</script> javascript:run()'

DROP_FILE = """(area) => {
  const data = new DataTransfer();
  data.items.add(new File(["words"], "notes.txt", { type: "text/plain" }));
  for (const name of ["dragenter", "dragover", "drop"])
    area.dispatchEvent(new DragEvent(name, { dataTransfer: data, bubbles: true }));
}"""


SCROLL_UP = """(frame) => new Promise((done) => {
  frame.addEventListener("scroll", () => requestAnimationFrame(done), { once: true });
  frame.scrollTop = 0;
})"""


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture
def page(browser, demo_url):
    """The demo's page as a newcomer opens it; a script error on it fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.asked, page.problems = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda problem: page.problems.append(str(problem)))
    page.goto(demo_url)
    expect(page.get_by_test_id("channel-title")).to_contain_text("photos")
    yield page
    context.close()

    assert page.problems == []


def become(page, person, channel="photos"):
    """Switches to a person and one of their channels."""
    page.get_by_test_id(f"person-{person}").click()
    page.get_by_test_id(f"channel-{channel}").click()


def write(page, text):
    """Types into the current channel and sends it."""
    page.get_by_test_id("composer-channel").fill(text)
    page.get_by_test_id("composer-channel").press("Enter")
    expect(page.get_by_test_id("composer-channel")).to_have_value("")


def post_sample(page, name):
    """Posts a sample in the current channel; gives the message."""
    with page.expect_response("**/sandbox/post") as posted:
        page.get_by_test_id(f"sample-{name}").click()
    return page.locator(f'#messages [data-ts="{posted.value.json()["ts"]}"]')


def a_picture():
    """A file as the browser's picker takes it."""
    buffer = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(buffer, "PNG")
    return {"name": "glow.png", "mimeType": "image/png", "buffer": buffer.getvalue()}


def test_picture_answered_in_thread(page):
    """A sample picture gets eyes, then a reply with the drawn-on picture in its thread."""
    become(page, "ana")
    message = post_sample(page, "park.jpg")
    expect(message.get_by_test_id("reaction-eyes")).to_be_visible(timeout=ANSWER_MS)
    message.get_by_test_id("thread-summary").click(timeout=ANSWER_MS)
    reply = page.get_by_test_id("thread").locator("[data-user=U0SPOTTER]")

    expect(reply).to_have_count(1)
    expect(reply).to_contain_text("1 Dog")
    expect(reply.locator("img")).to_have_js_property("complete", value=True)
    assert reply.locator("img").evaluate("(picture) => picture.naturalWidth") > 400
    assert "Dog" in reply.locator("img").get_attribute("alt")


def test_permalink_opens_thread(page, demo_url):
    """Slack's link to a message, as an export has it, opens the page at that message's thread."""
    ts = post_sample(page, "park.jpg").get_attribute("data-ts")
    page.goto(f"{demo_url}/archives/C0PHOTOS/p{ts.replace('.', '')}")

    expect(page.get_by_test_id("thread").locator(f'[data-ts="{ts}"]')).to_be_visible()
    expect(page.get_by_test_id("channel-title")).to_contain_text("photos")


def test_watcher_is_told(page):
    """Ben asks for dogs, Ana posts one, and Ben's direct message leads to the picture."""
    become(page, "ben")
    write(page, "/labels watch dog")
    expect(page.get_by_test_id("ephemeral").last).to_contain_text("Only visible to you")
    expect(page.get_by_test_id("ephemeral").last).to_contain_text("dog")
    become(page, "ben", "dm")
    become(page, "ana")
    post_sample(page, "park.jpg")
    expect(page.get_by_test_id("person-ben").get_by_test_id("badge")).to_be_visible(
        timeout=ANSWER_MS
    )
    expect(page.get_by_test_id("toast")).to_have_count(1, timeout=ANSWER_MS)
    page.get_by_test_id("person-ben").click()
    expect(page.get_by_test_id("toast")).to_have_count(0)
    become(page, "ben", "dm")
    notice = page.get_by_test_id("messages").get_by_test_id("message").last

    expect(notice).to_contain_text("Dog")
    expect(notice).to_contain_text("#photos")
    notice.get_by_role("link", name="picture").click()
    expect(page.get_by_test_id("thread").locator("[data-user=U0SPOTTER]")).to_contain_text("1 Dog")


def test_buttons_under_notice(page):
    """Ben asks why, and snoozes until tomorrow; Ana, who is next, sees nothing of that."""
    become(page, "ben")
    write(page, "/labels watch cat")
    expect(page.get_by_test_id("ephemeral").last).to_contain_text("cat")
    become(page, "ana")
    post_sample(page, "kitchen.jpg")
    expect(page.get_by_test_id("toast")).to_have_count(1, timeout=ANSWER_MS)
    become(page, "ben", "dm")
    notice = page.get_by_test_id("messages").get_by_test_id("message").filter(has_text="Cat").first
    expect(notice.locator("img").last).to_have_js_property("complete", value=True)
    notice.get_by_test_id("action-explain_notice").click()
    said = page.get_by_test_id("messages").get_by_test_id("ephemeral")
    expect(said.last).to_contain_text("cat: Told you", timeout=ANSWER_MS)
    notice.get_by_test_id("action-snooze_watches").select_option("tomorrow")

    expect(said.last).to_contain_text("cat is quiet until", timeout=ANSWER_MS)
    become(page, "ana")
    expect(page.get_by_test_id("ephemeral").filter(has_text="is quiet until")).to_have_count(0)
    become(page, "ben")
    write(page, "/labels unwatch cat")


def test_buttons_under_reply(page):
    """A label is chosen under a reply, the answer is for Ana alone; another style comes anew."""
    become(page, "ana")
    post_sample(page, "park.jpg").get_by_test_id("thread-summary").click(timeout=ANSWER_MS)
    reply = page.get_by_test_id("thread").locator("[data-user=U0SPOTTER]:has(img)")
    reply.get_by_test_id("action-watch_label").select_option("Tennis Ball")
    said = page.get_by_test_id("thread").get_by_test_id("ephemeral")
    expect(said).to_contain_text("You now watch Tennis Ball", timeout=ANSWER_MS)
    first = reply.get_attribute("data-ts")
    reply.get_by_test_id("action-choose_style").select_option("hide_people")
    expect(reply.and_(page.locator(f'[data-ts="{first}"]'))).to_have_count(0, timeout=ANSWER_MS)

    expect(reply).to_have_count(1, timeout=ANSWER_MS)
    expect(reply).to_contain_text("1 Person")
    expect(reply.get_by_test_id("action-choose_style")).to_have_value("")
    write(page, "/labels unwatch tennis ball")


def test_private_answer_stays_private(page):
    """What the bot answers to Ben's command is not on Ana's page."""
    become(page, "ben", "alerts")
    write(page, "/labels help")
    expect(page.get_by_test_id("ephemeral").last).to_contain_text("/labels watch")
    become(page, "ana", "alerts")

    expect(page.get_by_test_id("ephemeral")).to_have_count(0)


def test_guest_misses_private_channel(page):
    """The guest sees #photos only; Ana also sees the private #lab."""
    expect(page.get_by_test_id("channel-lab")).to_be_visible()
    page.get_by_test_id("person-guest").click()

    expect(page.get_by_test_id("channel-photos")).to_be_visible()
    for name in ("lab", "alerts", "random"):
        expect(page.get_by_test_id(f"channel-{name}")).to_have_count(0)


def test_own_files_are_posted(page):
    """Chosen and dropped files are shown before they are sent, and then stand in the message."""
    become(page, "ana", "random")
    page.get_by_test_id("picker-channel").set_input_files([a_picture()])
    page.locator("#main").evaluate(DROP_FILE)
    expect(page.get_by_test_id("chosen-file")).to_have_count(2)
    write(page, "Mine & <b>yours</b>")
    message = page.get_by_test_id("messages").get_by_test_id("message").last

    expect(message).to_contain_text("Mine & <b>yours</b>")
    expect(message.get_by_test_id("picture")).to_be_visible()
    expect(message.get_by_test_id("file")).to_contain_text("notes.txt")
    expect(page.get_by_test_id("chosen-file")).to_have_count(0)


def test_own_words_are_shown(page):
    """Who has scrolled up and sends something sees it."""
    become(page, "ben", "random")
    for number in range(30):
        write(page, f"line {number}")
    expect(page.get_by_text("line 29", exact=True)).to_be_in_viewport()
    page.locator("#messages-scroll").evaluate(SCROLL_UP)
    expect(page.get_by_text("line 29", exact=True)).not_to_be_in_viewport()
    write(page, "so much for that")

    expect(page.get_by_text("so much for that", exact=True)).to_be_in_viewport()


def test_draft_waits_per_person(page):
    """Half-written words stay with the person and channel they were written for."""
    become(page, "ana", "random")
    page.get_by_test_id("composer-channel").fill("half a thou")
    become(page, "ben", "random")
    expect(page.get_by_test_id("composer-channel")).to_have_value("")
    become(page, "ana", "random")

    expect(page.get_by_test_id("composer-channel")).to_have_value("half a thou")


def test_command_refused_in_thread(page):
    """A slash command in a thread is refused in words, and stays in the composer."""
    become(page, "ben", "random")
    write(page, "Something to answer")
    message = page.get_by_test_id("message").filter(has_text="Something to answer").last
    message.hover()
    message.get_by_test_id("reply-in-thread").click()
    page.get_by_test_id("composer-thread").fill("/labels help")
    page.get_by_test_id("composer-thread").press("Enter")

    problem = page.get_by_test_id("thread").get_by_test_id("composer-problem")
    expect(problem).to_contain_text("not supported in threads")
    expect(page.get_by_test_id("composer-thread")).to_have_value("/labels help")


def test_deleted_message_vanishes(page):
    """A message deleted through its menu is gone for everybody."""
    become(page, "ben", "random")
    write(page, "Soon gone")
    message = page.get_by_test_id("message").filter(has_text="Soon gone")
    message.hover()
    message.get_by_test_id("message-more").click()
    page.get_by_role("menuitem", name="Delete message").click()
    page.get_by_test_id("confirm").get_by_role("button", name="Delete").click()

    expect(message).to_have_count(0)
    become(page, "ana", "random")
    expect(page.get_by_text("Soon gone")).to_have_count(0)


def test_bot_missing_is_said(page):
    """Where the bot is not a member, the page says so and offers to invite it."""
    become(page, "ana", "random")

    expect(page.get_by_test_id("notice-action")).to_have_text("Invite Spotter")


def test_odd_files_have_icons(page):
    """A file that no browser can show stands in the composer as an icon with name and size."""
    odd = (("words.jpg", "image/jpeg", b"Dear diary"), ("empty.png", "image/png", b""))
    files = [{"name": name, "mimeType": kind, "buffer": data} for name, kind, data in odd]
    page.get_by_test_id("picker-channel").set_input_files([a_picture(), *files])
    chips = page.get_by_test_id("chosen-file")
    expect(chips.nth(0).locator("canvas")).to_be_visible()

    expect(chips.locator(".chip-face .icon")).to_have_count(2)
    expect(chips.locator("canvas")).to_have_count(1)
    expect(chips.nth(2)).to_contain_text("empty.png")


def test_welcome_names_the_next_step(page):
    """The welcome says how to bring Spotter in, and in its direct message what it answers."""
    become(page, "ana", "random")
    expect(page.locator("#empty")).to_contain_text("/invite @Spotter")
    become(page, "ana", "dm")

    expect(page.locator("#empty")).to_contain_text("Plain words get no answer")
    expect(page.locator("#channel-about")).to_contain_text("/labels help")


def test_unknown_command_suggests(page):
    """A slash command that nobody knows is refused with one that Spotter knows."""
    page.get_by_test_id("composer-channel").fill("/weather")
    page.get_by_test_id("composer-channel").press("Enter")

    expect(page.get_by_test_id("composer-problem").first).to_contain_text("Try /labels help")


def test_foreign_text_stays_text(page):
    """Markup in a message is shown as it was typed and runs nothing."""
    become(page, "ben", "random")
    write(
        page,
        MARKUP,
    )
    message = page.get_by_test_id("messages").get_by_test_id("message").last

    expect(message).to_contain_text("<img src=x onerror=")
    expect(message.locator("img, script, a")).to_have_count(0)
    assert page.evaluate("window.broken") is None


def test_page_says_what_is_real(page):
    """The panel names the stand-ins and how to connect the real ones, and Esc closes it."""
    page.get_by_test_id("reality-button").click()
    panel = page.get_by_test_id("reality")

    for words in (
        "Amazon Rekognition",
        "moto",
        "Stand-in",
        "real program",
        ".venv/bin/python -m bot manifest",
        ".venv/bin/python -m bot doctor",
    ):
        expect(panel).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_picture_opens_large(page):
    """A click on a picture opens it large; Esc closes first the picture and then the thread."""
    become(page, "ana", "alerts")
    message = post_sample(page, "beach.jpg")
    message.hover()
    message.get_by_test_id("reply-in-thread").click()
    message.get_by_test_id("picture").click()
    expect(page.get_by_test_id("lightbox").locator("img")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("lightbox")).to_have_count(0)
    expect(page.get_by_test_id("thread")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_test_id("thread")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_page_fits_its_window(page, width):
    """No window from a narrow phone to a desktop has to be scrolled sideways."""
    page.set_viewport_size({"width": width, "height": 780})
    if page.get_by_test_id("drawer").is_visible():
        page.get_by_test_id("drawer").click()
    expect(page.get_by_test_id("channel-dm")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.get_by_test_id("switcher")).to_be_in_viewport(ratio=1)


def test_page_asks_nobody_else(page, demo_url):
    """Everything that the page loads comes from the demo itself."""
    become(page, "ana")
    expect(page.get_by_test_id("sample-park.jpg")).to_be_visible()
    elsewhere = [url for url in page.asked if not url.startswith((demo_url, "data:", "blob:"))]

    assert elsewhere == []


def test_page_files_name_no_host():
    """No file of the page names a host that a browser would ask."""
    folder = Path(__file__).parents[2] / "bot" / "sandbox" / "page"
    loading = ('src="http', "url(http", "@import", 'from "http', 'href="http')
    found = [
        (path.name, word)
        for path in folder.iterdir()
        for word in loading
        if word in path.read_text()
    ]

    assert found == []


def test_shortcut_in_menu(page):
    """A message's menu offers the bot's shortcut; what it says is for whoever used it."""
    become(page, "ana", "lab")
    message = post_sample(page, "park.jpg")
    expect(message.get_by_test_id("reaction-white_check_mark")).to_be_visible(timeout=ANSWER_MS)
    message.hover()
    message.get_by_test_id("message-more").hover()
    page.wait_for_timeout(500)  # a menu closes when its page scrolls
    message.get_by_test_id("message-more").click()
    page.get_by_role("menuitem", name="Label images").click()

    expect(page.get_by_test_id("ephemeral")).to_contain_text("I have answered that already")


def choose(page, window, label, typed, option):
    """Types into a menu of the window and takes the option with these very words."""
    window.get_by_label(label).fill(typed)
    page.get_by_test_id("picker-list").get_by_text(option, exact=True).click()


def last_list(page):
    """Asks for the list of watches; gives it."""
    write(page, "/labels watches")
    shown = page.get_by_test_id("ephemeral").filter(has_text="New watch").last
    expect(shown).to_be_visible(timeout=ANSWER_MS)
    return shown


def remove_last(page, shown, words):
    """Removes the last watch of a list, which has these words."""
    shown.get_by_test_id("action-remove_listed").last.click()
    page.get_by_test_id("confirm").get_by_role("button", name="Remove").click()
    expect(shown).to_contain_text(f"{words} is removed", timeout=ANSWER_MS)


def make_watch(page):
    """As Ben, makes a watch in the window of `/labels watch`, at first with a wrong number."""
    write(page, "/labels watch")
    window = page.get_by_test_id("modal")
    choose(page, window, "Labels", "do", "Dog")
    choose(page, window, "Posted in", "pho", "photos")
    window.get_by_label("At least this sure").fill("900")
    window.get_by_test_id("action-every").select_option("1h")
    window.get_by_test_id("modal-submit").click()
    expect(window.get_by_text("out of range")).to_be_visible(timeout=ANSWER_MS)
    window.get_by_label("At least this sure").fill("90")
    window.get_by_test_id("modal-submit").click()
    expect(window).to_have_count(0, timeout=ANSWER_MS)


def test_watch_in_window(page):
    """A watch is made in the window, found in the list, changed there, muted, and removed."""
    become(page, "ana")
    post_sample(page, "park.jpg").get_by_test_id("thread-summary").wait_for(timeout=ANSWER_MS)
    become(page, "ben")
    make_watch(page)
    said = page.get_by_test_id("ephemeral").last
    expect(said).to_contain_text("You now watch Dog over 90% in #photos every 1h")
    shown = last_list(page)
    shown.get_by_test_id("action-edit_listed").last.click()
    window = page.get_by_test_id("modal")
    expect(window.get_by_test_id("token")).to_have_text(["Dog", "photos"], timeout=ANSWER_MS)
    window.get_by_label("At least so many").fill("2")
    window.get_by_test_id("modal-submit").click()
    changed = "Dog over 90% at least 2 in #photos every 1h"
    expect(shown).to_contain_text(f"Changed: you watch {changed}", timeout=ANSWER_MS)
    shown.get_by_test_id("action-mute_listed").last.click()

    expect(shown).to_contain_text("nothing told of this yet · muted", timeout=ANSWER_MS)
    remove_last(page, shown, changed)
    expect(shown.get_by_text("at least 2")).to_have_count(1)


def test_list_by_person(page):
    """Ana sees in #alerts that Ben has it told, and removes that; his own watches stay his."""
    become(page, "ben", "alerts")
    write(page, "/labels watch glow worm tell #alerts")
    expect(page.get_by_test_id("ephemeral").last).to_contain_text("I tell #alerts")
    write(page, "/labels watch sailboat")
    expect(page.get_by_test_id("ephemeral").last).to_contain_text("You now watch sailboat")
    become(page, "guest")
    expect(last_list(page)).not_to_contain_text("glow worm")
    become(page, "ana", "alerts")
    shown = last_list(page)

    expect(shown).to_contain_text("glow worm tell #alerts")
    expect(shown).to_contain_text("Made by @Ben")
    expect(shown).not_to_contain_text("sailboat")
    remove_last(page, shown, "glow worm tell #alerts")
    become(page, "ben", "alerts")
    expect(last_list(page)).not_to_contain_text("glow worm")
    write(page, "/labels unwatch sailboat")
