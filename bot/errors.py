"""Everything that can go wrong in a way we know, with the words for the person it concerns.

Callers pass facts; the class owns the words. `code` is stored with a job and turned back into words
by `describe`, so it never changes once released.

A long file on purpose: whoever edits the words wants to see them all in one place.

SpotterError
├── PictureError            the posted bytes; the poster's turn
│   ├── NotAPicture         no image format at all
│   ├── PictureEmpty        no bytes
│   ├── PictureBroken       an image format, but cut off or damaged
│   ├── PictureTypeNotRead  an image format that Spotter does not read
│   ├── PictureTooLarge     more bytes, pixels or memory than the limits allow
│   └── TooManyPictures     more than one reply can show
├── FileError               the file inside Slack
│   ├── FileDeleted         gone before it was read
│   ├── FileHidden          Slack hides it (plan limit, external, no access)
│   ├── FileSignInPage      Slack sent its sign-in page: files:read is missing
│   └── FileUnavailable     Slack did not hand it out; may pass
├── LinkOutOfReach          no such object, not allowed, or no access: one answer to all
├── LinkUnavailable         S3 did not hand out what a link names; may pass
├── StoreError              the S3 bucket
│   ├── BucketMissing
│   ├── BucketForbidden
│   ├── OriginalOutOfReach  gone, or forbidden: S3 does not say which
│   ├── StoreUnavailable    may pass
│   └── StoreTrouble        a refusal that we do not know; carries AWS's own code
├── DetectorError           Amazon Rekognition
│   ├── DetectorBusy        throttled; may pass
│   ├── DetectorForbidden
│   ├── DetectorRefused     it does not take this picture
│   ├── DetectorUnavailable may pass
│   ├── BudgetSpent         the month's limit of calls is reached; goes on by itself
│   └── DetectorTrouble     a refusal that we do not know; carries AWS's own code
├── SlackError              a Web API call
│   ├── SlackBusy           429; carries the seconds to wait
│   ├── SlackUnknown        the outcome is unknown: look it up before any resend
│   └── SlackRefused        a definite no, with Slack's own error code
├── Interrupted             stopped in the middle of a picture; may pass
├── NoticeUnderWay          another notice of the same watch is being sent; passes
├── AnswerNotKept           what was seen of a picture is gone
├── RecordsUnavailable      our own database; may pass
├── GaveUp                  a job that failed too often
├── Unexpected              everything else; carries the reference that is also in the log
├── ExportError             a file of labels that somebody asked for
│   ├── ChannelNotSeen      not there, or not for the asker: the words do not say which
│   ├── NothingToExport     no labelled picture there
│   ├── SizesNotKept        pictures, but none that COCO can hold
│   ├── ExportTooLarge      more than Slack takes as one file
│   └── ExportNotTaken      Slack does not take the file; carries Slack's own code
├── LabelListRefused        a file that is not Amazon's list of labels; the operator's turn
├── CommandError            words typed to /labels that cannot be followed
├── LinkNotReadable         not a link to one S3 object
│   ├── LinkWithoutObject   a bucket or a folder, not one object
│   └── LinkTypeNotRead     S3, but a kind of address that Spotter does not read
└── SettingsError           the configuration; lists every problem at once
"""

from __future__ import annotations

from enum import Enum
from typing import Any, ClassVar


class Turn(Enum):
    """Whose turn it is after a failure."""

    POSTER = "poster"
    ADMIN = "admin"
    NOBODY = "nobody"


class SpotterError(Exception):
    """The root: `str()` is one or two plain sentences fit for the person concerned."""

    code: ClassVar[str] = "unexpected"
    turn: ClassVar[Turn] = Turn.NOBODY
    can_pass: ClassVar[bool] = False
    """Whether a person's Try again may succeed with the same picture."""
    passes_by_itself: ClassVar[bool] = False
    """Whether waiting a little is likely to help, so that a job retries without asking anybody."""
    waits: ClassVar[bool] = False
    """Whether the picture goes on by itself, some day, without anybody's Try again."""
    words: ClassVar[str] = "Something went wrong."

    def __init__(self, **facts: Any) -> None:
        """Keep the facts; they are small JSON values and fill the gaps in `words`."""
        self.facts = facts
        super().__init__(self.words.format_map(_Gaps(facts)))

    def to_outcome(self) -> dict[str, Any]:
        """The failure as a small JSON value, for a job's record."""
        return {"outcome": self.code, **({"facts": self.facts} if self.facts else {})}


