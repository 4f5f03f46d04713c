"""What people do in the workspace by themselves: post, edit, delete, react, join, invite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.sandbox.slack.nouns import Channel, File, Message
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.typing_in import rich_text, typed_text
from bot.sandbox.slack.uploads import store
from bot.sandbox.slack.web_api_files import finish_later, new_file
from bot.sandbox.slack.world import NotThere

FILES_LIMIT = 10


class NotAllowed(Exception):
    """Slack's client would not let this person do that; the words are for them."""


class Acting:
    """The people's side of the workspace. People and channels go by id or name."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._world = site.world

    def post(
        self,
        person: str,
        channel: str,
        files: Sequence[tuple[str, bytes]] = (),
        *,
        text: str = "",
        thread_ts: str | None = None,
        stub: Mapping[str, Any] | None = None,
        processing_s: float = 0.0,
    ) -> str:
        """Post a message with these files (name, bytes); gives its ts.

        `stub` is what the bot is told instead of the file objects: one of the stubs in `nouns`.
        People's files are usually processed before they are posted; `processing_s` is how long not.

        Raises:
            NotAllowed: not a member, an archived channel, nothing to post, too many files.
        """
        world = self._world
        with world.changed:
            user, where = self._in(person, channel)
            if not files and not text:
                raise NotAllowed("There is nothing to post.")
            if len(files) > FILES_LIMIT:
                raise NotAllowed(f"At most {FILES_LIMIT} files go into one message.")
            if thread_ts and thread_ts not in where.messages:
                raise NotAllowed("This thread is gone.")
            message = self._message(user, where, text, thread_ts)
            for name, data in files:
                file = self._upload(user, name, data, processing_s)
                file.stub = stub
                message.files.append(file.id)
            self._site.workspace.add_message(message)
            self._record("post", user, message, files=message.files)
            return message.ts

    def share(self, person: str, channel: str, file_id: str, *, text: str = "") -> str:
        """Post a message with a file that is there already, as sharing it does; gives its ts.

        Raises:
            NotAllowed: not a member, an archived channel, or no such file for this person.
        """
        world = self._world
        with world.changed:
            user, where = self._in(person, channel)
            file = world.files.get(file_id)
            if file is None or file.deleted or not world.may_see_file(user, file):
                raise NotAllowed("This file is not there.")
            message = self._message(user, where, text, None)
            message.files.append(file_id)
            self._site.workspace.add_message(message)
            self._record("share", user, message, files=message.files)
            return message.ts

    def edit(self, person: str, channel: str, ts: str, text: str) -> None:
        """Change the words of one's own message.

        Raises:
            NotAllowed: somebody else's message, or none.
        """
        with self._world.changed:
            user, where = self._in(person, channel)
            message = self._own(user, where, ts)
            typed = typed_text(self._world, user, text)
            blocks = rich_text(text)
            self._site.workspace.edit_message(message, user, text=typed, blocks=blocks)
            self._record("edit", user, message)

    def delete_message(self, person: str, channel: str, ts: str) -> None:
        """Delete one's own message, or as an admin anybody's.

        Raises:
            NotAllowed: somebody else's message, or none.
        """
        with self._world.changed:
            user, where = self._in(person, channel)
            message = self._own(user, where, ts)
            self._site.workspace.delete_message(message)
            self._record("delete", user, message)

    def delete_file(self, person: str, file_id: str) -> None:
        """Delete one's own file, or as an admin anybody's.

        Raises:
            NotAllowed: somebody else's file, or none.
        """
        with self._world.changed:
            user = self._world.person(person)
            file = self._world.files.get(file_id)
            if file is None or file.deleted or (file.user != user.id and not user.is_admin):
                raise NotAllowed("Only your own files can be deleted.")
            self._site.workspace.delete_file(file)
            self._site.ledger.record("person", "delete-file", user=user.id, file=file_id)

    def lose_file(self, file_id: str) -> None:
        """Have Slack's own retention remove a file, which raises no event."""
        self._site.workspace.lose_file(self._world.file(file_id))

    def delete_channel(self, person: str, channel: str) -> None:
        """Delete a channel with all that is in it, as admins may.

        Raises:
            NotAllowed: no admin, or not in the channel.
        """
        with self._world.changed:
            user, where = self._in(person, channel)
            if not self._world.people[user].is_admin:
                raise NotAllowed("Only admins can delete a channel.")
            self._site.workspace.delete_channel(where)
            self._site.ledger.record("person", "delete-channel", user=user, channel=where.id)

    def uninstall(self, person: str) -> None:
        """Remove the bot's app from the workspace, as admins may.

        Raises:
            NotAllowed: no admin.
        """
        with self._world.changed:
            user = self._world.person(person)
            if not user.is_admin:
                raise NotAllowed("Only admins can remove an app.")
            self._site.workspace.uninstall()
            self._site.ledger.record("person", "uninstall", user=user.id)

    def react(self, person: str, channel: str, ts: str, name: str, *, remove: bool = False) -> None:
        """Add a reaction such as `eyes`, or take it back.

        Raises:
            NotAllowed: no such message.
        """
        with self._world.changed:
            user, where = self._in(person, channel)
            message = self._standing(where, ts)
            self._site.workspace.react(user, message, name.strip(":"), remove=remove)
            self._record("react", user, message, name=name)

    def join(self, person: str, channel: str) -> None:
        """Join a public channel that one may see.

        Raises:
            NotAllowed: not for this person.
        """
        with self._world.changed:
            user, where = self._world.person(person).id, self._world.channel(channel)
            if where.kind != "public" or not self._world.may_see(user, where):
                raise NotAllowed("This channel is not open to you.")
            self._site.workspace.join(user, where)

    def leave(self, person: str, channel: str) -> None:
        """Leave a channel."""
        with self._world.changed:
            user, where = self._world.person(person).id, self._world.channel(channel)
            self._site.workspace.leave(user, where)

    def invite(self, person: str, channel: str, whom: str) -> None:
        """Bring somebody, or the bot, into a channel that one is in.

        Raises:
            NotAllowed: one is not in it.
        """
        with self._world.changed:
            user, where = self._in(person, channel)
            guest = self._world.person(whom)
            self._site.workspace.join(guest.id, where, inviter=user)

    def open_home(self, person: str) -> None:
        """Look at the bot's Home tab."""
        self._site.workspace.open_home(self._world.person(person).id)

    def _in(self, person: str, channel: str) -> tuple[str, Channel]:
        """The person's id and the channel, which they must be a member of."""
        try:
            user, where = self._world.person(person).id, self._world.channel(channel)
        except NotThere as missing:
            raise NotAllowed(f"There is no {missing}.") from None
        if user not in where.members:
            raise NotAllowed("You are not in this channel.")
        if where.is_archived:
            raise NotAllowed("This channel is archived.")
        return user, where

    def _standing(self, where: Channel, ts: str) -> Message:
        try:
            return where.messages[ts]
        except KeyError:
            raise NotAllowed("This message is gone.") from None

    def _own(self, user: str, where: Channel, ts: str) -> Message:
        message = self._standing(where, ts)
        if message.user != user and not self._world.people[user].is_admin:
            raise NotAllowed("This message is not yours.")
        return message

    def _message(self, user: str, where: Channel, text: str, thread_ts: str | None) -> Message:
        person = self._world.people[user]
        typed = typed_text(self._world, user, text)
        message = Message(where.id, self._world.next_ts(), user, typed, thread_ts)
        message.blocks = rich_text(text)
        message.bot_id, message.app_id = person.bot_id, person.app_id
        return message

    def _upload(self, user: str, name: str, data: bytes, processing_s: float) -> File:
        file = new_file(self._site, name, user, len(data))
        store(file, data)
        file.completed = True
        finish_later(self._site, file, processing_s)
        return file

    def _record(self, call: str, user: str, message: Message, **facts: Any) -> None:
        where = {"channel": message.channel, "ts": message.ts}
        self._site.ledger.record("person", call, user=user, **where, **facts)
