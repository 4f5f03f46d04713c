"""Conditions that many statements share: which rows belong together, and what still stands."""

from __future__ import annotations

import sqlalchemy as sa

from bot.adapters.tables import (
    DELETED_FILES,
    LEFT,
    MESSAGES,
    NOTICES,
    OPT_OUTS,
    PICTURES,
    WATCH_EVENTS,
)
from bot.model import EXPIRED, GONE, LIVE, MADE_ID_MARK, ImageSource, MessageRef


def same_message(one: sa.FromClause, other: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether two rows are about the same message."""
    return sa.and_(*(one.c[name] == other.c[name] for name in MessageRef.NAMES))


def was_told(key: str) -> sa.ColumnElement[bool]:
    """Whether whom this notice is for was told of an event's picture by another one."""
    this, other = NOTICES.alias(), NOTICES.alias()
    return sa.exists().where(
        this.c.key == key,
        this.c.recipient == other.c.recipient,
        other.c.state == "sent",
        *(other.c[name] == WATCH_EVENTS.c[name] for name in ImageSource.NAMES),
    )


def is_due(replies: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether a reply's row, joined with its message, says that something is to be forgotten."""
    expires = sa.and_(MESSAGES.c.state == EXPIRED, replies.c.state != LEFT)
    return sa.or_(MESSAGES.c.state == GONE, expires)


def is_slack_file() -> sa.ColumnElement[bool]:
    """Whether a picture is a file in Slack, and not a link or a reason in its place."""
    return PICTURES.c.file_id.not_like(f"%{MADE_ID_MARK}%")


def is_deleted() -> sa.ColumnElement[bool]:
    """Whether the file of a picture is known to be deleted."""
    return sa.and_(
        is_slack_file(),
        sa.exists().where(
            DELETED_FILES.c.team == PICTURES.c.team, DELETED_FILES.c.file_id == PICTURES.c.file_id
        ),
    )


def is_opted_out() -> sa.ColumnElement[bool]:
    """Whether the poster of a message wants their pictures left alone."""
    return sa.exists().where(
        OPT_OUTS.c.team == MESSAGES.c.team, OPT_OUTS.c.person == MESSAGES.c.poster
    )


def stands() -> sa.ColumnElement[bool]:
    """Whether nobody has taken a picture away, of messages joined with their pictures."""
    return sa.and_(MESSAGES.c.state == LIVE, ~is_deleted(), ~is_opted_out())