class _Gaps(dict[str, Any]):
    """Facts for `format_map`; one that an older release did not record reads as "?"."""

    def __missing__(self, key: str) -> str:
        return "?"


class PictureError(SpotterError):
    """The posted bytes cannot become a labelled picture."""

    code = "picture_error"
    turn = Turn.POSTER
    words = "This file cannot be read as a picture. Post it again as JPEG or PNG."


class NotAPicture(PictureError):
    """The bytes are no image format at all, whatever the name says."""

    code = "not_a_picture"
    words = "This file is named like a picture but is not one. Export it as JPEG or PNG from the program that made it, and post that."


class PictureEmpty(PictureError):
    """The file has no bytes."""

    code = "picture_empty"
    words = "This file is empty. Post the picture again."


class PictureBroken(PictureError):
    """An image format, but cut off or damaged."""

    code = "picture_broken"
    words = "This picture is damaged or cut off. Post it again, or export it anew as JPEG or PNG."


class PictureTypeNotRead(PictureError):
    """An image format that Spotter does not read; fact: `kind`."""

    code = "picture_type_not_read"
    words = "Spotter does not read {kind} pictures. Post it as JPEG, PNG, HEIC, WebP, GIF, TIFF, AVIF or BMP."


class PictureTooLarge(PictureError):
    """Too many bytes, frames, pixels, or too much to decode; facts: `what`, `limit`, `instead`.

    `is_estimate` says that its header alone promises to take more memory than it may.
    """

    code = "picture_too_large"
    words = "This picture is too large: {what}, and the limit is {limit}. Post {instead}."


class TooManyPictures(PictureError):
    """More pictures in one message than its reply can show; facts: `limit`, `left_out`."""

    code = "too_many_pictures"
    words = "Spotter looks at the first {limit} pictures of a message, and this one has {left_out} more. Post those in a message of their own."


class FileError(SpotterError):
    """Slack does not give the file."""

    code = "file_error"


class FileDeleted(FileError):
    """The file was deleted before it was read."""

    code = "file_deleted"
    turn = Turn.POSTER
    words = "This file was deleted before it could be read. Post it again if that was a mistake."


class FileHidden(FileError):
    """Slack hides the file from the bot."""

    code = "file_hidden"
    turn = Turn.POSTER
    words = "Slack does not show this file to Spotter (it lies outside this workspace, or beyond the plan's limit). Upload the picture itself."


class FileSignInPage(FileError):
    """Slack answered with its sign-in page, which is how it says that files:read is missing."""

    code = "file_sign_in_page"
    turn = Turn.ADMIN
    can_pass = True
    words = "Slack does not let Spotter read files here. An admin should reinstall the app with the files:read permission; then press Try again."


class FileUnavailable(FileError):
    """Slack did not hand the file out in time."""

    code = "file_unavailable"
    can_pass = True
    passes_by_itself = True
    words = "Slack did not hand out this file. Nothing is wrong with the picture; press Try again in a few minutes."


class LinkOutOfReach(SpotterError):
    """An object that is not there, not allowed, or not for this person or bot.

    The person hears the same in every case, since the difference tells what is in a bucket.
    """

    code = "link_out_of_reach"
    turn = Turn.ADMIN
    can_pass = True
    words = "Spotter cannot read what this link names: there is nothing there, or this place is not one that may be read, or you are a guest. An admin can find out which in Spotter's log, and allow a place in S3_LINK_ALLOW."


class LinkUnavailable(SpotterError):
    """S3 failed, in a way that may pass, to hand out what a link names."""

    code = "link_unavailable"
    can_pass = True
    passes_by_itself = True
    words = "S3 did not hand out the picture behind this link, several times. Press Try again in a few minutes."


class StoreError(SpotterError):
    """The S3 bucket."""

    code = "store_error"
    turn = Turn.ADMIN
    can_pass = True


class BucketMissing(StoreError):
    """The bucket of the settings does not exist."""

    code = "bucket_missing"
    words = "Spotter's picture store is missing. An admin should check S3_BUCKET (`python -m bot doctor` tells); then press Try again."


class BucketForbidden(StoreError):
    """The bucket is there, but not for us."""

    code = "bucket_forbidden"
    words = "Spotter may not use its picture store. An admin should check the bot's AWS rights (`python -m bot policy` prints them); then press Try again."


