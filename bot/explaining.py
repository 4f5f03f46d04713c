"""`/labels why`: for each watch that somebody may know of, why it told of a picture or did not.

Who may not see the picture hears the same as if it were not there.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from bot import commands, errors
from bot.access import Access
from bot.adapters.message_records import PictureRecord
from bot.adapters.one_answer import in_time, is_late
from bot.adapters.records import Records
from bot.answering import UNKNOWN_LINK, Answers, Asker
from bot.holding import held_by
from bot.matching import Matching, SeenPicture
from bot.messages import TEXT_MAX_CHARS
from bot.model import Hold, ImageSource, MessageRef, Watch
from bot.why_texts import Finding, why_line

_NOT_LOOKED_AT = "I have no labels for this picture, so nobody was told of it."
_SLOW = (
    "Slack was too slow to tell which other channels you see. For the watches that tell a certain "
    "channel, type `{name} why` there."
)
_CUT = "… There are more. Put the number of one picture behind the link."
_UNDER_WAY = ("new", "sending")


class Explaining:
    """Looks at one picture through each watch that the asker may know of, as a notice would."""

    def __init__(
        self,
        access: Access,
        matching: Matching,
        records: Records,
        *,
        slash_command: str,
    ) -> None:
        """Take who may see what, what watches say, the records, and the name people type."""
        self._access = access
        self._matching = matching
        self._records = records
        self._name = slash_command

    @property
    def answers(self) -> Answers:
        """What is said to the command about this."""
        return {commands.Why: self._answer}

    def _answer(self, asker: Asker, command: commands.Why) -> str:
        link = command.link
        if not self._access.may_ask(asker.person, link.channel):
            return UNKNOWN_LINK
        message = self._records.renders.find(asker.team, link.channel, link.ts)
        return self.explain(asker, message, number=command.number) if message else UNKNOWN_LINK

    def explain(
        self,
        asker: Asker,
        message: MessageRef,
        *,
        number: int | None = None,
        file_id: str | None = None,
    ) -> str:
        """What each watch said to a message's pictures, or to one: by its number or its file.

        Raises: errors.SlackBusy, errors.SlackUnknown, errors.RecordsUnavailable.
        """
        if not self._access.may_ask(asker.person, message.channel):
            return UNKNOWN_LINK
        pictures = self._records.messages.pictures(message)
        chosen = {
            place: picture
            for place, picture in enumerate(pictures, start=1)
            if number in {None, place} and file_id in {None, picture.file_id}
        }
        if not chosen:
            return UNKNOWN_LINK
        watches, is_all = self._known_to(asker, message.channel)
        if not watches:
            return f"You watch nothing yet. For example: `{self._name} watch dog`"
        holds = self._records.holds.of_watches(
            asker.team, [watch.watch_id for watch in watches], person=asker.person
        )
        lines: list[str] = []
        for place, picture in chosen.items():
            lines += [f"*Picture {place}*"] if len(pictures) > 1 else []
            if seen := self._seen(message.picture(picture.file_id), picture):
                found = sorted(self._findings(seen, watches, holds), key=_is_silent)
                lines += [why_line(one, asker=asker.person) for one in found]
            else:
                lines.append(_NOT_LOOKED_AT)
        return _fitted([*lines, *([] if is_all else [_SLOW.format(name=self._name)])])

    def _seen(self, source: ImageSource, picture: PictureRecord) -> SeenPicture | None:
        try:
            return self._matching.seen(source) if picture.sha256 else None
        except errors.AnswerNotKept:
            return None

    def _findings(
        self, seen: SeenPicture, watches: Sequence[Watch], holds: Sequence[Hold]
    ) -> Iterator[Finding]:
        source, ids = seen.source, [watch.watch_id for watch in watches]
        events = {
            event.watch_id: event for event in self._records.watch_events.of_picture(ids, source)
        }
        under_way = self._under_way(source)
        for watch in watches:
            match = self._matching.match(watch, seen)
            yield Finding(
                watch,
                match.verdict,
                event=events.get(watch.watch_id),
                holds=[hold for hold in holds if held_by(watch, match.rule, [hold])],
                is_later=watch.made_at_s > float(source.ts),
                is_under_way=watch.watch_id in under_way,
            )

    def _under_way(self, source: ImageSource) -> set[int]:
        """The watches that a notice about a picture names which is still to be sent."""
        notices = self._records.notices.of_message(source.message)
        waiting = [n for n in notices if n.source == source and n.state in _UNDER_WAY]
        return {watch_id for notice in waiting for watch_id in notice.watch_ids}

    def _known_to(self, asker: Asker, channel: str) -> tuple[list[Watch], bool]:
        """One's own watches and those that tell channels one may see; whether these are all.

        A channel's notices name its watches, so whoever may read them may know of those.
        """
        own = self._records.watches.of_owner(asker.team, asker.person)
        near = {asker.channel, channel}
        targets = sorted(
            self._records.watches.targets(asker.team), key=lambda one: (one not in near, one)
        )
        others = [
            watch
            for target in self._access.visible(asker.person, in_time(targets))
            for watch in self._records.watches.telling(asker.team, target)
            if watch.owner != asker.person
        ]
        return own + others, not is_late()


def _is_silent(finding: Finding) -> bool:
    """Whether the picture has nothing to do with a watch; those are told last."""
    return finding.event is None and not finding.verdict.fired


def _fitted(parts: Iterable[str]) -> str:
    """As many lines as Slack takes in one answer, none of them cut."""
    lines = "\n".join(parts).splitlines()
    room = itertools.accumulate(len(line) + 1 for line in lines)
    fitting = sum(chars < TEXT_MAX_CHARS - len(_CUT) for chars in room)
    return "\n".join([*lines[:fitting], *([_CUT] if fitting < len(lines) else [])])
