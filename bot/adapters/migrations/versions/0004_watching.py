"""What it takes to watch with rules: their keys, where they tell, what was told, held and lost."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OLD_RULE = re.compile(r'(?P<label>[^"]+?)(?P<over> over [\d.]+%)?')
_NEEDS_QUOTES = re.compile(
    r"(^| )(in|from)( \S+)?($| (me|bots)( |$))"  # "dog in photos", not "Cabin In The Woods"
    r"|(^| )'|\)",
    re.IGNORECASE,
)
"""What an older release read as a part of a name without quotes, and rules read otherwise now."""


def upgrade() -> None:
    """Carry watches and notices over into tables of the new shape, then add the new tables."""
    op.add_column(
        "messages",
        sa.Column("is_from_bot", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    _make_watch_keys()
    _make_watches_anew()
    _make_notices_anew()
    _make_watch_events()
    _make_holds()


def _make_watch_keys() -> None:
    op.create_table(
        "watch_keys",
        sa.Column("watch_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("label_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("watch_id", "label_key"),
    )
    op.create_index("watch_keys_by_label", "watch_keys", ["team", "label_key"])


def _make_watches_anew() -> None:
    rows = _rows("watches", order_by="watch_id")
    op.drop_table("watches")
    watches = op.create_table(
        "watches",
        sa.Column("watch_id", sa.Integer(), primary_key=True),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("rule_text", sa.String(), nullable=False),
        sa.Column("rule_key", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False, server_default=""),
        sa.Column("made_at_s", sa.Float(), nullable=False),
        sa.Column("last_fired_at_s", sa.Float()),
        sa.Column("sending_key", sa.String()),
        sa.Column("paused_why", sa.String()),
        sa.Column("paused_at_s", sa.Float()),
        sa.Column("pause_told", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("team", "owner", "rule_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("watches_by_target", "watches", ["team", "target"])
    _carry_watches_over(watches, rows)


def _carry_watches_over(watches: sa.Table, rows: list[sa.RowMapping]) -> None:
    """Old rules are one label each with `over N%` or nothing, and were not compared by case."""
    keys = sa.table("watch_keys", *map(sa.column, ("watch_id", "team", "label_key")))
    seen = set()
    for row in rows:
        rule_text = _rule_text(row["rule_text"])
        rule_key = rule_text.casefold()
        if (row["team"], row["owner"], rule_key) in seen:
            continue
        seen.add((row["team"], row["owner"], rule_key))
        kept = {name: row[name] for name in ("team", "owner", "made_at_s")}
        kept |= {"rule_text": rule_text, "rule_key": rule_key}
        # Without its old id: PostgreSQL counts on from where it was told to begin.
        added = op.get_bind().execute(sa.insert(watches).values(kept))
        watch_id = added.inserted_primary_key[0] if added.inserted_primary_key else None
        op.get_bind().execute(
            sa.insert(keys).values(watch_id=watch_id, team=row["team"], label_key=row["label_key"])
        )


def _rule_text(old_text: str) -> str:
    """The same rule in words that are read as it was meant."""
    bare = _OLD_RULE.fullmatch(old_text)
    if bare is None or not _NEEDS_QUOTES.search(bare["label"]):
        return old_text
    return f'"{bare["label"]}"{bare["over"] or ""}'


def _make_notices_anew() -> None:
    rows = _rows("notices", order_by="key")
    op.drop_table("notices")
    notices = op.create_table(
        "notices",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("watch_ids", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("place", sa.String()),
        sa.Column("notice_ts", sa.String()),
        sa.Column("preview_file_id", sa.String()),
        sa.PrimaryKeyConstraint("team", "recipient", "channel", "ts", "file_id"),
    )
    for row in rows:
        kept = {name: value for name, value in row.items() if name not in ("person", "rules")}
        watch_ids = _watch_ids(row)
        values = {**kept, "recipient": row["person"], "watch_ids": watch_ids}
        op.get_bind().execute(sa.insert(notices).values(**values))


def _watch_ids(notice: sa.RowMapping) -> list[int]:
    """The watches that a notice names; one that is still to be sent is sent for them."""
    columns = ("watch_id", "team", "owner", "rule_key")
    watches = sa.table("watches", *map(sa.column, columns))
    found = op.get_bind().execute(
        sa.select(watches.c.watch_id).where(
            watches.c.team == notice["team"],
            watches.c.owner == notice["person"],
            watches.c.rule_key.in_([_rule_text(text).casefold() for text in notice["rules"]]),
        )
    )
    return list(found.scalars())


def _rows(table: str, *, order_by: str) -> list[sa.RowMapping]:
    old = sa.Table(table, sa.MetaData(), autoload_with=op.get_bind())
    return list(op.get_bind().execute(sa.select(old).order_by(old.c[order_by])).mappings())


def _make_watch_events() -> None:
    op.create_table(
        "watch_events",
        sa.Column("watch_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("at_s", sa.Float(), nullable=False),
        sa.Column("notice_key", sa.String()),
        sa.PrimaryKeyConstraint("watch_id", "team", "channel", "ts", "file_id"),
    )
    op.create_index("watch_events_by_picture", "watch_events", ["team", "channel", "ts"])
    op.create_index("watch_events_by_notice", "watch_events", ["notice_key"])


def _make_holds() -> None:
    op.create_table(
        "holds",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("watch_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("until_s", sa.Float()),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("team", "watch_id", "person"),
    )