class OriginalOutOfReach(StoreError):
    """A picture that was stored is gone, or forbidden: without s3:ListBucket S3 does not say."""

    code = "original_out_of_reach"
    words = "Spotter no longer gets at its own copy of this picture: it was deleted, or may not be read. Press Try again to fetch it anew; if that does not help, an admin should check the bot's AWS rights (`python -m bot policy` prints them)."


class StoreUnavailable(StoreError):
    """S3 failed in a way that may pass."""

    code = "store_unavailable"
    turn = Turn.NOBODY
    passes_by_itself = True
    words = "The picture store did not answer, several times. Press Try again in a few minutes."


class StoreTrouble(StoreError):
    """S3 refused in a way that we do not know; fact: `error`, AWS's own code."""

    code = "store_trouble"
    words = "The picture store refused Spotter's request ({error}). An admin should run `python -m bot doctor`; then press Try again."


class DetectorError(SpotterError):
    """Amazon Rekognition."""

    code = "detector_error"


class DetectorBusy(DetectorError):
    """Throttled."""

    code = "detector_busy"
    can_pass = True
    passes_by_itself = True
    words = "Amazon Rekognition is busy and stayed so. Press Try again in a few minutes."


class DetectorForbidden(DetectorError):
    """The role lacks rekognition:DetectLabels, or the credentials are wrong."""

    code = "detector_forbidden"
    turn = Turn.ADMIN
    can_pass = True
    words = "Spotter may not use Amazon Rekognition. An admin should allow rekognition:DetectLabels (`python -m bot policy` prints the rights); then press Try again."


class DetectorRefused(DetectorError):
    """Rekognition does not take this picture."""

    code = "detector_refused"
    turn = Turn.POSTER
    words = "Amazon Rekognition does not take this picture. Post it again as a plain JPEG or PNG."


class DetectorUnavailable(DetectorError):
    """Rekognition failed in a way that may pass."""

    code = "detector_unavailable"
    can_pass = True
    passes_by_itself = True
    words = "Amazon Rekognition did not answer, several times. Press Try again in a few minutes."


class BudgetSpent(DetectorError):
    """The month's limit of calls is reached; facts: `limit`, `resumes_on`, a day in words."""

    code = "budget_spent"
    waits = True
    words = "This month's limit of {limit} Rekognition calls (REKOGNITION_PER_MONTH) is reached. Nobody needs to do anything: this picture is labelled by itself on {resumes_on}, or as soon as an admin raises the limit."


class DetectorTrouble(DetectorError):
    """Rekognition refused in a way that we do not know; fact: `error`, AWS's own code."""

    code = "detector_trouble"
    turn = Turn.ADMIN
    can_pass = True
    words = "Amazon Rekognition refused Spotter's request ({error}). An admin should run `python -m bot doctor`; then press Try again."


class SlackError(SpotterError):
    """A Slack Web API call."""

    code = "slack_error"
    can_pass = True
    words = "Slack did not accept Spotter's answer. Press Try again in a few minutes."


class SlackBusy(SlackError):
    """429; fact: `retry_after_s`."""

    code = "slack_busy"
    passes_by_itself = True
    words = "Slack is limiting Spotter right now. Press Try again in a few minutes."


class SlackUnknown(SlackError):
    """The outcome is unknown (line dropped, 5xx, internal_error): look it up before any resend."""

    code = "slack_unknown"
    passes_by_itself = True


class SlackRefused(SlackError):
    """A definite no; fact: `error`, Slack's own code."""

    code = "slack_refused"
    turn = Turn.ADMIN
    words = "Slack refused Spotter's answer ({error}). An admin should check the app's permissions; then press Try again."


class Interrupted(SpotterError):
    """The work on a picture was ended from outside, or with the program."""

    code = "interrupted"
    can_pass = True
    passes_by_itself = True
    words = "Spotter was interrupted while it worked on this picture. Press Try again."


class NoticeUnderWay(SpotterError):
    """Another notice of a watch with a cool-down is being sent: its outcome decides about this."""

    code = "notice_under_way"
    can_pass = True
    passes_by_itself = True
    words = "Spotter is just telling you about another picture. Try again in a minute."


class AnswerNotKept(SpotterError):
    """Rekognition's answer about a picture is not kept any more: not the same as an empty one."""

    code = "answer_not_kept"
    turn = Turn.POSTER
    words = "I no longer have what I saw in this picture. Post it again."


