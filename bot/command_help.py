"""What can be typed after `/labels`, as help and README show it. Data only."""

from __future__ import annotations

from dataclasses import dataclass

_EXAMPLE_LINK = "https://example.slack.com/archives/C012AB3CD/p1700000000000100"


@dataclass(frozen=True)
class HelpLine:
    """One thing that can be typed after `/labels`: its form, what it does, and an example."""

    usage: str
    meaning: str
    example: str

    @property
    def name(self) -> str:
        """The command's first word."""
        return self.usage.split()[0].casefold()


HELP = (
    HelpLine(
        "watch LABELS [OPTIONS]",
        "Tells you, in a direct message, when someone posts a picture that shows the labels: one, "
        "or several with `and`, `or`, `not` and brackets; each with `over N%`, `at least N`, "
        "`at most N` or `bigger than N%` behind it. Options are `in`, `from`, `every`, `tell` and "
        "`always`.",
        "watch (dog or cat) and not indoors every 1h",
    ),
    HelpLine(
        "watch",
        "Opens a window in which you choose all that; labels are completed as you type.",
        "watch",
    ),
    HelpLine(
        "unwatch LABELS [OPTIONS]",
        "Stops watching; where a label alone fits several of your watches, you choose which.",
        "unwatch mobile phone",
    ),
    HelpLine("unwatch all LABEL", "Stops all your watches of a label.", "unwatch all dog"),
    HelpLine(
        "watches",
        "Lists what you watch, and in a channel what tells it, with buttons to edit, mute and "
        "remove.",
        "watches",
    ),
    HelpLine(
        "snooze LABEL|all 1h|tomorrow|week",
        "Keeps a watch quiet for an hour, until 8 tomorrow morning, or for a week.",
        "snooze dog until tomorrow",
    ),
    HelpLine(
        "mute LABEL|all",
        "Keeps a watch, or all of yours, quiet until you unmute it.",
        "mute dog",
    ),
    HelpLine("unmute LABEL|all", "Lets it tell again, also before a snooze ends.", "unmute dog"),
    HelpLine(
        "why LINK",
        "Says why your watches, and those that tell a channel you see, told of a picture or did "
        "not; LINK is the link to its message, and a number behind it says which picture of "
        "several.",
        f"why {_EXAMPLE_LINK}",
    ),
    HelpLine(
        "export json|csv|coco [since 7d] [in #channel]",
        "Sends you, in a direct message, a file with the labels of the pictures posted here or "
        "in another channel that you may see.",
        "export csv since 7d",
    ),
    HelpLine(
        "export json|csv|coco of LINK",
        "Sends you such a file about the pictures of one thread; LINK is the link to a message in "
        "it.",
        f"export csv of {_EXAMPLE_LINK}",
    ),
    HelpLine(
        "LINK",
        "Labels the picture behind a link to S3.",
        "s3://our-pictures/park.jpg",
    ),
    HelpLine(
        "status",
        "Says how this channel is set and whether Spotter works.",
        "status",
    ),
    HelpLine(
        "mode auto|request|off",
        "Labels every picture posted in this channel, only those that somebody asks for, or none.",
        "mode request",
    ),
    HelpLine(
        "mode bots on|off",
        "Labels pictures that other bots, such as cameras, post in this channel, or not.",
        "mode bots on",
    ),
    HelpLine(
        "keep DAYS|default",
        "Keeps this channel's pictures and labels for so many days; for admins.",
        "keep 30d",
    ),
    HelpLine(
        "optout",
        "Leaves your pictures alone everywhere from now on, and deletes what is kept of them.",
        "optout",
    ),
    HelpLine("optin", "Labels your pictures again.", "optin"),
    HelpLine(
        "settings",
        "Opens a window in which you set what is shown in this channel, and how: from which "
        "confidence on, for single labels too, how many labels, the style of the drawing, and "
        "what is hidden in it.",
        "settings",
    ),
    HelpLine(
        "settings threshold N",
        "Shows in this channel only what is at least N percent sure.",
        "settings threshold 85",
    ),
    HelpLine(
        "wrong LABEL in LINK",
        "Takes a label away from a picture, for good; LINK is the link to its message, and a "
        "number behind it says which picture of several.",
        f"wrong cat in {_EXAMPLE_LINK}",
    ),
    HelpLine(
        "add LABEL to LINK",
        "Adds a label that is missing.",
        f"add dog to {_EXAMPLE_LINK}",
    ),
    HelpLine(
        "rename LABEL to LABEL in LINK",
        "Gives a label its right name.",
        f"rename cat to dog in {_EXAMPLE_LINK}",
    ),
    HelpLine(
        "withhold LABEL",
        "Keeps a label from everybody in this workspace. For admins.",
        "withhold tattoo",
    ),
    HelpLine(
        "show LABEL",
        "Shows a label that was withheld. For admins.",
        "show bride",
    ),
    HelpLine(
        "review",
        "Lists the labels that nobody has decided about yet, which are withheld until an admin "
        "does. For admins.",
        "review",
    ),
    HelpLine(
        "audit",
        "Lists the last changes that admins made for this whole workspace: who, when, and what it "
        "was before. For admins.",
        "audit",
    ),
    HelpLine("help [COMMAND]", "Shows this.", "help watch"),
)
"""Every command, in the order in which README shows them."""

GROUPS = {
    "Be told": ("watch", "unwatch", "watches", "mute", "unmute", "snooze", "why"),
    "Pictures and their labels": ("link", "export", "wrong", "add", "rename"),
    "This channel": ("status", "mode", "settings", "keep"),
    "Your own pictures": ("optout", "optin"),
    "For admins": ("withhold", "show", "review", "audit"),
    "Help": ("help",),
}
"""The commands by what somebody may want, in the order in which help shows them."""


MORE_HELP = {
    "watch": (
        "• `dog and not cat`, `(dog or cat) and indoors`: `not` binds tightest, then `and`.",
        "• `helmet missing where person`: a person, and no helmet.",
        "• `person at least 3`, `person at most 3`: how many.",
        "• `dog over 90%`, `car bigger than 10%`: how sure, and how much of the picture.",
        "• `vehicle`, `exact:vehicle`: a car meets the first, not the second.",
        '• `category:"Animals and Pets"`: every label of a category.',
        "• `in #photos`, `not in #photos`, `in s3://bucket/folder`: pictures posted where.",
        "• `from @ana`, `not from @ana`: posted by whom.",
        "• `tell #alerts`: whom to tell, instead of you.",
        "• `every 1h`, `always`: not more often, or even when you have snoozed everything.",
    ),
}
"""What help on one command says beside its lines."""


def help_lines(topic: str | None = None) -> tuple[HelpLine, ...]:
    """The lines of HELP about one command, or all of them."""
    return tuple(line for line in HELP if topic in {None, line.name})


def help_groups() -> dict[str, tuple[HelpLine, ...]]:
    """All lines of HELP by group; a command that no group names stands in the last one."""
    named = {name for names in GROUPS.values() for name in names}
    found = {
        group: tuple(line for name in names for line in help_lines(name))
        for group, names in GROUPS.items()
    }
    last = next(reversed(GROUPS))
    found[last] += tuple(line for line in HELP if line.name not in named)
    return found
