"""People say better what is in a picture: kept, applied whatever Rekognition says, shown anew."""

from __future__ import annotations

import dataclasses
import logging
import string
from typing import Any

from bot import commands
from bot.access import Access
from bot.adapters.catalogue_records import CatalogueRecords
from bot.adapters.job_intake import JobIntake
from bot.adapters.message_records import MessageRecords, PictureRecord
from bot.adapters.render_records import RenderRecords
from bot.adapters.show_records import ShowRecords
from bot.adapters.withheld_records import WithheldRecords
from bot.answering import UNKNOWN_LINK, Answers, Asker
from bot.label_catalogue import Catalogue
from bot.messages import escape
from bot.model import Correction, ImageSource, MessageRef
from bot.render_requests import RenderRequests
from bot.rules import label_key
from bot.showing import Showing
from bot.shown import is_called
from bot.uploading import ANSWERED

GUEST = "Guests cannot change what I say about a picture; ask a member to."
_UNDER_WAY = "I am still at work on that picture. Try again in a moment."
_NOTED = {
    "wrong": "Noted: it shows no *{label}*.",
    "add": "Noted: it shows *{label}*.",
    "rename": "Noted: *{label}* is *{to}*.",
}

log = logging.getLogger(__name__)


class Correcting:
    """Takes corrections in; the reply is rendered again by a job."""

    def __init__(
        self,
        access: Access,
        showing: Showing,
        jobs: JobIntake,
        *,
        messages: MessageRecords,
        renders: RenderRecords,
        shows: ShowRecords,
        withheld: WithheldRecords,
        catalogue: CatalogueRecords,
    ) -> None:
        """Take who may see what, what is shown, the job intake, and the records."""
        self._access = access
        self._showing = showing
        self._jobs = jobs
        self._requests = RenderRequests(jobs, renders)
        self._messages = messages
        self._renders = renders
        self._shows = shows
        self._withheld = withheld
        self._catalogue = catalogue

    @property
    def answers(self) -> Answers:
        """What is said to each command about this."""
        return {commands.Correct: self._answer}

    def _answer(self, asker: Asker, command: commands.Correct) -> str:
        """Whether there is such a picture is not said to who may not see it."""
        link = command.link
        sees = self._access.may_see(asker.person, link.channel)
        message = self._renders.find(asker.team, link.channel, link.ts) if sees else None
        if message is None:
            return UNKNOWN_LINK
        if self._access.is_guest(asker.person):
            return GUEST
        return self.correct(message, command.correction, asker=asker, number=command.number)

    def correct(
        self, message: MessageRef, said: Correction, *, asker: Asker, number: int | None = None
    ) -> str:
        """Keep a correction and have the reply rendered again; what came of it, in words.

        Whoever calls this has asked whether the asker may see the message. `number` says which of
        several pictures, from 1 on; without it, all that show the label.
        Raises: errors.RecordsUnavailable.
        """
        said = _spelt(dataclasses.replace(said, person=asker.person), self._catalogue.current())
        if refusal := self._refusal(asker.team, said):
            return refusal
        pictures = self._messages.pictures(message)
        answered = [one for one in pictures if (one.outcome or {}).get("outcome") in ANSWERED]
        if number is not None:
            answered = [one for one in answered if one in pictures[number - 1 : number]]
        if not answered:
            return UNKNOWN_LINK
        sources = [
            message.picture(one.file_id) for one in answered if self._fits(message, one, said)
        ]
        if said.kind == "add" and len(answered) > 1:
            return f"There are {len(answered)} pictures: put the number of one behind the link."
        if not sources:
            there = "already" if said.kind == "add" else "not"
            return f"*{escape(said.label)}* is {there} among what I show there."
        return self._keep(message, sources, said)

    def _refusal(self, team: str, said: Correction) -> str:
        """Why a label that would be said anew may not be."""
        named = said.label if said.kind == "add" else said.to
        if named is None:
            return ""
        withholding = self._withheld.withholding(team)
        if said_in_it := withholding.withheld_in(named):
            return f"I do not say *{escape(named)}* to anybody: {withholding.reason(said_in_it)}."
        if label_key(named) in map(label_key, self._withheld.waiting(team)):
            return f"I do not say *{escape(named)}* before an admin has decided about it."
        return ""

    def _fits(self, message: MessageRef, picture: PictureRecord, said: Correction) -> bool:
        """Whether a correction would change anything about a picture."""
        outcome: dict[str, Any] = picture.outcome or {}
        shown = self._showing.shown(message.picture(picture.file_id), outcome["sha256"])
        labels = [label for label in shown.analysis.labels if is_called(label, said.label)]
        if said.kind != "add":
            return bool(labels)
        limit = shown.threshold_percent
        return not any(one.confidence_percent >= one.limit_percent(limit) for one in labels)

    def _keep(self, message: MessageRef, sources: list[ImageSource], said: Correction) -> str:
        with self._jobs.database.begin() as connection:
            if not self._requests.ask(connection, message, {}):
                return _UNDER_WAY
            for source in sources:
                self._shows.add_correction(connection, source, said)
        if said.kind != "wrong":
            self._showing.note_named(sources, said.to or said.label)
        log.info("corrected", extra={"job": message.id, "kind": said.kind})
        words = _NOTED[said.kind].format(label=escape(said.label), to=escape(said.to or ""))
        if len(sources) > 1:
            words += f" That goes for all {len(sources)} pictures that showed it."
        return f"{words} A corrected answer comes in the thread."


def _spelt(said: Correction, catalogue: Catalogue) -> Correction:
    """What will be shown, by Rekognition's own name for it."""
    if said.kind == "add":
        return dataclasses.replace(said, label=_name(said.label, catalogue))
    return dataclasses.replace(said, to=said.to and _name(said.to, catalogue))


def _name(typed: str, catalogue: Catalogue) -> str:
    """A name that the list does not have is spelt in its manner, unless somebody typed capitals."""
    if catalogue.known(typed):
        return catalogue.canonical(typed)
    return string.capwords(typed) if typed.islower() else typed
