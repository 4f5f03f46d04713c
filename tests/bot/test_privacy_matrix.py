"""Who learns what, for each kind of person and each way in which the bot says anything.

Everything here is about two pictures: one in #quarry, which is private, and one in #harbour, which
is public. On each an instrument was seen that no other picture has, and everybody watches for
instruments. No trace of a picture may reach whoever may not look where it is. Who may look there
must get it: a check that nobody passes would prove nothing.
"""

import json
import shutil

import pytest

from bot.answering import UNKNOWN_LINK
from bot.notices import HELD, WHY
from bot.reply_buttons import ABOUT_PICTURES, EXPLAIN
from bot.sandbox.slack.nouns import BOT_USER, TEAM
from tests.house import House

PRIVATE, PUBLIC, DEN = "C0QUARRY", "C0HARBOUR", "C0DEN"
SECRETS = {PRIVATE: "Xylophone", PUBLIC: "Yazheng"}
"""The label that is seen in one place alone."""
NAMES = {PRIVATE: "quarry", PUBLIC: "harbour"}

VIEWERS = {
    "member": ("U0MEMBER", {PRIVATE, PUBLIC}),
    "non-member": ("U0OTHER", {PUBLIC}),
    "ex-member": ("U0LEFT", {PUBLIC}),
    "guest": ("U0GUEST", set()),
    "Slack Connect outsider": ("U0OUTSIDE", set()),
    "other workspace": ("U0FAR", set()),
}
"""Who asks, and where they may look."""

TEAM_OF = {"U0OUTSIDE": "T0PARTNER", "U0FAR": "T0ELSEWHERE"}


def home(user):
    """The channel that this person shares with ana and the bot."""
    return f"C0HOME{user[2:]}"


def wall(user):
    """Another one, where the same pictures are posted again."""
    return f"C0WALL{user[2:]}"


@pytest.fixture(scope="module")
def house(tmp_path_factory, empty_database):
    """The workspace, in which both pictures were posted and answered, and all was told."""
    path = tmp_path_factory.mktemp("house") / "spotter.db"
    shutil.copy(empty_database, path)
    house = House(f"sqlite:///{path}")
    move_in(house)
    house.pictures = {
        place: house.post("U0ANA", place, secret, sha256=secret)
        for place, secret in SECRETS.items()
    }
    house.replies = {place: house.reply(source) for place, source in house.pictures.items()}
    house.old = house.post("U0ANA", DEN, "Zither")
    house.tell(house.old)
    recipients = {place: house.match(source) for place, source in house.pictures.items()}
    # Who leaves between the match and the sending hears nothing.
    for place in (PRIVATE, PUBLIC, DEN):
        house.slack.leave("left", place)
    house.read = {user: house.reads(user) for user, _ in VIEWERS.values()}
    house.listed = {
        (user, place): listed(house, user, place) for user, _ in VIEWERS.values() for place in NAMES
    }
    for place, source in house.pictures.items():
        for recipient in recipients[place]:
            house.notify(source, recipient)
    yield house
    house.close()


def move_in(house):
    """Bring everybody where they belong, and let them watch; ana has it told where they are."""
    for user, _ in VIEWERS.values():
        team = TEAM_OF.get(user, TEAM)
        house.add_person(user, user[2:].lower(), team=team, is_restricted=user == "U0GUEST")
        for channel in (home(user), wall(user)):
            members = ["U0ANA", user, BOT_USER]
            house.add_channel(channel, channel, "private", members, is_ext_shared=team != TEAM)
        for rule in ("instrument", *(f"instrument {confined(place)}" for place in NAMES)):
            house.watch(user, rule)
        house.watch("U0ANA", f"instrument tell <#{home(user)}>")
    house.add_channel(DEN, "den", "private", ["U0ANA", BOT_USER, "U0LEFT"])
    for place, kind in ((PRIVATE, "private"), (PUBLIC, "public")):
        members = ["U0ANA", BOT_USER, "U0MEMBER", "U0LEFT"]
        house.add_channel(place, NAMES[place], kind, members)


def team_of(user):
    """The team that Slack names with what somebody does; a partner acts in ours."""
    return TEAM_OF[user] if user == "U0FAR" else TEAM


def type_at_home(house, user, text):
    """Type a command where one is at home; the answer."""
    return house.type(user, home(user), text, team=team_of(user))


def confined(place):
    """What a watch says that is about one place alone."""
    return f"in <#{place}>"


def listed(house, user, place):
    """What the list says of the watch of one place."""
    body = json.loads(type_at_home(house, user, "watches"))
    texts = [block["text"]["text"] for block in body["blocks"] if block["type"] == "section"]
    return [text for text in texts if confined(place) in text]


def actions_of(message):
    """Every button and menu of a message, by its action id, as a press of it is sent."""
    found = {}
    for block in message.blocks:
        for element in block["elements"] if block["type"] == "actions" else ():
            chosen = {"selected_option": element["options"][0]} if "options" in element else {}
            pressed = {"value": "", **element, **chosen, "block_id": block["block_id"]}
            found[element["action_id"]] = pressed
    return found