class RecordsUnavailable(SpotterError):
    """Our own database is away, full or too slow."""

    code = "records_unavailable"
    turn = Turn.ADMIN
    can_pass = True
    passes_by_itself = True
    words = "Spotter cannot reach its records right now. Try again in a minute."


class GaveUp(SpotterError):
    """A job that was taken up too often without an end; fact: `reference`."""

    code = "gave_up"
    turn = Turn.ADMIN
    can_pass = True
    words = "This picture failed several times in a row (ref {reference}). An admin finds the cause in the log; press Try again afterwards."


class Unexpected(SpotterError):
    """Anything we did not foresee; fact: `reference`, which is also in the log."""

    code = "unexpected"
    turn = Turn.ADMIN
    can_pass = True
    words = "Something went wrong (ref {reference}). Try again; if it stays so, tell an admin the reference."


class ExportError(SpotterError):
    """A file of labels that somebody asked for cannot be made or sent."""

    code = "export_error"
    turn = Turn.POSTER


class ChannelNotSeen(ExportError):
    """No channel, or none that the asker may see: whoever asks is not told which."""

    code = "channel_not_seen"
    words = "There is no such channel, or it is not one that both you and Spotter are in."


class NothingToExport(ExportError):
    """No labelled picture where the asker wants them from."""

    code = "nothing_to_export"
    words = "There is nothing to export: no labelled picture was posted there in that time, or none is kept any more."


class SizesNotKept(ExportError):
    """There are pictures, but a COCO file needs their sizes, which older releases did not keep."""

    code = "sizes_not_kept"
    words = "COCO needs the pictures' sizes in pixels, and none was kept for the pictures there. Ask for json or csv instead."


class ExportTooLarge(ExportError):
    """More bytes than Slack takes as one file."""

    code = "export_too_large"
    words = "That is more than Slack takes as one file (1 GB). Ask for a shorter time with “since”."


class ExportNotTaken(ExportError):
    """Slack refuses the file, or did not answer for a day; fact: `error`, Slack's own code."""

    code = "export_not_taken"
    turn = Turn.ADMIN
    words = "The file you asked for could not be handed over: Slack did not take it ({error}). An admin should check the app's permissions and whether files may be uploaded; then ask for it again."


class LabelListRefused(SpotterError):
    """What the operator imports is not Amazon's list; facts: `file`, `problem`, a verb's end."""

    code = "label_list_refused"
    turn = Turn.ADMIN
    words = "Nothing was imported: {file} {problem}. Give the zip file of labels that Amazon's page about Rekognition's labels offers, or the CSV files in it."


class CommandError(SpotterError):
    """Words that cannot be followed; facts: `problem`, `example`."""

    code = "command_error"
    turn = Turn.POSTER
    words = "{problem} For example: {example}"


class LinkNotReadable(SpotterError):
    """Not a link to one S3 object."""

    code = "link_not_readable"
    turn = Turn.POSTER
    words = "This is not a link to one object in S3."


class LinkWithoutObject(LinkNotReadable):
    """A link to a bucket, or to a list of objects in the console."""

    code = "link_without_object"
    words = "This link names a bucket or a folder. Open the picture itself in S3, and post the link of that."


class LinkTypeNotRead(LinkNotReadable):
    """S3, but a kind of address that Spotter does not read; fact: `kind`."""

    code = "link_type_not_read"
    words = "Spotter does not read pictures from {kind}. Post a link to the picture in an ordinary bucket, or the picture itself."


class SettingsError(SpotterError):
    """The configuration; fact: `problems`, a list of sentences, one per problem."""

    code = "settings_error"
    turn = Turn.ADMIN
    words = "The settings have problems."

    def __init__(self, *, problems: list[str]) -> None:
        """Keep every problem; `str()` lists them, one a line."""
        super().__init__(problems=problems)
        self.args = ("\n".join(problems),)


def _family(root: type[SpotterError]) -> dict[str, type[SpotterError]]:
    found = {root.code: root}
    for child in root.__subclasses__():
        found |= _family(child)
    return found


BY_CODE = _family(SpotterError) | {Unexpected.code: Unexpected}
"""Every error class by the code that jobs record."""


def describe(outcome: dict[str, Any]) -> SpotterError:
    """The error that `to_outcome` recorded, also from a record of another release."""
    kind = BY_CODE.get(str(outcome.get("outcome")), SpotterError)
    facts = dict(outcome.get("facts") or {})
    if kind is SettingsError:
        return SpotterError()
    return kind(**facts)
