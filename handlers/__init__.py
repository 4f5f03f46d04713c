"""Slack's events, each to one call: the table of what Spotter reacts to."""

import re
from dataclasses import dataclass

from slack_bolt import App

from bot import messages, notices, reply_buttons, settings_modal
from bot.answering import Answering
from bot.intake import Intake
from bot.noticing import Noticing
from bot.pressing import Pressing
from bot.removing import Removing
from bot.requesting import Requesting
from bot.tuning import Tuning
from handlers.channel_joined import OnChannelJoined
from handlers.delete_pressed import OnDeletePressed
from handlers.image_posted import OnImagePosted
from handlers.images_asked_for import OnLabelImages, OnLabelReaction
from handlers.labels_command import OnLabelsCommand
from handlers.link_posted import OnLinkPosted
from handlers.message_edited import OnMessageEdited
from handlers.notice_button_pressed import OnNoticeButton
from handlers.opt_out_reaction import OnOptOutReaction, is_reaction
from handlers.other_events import on_other_event
from handlers.reply_button_pressed import OnReplyButton
from handlers.settings_submitted import OnSettingsSubmitted
from handlers.taken_away import OnTakenAway, is_tombstone
from handlers.trouble import on_trouble
from handlers.try_again import OnTryAgain


@dataclass(frozen=True)
class UseCases:
    """What the handlers call, each for what its name says."""

    intake: Intake
    answering: Answering
    requesting: Requesting
    removing: Removing
    tuning: Tuning
    pressing: Pressing
    noticing: Noticing


def register(
    app: App, use: UseCases, *, slash_command: str, label_emoji: str, opt_out_emoji: str
) -> None:
    """Connect every event that the manifest asks for; the manifest's test reads this table."""
    app.event({"type": "message", "subtype": "file_share"})(OnImagePosted(use.intake))
    # Cameras and other apps that post files do it under this subtype.
    app.event({"type": "message", "subtype": "bot_message"})(OnImagePosted(use.intake))
    # A message of words alone, in a channel or in a thread, or in both at once.
    for subtype in (None, "thread_broadcast"):
        app.event({"type": "message", "subtype": subtype})(OnLinkPosted(use.intake))
    taken_away = OnTakenAway(use.removing)
    app.event({"type": "message", "subtype": "message_deleted"})(taken_away.message)
    app.event({"type": "message", "subtype": "message_changed"}, matchers=[is_tombstone])(
        taken_away.message
    )
    app.event({"type": "message", "subtype": "message_changed"})(OnMessageEdited(use.intake))
    app.event("file_deleted")(taken_away.file)
    app.event("channel_deleted")(taken_away.channel)
    app.event("group_deleted")(taken_away.channel)
    app.event("app_uninstalled")(taken_away.app)
    app.event("member_joined_channel")(OnChannelJoined(use.intake))
    asks, opts_out = is_reaction(label_emoji), is_reaction(opt_out_emoji)
    app.event("reaction_added", matchers=[asks])(OnLabelReaction(use.requesting))
    app.event("reaction_added", matchers=[opts_out])(OnOptOutReaction(use.removing))
    app.message_shortcut(messages.LABEL_IMAGES)(OnLabelImages(use.requesting))
    # Without this, Slack counts every edit, join and plain message as a failed delivery.
    app.event(re.compile(".+"))(on_other_event)
    app.command(slash_command)(OnLabelsCommand(use.answering))
    app.action(messages.TRY_AGAIN)(OnTryAgain(use.intake))
    app.action(messages.DELETE)(OnDeletePressed(use.removing))
    for button in reply_buttons.ABOUT_PICTURES:
        app.action(button)(OnReplyButton(use.pressing))
    for button in notices.BUTTONS:
        app.action(button)(OnNoticeButton(use.noticing))
    app.view(settings_modal.CALLBACK)(OnSettingsSubmitted(use.tuning))
    app.error(on_trouble)