def in_reply(house, user, place):
    """What is read anywhere after the reply, and what its buttons say, also if pressed by force."""
    buttons = actions_of(house.replies[place])
    sees = place in dict(VIEWERS.values())[user]
    pressed = [EXPLAIN] if sees else ABOUT_PICTURES
    said = [
        house.press(user, place, buttons[action], team=team_of(user))
        for action in pressed
        if action in buttons
    ]
    return "\n".join([house.read[user], *said])


def in_commands(house, user, place):
    """What commands say of all that one has, and whether they know the picture behind a link."""
    alone = ("help", "status", "watches", "review", "audit", "unwatch piano", "mute piano")
    answers = [type_at_home(house, user, text) for text in alone]
    link = house.link(house.pictures[place])
    for text in ("wrong piano in {}", "add piano to {} 2", "rename piano to organ in {} 1"):
        known = type_at_home(house, user, text.format(link))
        unknown = type_at_home(house, user, text.format(link[:-6] + "999999"))
        answers += [known, *([SECRETS[place]] if known != unknown else [])]
    return "\n".join(answers).replace(confined(place), "")


def in_watch_list(house, user, place):
    """Whether the list of watches is another one since the picture of a place was told."""
    return SECRETS[place] if listed(house, user, place) != house.listed[user, place] else ""


def in_direct_messages(house, user, _):
    """What the bot wrote to them directly."""
    return "\n".join(str(message) for message in house.slack.direct_messages(user))


def in_channel(house, user, _):
    """What the bot wrote where they are with ana, who may see it all and has it told there."""
    return "\n".join(str(message) for message in house.slack.messages(home(user)))


def in_why(house, user, place):
    """What is said to why; of no picture it is the same as of one that is not there."""
    return type_at_home(house, user, f"why {house.link(house.pictures[place])}")


def in_suggestions(house, user, place):
    """What is suggested to who types a name that is nearly right."""
    return type_at_home(house, user, f"watch {SECRETS[place].lower()[:-1]}")


def in_export(house, user, place):
    """What is said to who asks for the labels of a place, and what is in the file they get."""
    said = type_at_home(house, user, f"export json in <#{place}>")
    return said.replace(f"<#{place}>", "") + house.export(user, place)


def in_seen_before(house, user, place):
    """What is said under the same picture where they are; there a piano was seen on it."""
    answer = house.records.analyses.answer(TEAM, SECRETS[place])
    source = house.post("U0ANA", wall(user), "Piano", sha256=SECRETS[place])
    reply = house.reply(source)
    house.records.analyses.note_answer(TEAM, SECRETS[place], answer)
    return reply.text


SURFACES = {
    "reply": in_reply,
    "/labels": in_commands,
    "watch list": in_watch_list,
    "DM alert": in_direct_messages,
    "channel alert": in_channel,
    "why": in_why,
    "suggestions": in_suggestions,
    "export": in_export,
    "seen before": in_seen_before,
}


def traces_of(house, place):
    """What would give a picture away: what was seen, where, and when."""
    source = house.pictures[place]
    link_end = source.ts.replace(".", "")
    return {SECRETS[place], NAMES[place], place, source.ts, link_end}


def leaks_allowed(house, viewer, surface, place):
    """None, but that a public place is no secret in the team: a link to it says nothing more."""
    if (viewer, surface, place) != ("guest", "seen before", PUBLIC):
        return set()
    return {place, house.pictures[place].ts.replace(".", "")}


def is_told(surface, place, sees):
    """Whether this has to be said: all that one may see, but that a private place was earlier."""
    return place in sees and (surface, place) != ("seen before", PRIVATE)


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("viewer", VIEWERS)
def test_matrix(house, viewer, surface):
    """Each kind of person learns by each way of what they may see, and of nothing else."""
    user, sees = VIEWERS[viewer]
    for place in (PRIVATE, PUBLIC):
        said = SURFACES[surface](house, user, place)
        traces = traces_of(house, place)
        found = {trace for trace in traces if trace in said}

        assert found <= (traces if place in sees else leaks_allowed(house, viewer, surface, place))
        assert found or not is_told(surface, place, sees)


def test_old_notice(house):
    """Under a notice from when one was there, nothing more is said of what it is about."""
    (notice, *_) = house.slack.direct_messages("left")
    pressed = house.press("U0LEFT", "D0LEFT", actions_of(notice)[WHY])

    assert "Zither" in notice.text
    assert pressed == UNKNOWN_LINK


def test_no_count_of_what_is_hidden(house):
    """The list of what was held back is empty for who may not look there, whatever was counted."""
    (notice, *_) = house.slack.direct_messages("left")
    (watch,) = house.records.watches.of_owner(TEAM, "U0LEFT")[:1]
    key = notice.blocks[-1]["block_id"]
    quiet = house.post("U0ANA", PRIVATE, "Zither")
    house.records.watch_events.note(
        [watch.watch_id], quiet, state="held", reason="muted", notice_key=key
    )
    action = {"type": "button", "action_id": HELD, "block_id": key, "value": "held"}
    said = house.press("U0LEFT", "D0LEFT", action)

    assert said == "None of these pictures can be seen any more."
