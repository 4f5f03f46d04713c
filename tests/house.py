"""The bot's own parts on a local Slack, without jobs: each step is done in the moment it is asked.

What people type and press goes through the real handlers, as Slack sends it. What a worker does is
called as its jobs call it. Pictures need no pixels here: what was seen on them is said beforehand.
This is long because whoever asks the bot anything asks one house.
"""

import dataclasses
import json
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dbos import DBOSClient
from slack_bolt import BoltRequest

from bot import errors
from bot.access import Access
from bot.adapters.job_intake import SERIALIZER
from bot.adapters.library_records import LibraryRecords
from bot.adapters.message_records import Accepted
from bot.adapters.records import Records
from bot.adapters.rekognition import ANSWER_SETTINGS
from bot.adapters.slack import SlackWorkspace
from bot.adapters.slack_files import SlackFiles
from bot.adapters.tables import METADATA, WATCHES
from bot.app import FrontDoor
from bot.audience import Audience
from bot.clients import slack_client
from bot.delivering import Delivering
from bot.matching import Matching
from bot.model import MessageRef
from bot.notifying import Notifying
from bot.pausing import Pausing
from bot.previewing import Previewing
from bot.replying import Replying
from bot.rules import parse_rule
from bot.sandbox.faults import Faults
from bot.sandbox.ledger import Ledger
from bot.sandbox.scenes import scene_jpeg
from bot.sandbox.slack.nouns import (
    BOT_USER,
    TEAM,
    Channel,
    Person,
    first_channels,
    first_people,
)
from bot.sandbox.slack_server import SlackSandbox, Terms
from bot.seen_before import SeenBefore
from bot.settings import load_settings
from bot.showing import Showing
from bot.uploading import ANSWERED, Uploading


class House:
    """A workspace, the bot's web side, and what its workers do."""

    def __init__(self, database_url, *, previews=False):
        self.slack = SlackSandbox(Ledger(), Faults(), Terms(tiers=False, processing_s=0.0))
        self.slack.start()
        self.answers = _Answers()
        told = self.slack.environment() | {"DATABASE_URL": database_url, "S3_BUCKET": "house"}
        settings = load_settings(told)
        self.workspace = SlackWorkspace(slack_client(settings))
        self.front = FrontDoor(settings, self.workspace.identity())
        self.records = Records(self.front.database)
        self._access = Access(self.workspace, TEAM)
        self.drawing = _Drawing()
        self._work(settings, previews=previews)
        self._numbers = defaultdict(int)

    def _work(self, settings, *, previews):
        """What a worker has."""
        records, workspace = self.records, self.workspace
        token, api_url = settings.slack_bot_token.get_secret_value(), settings.slack_api_url
        files = SlackFiles(workspace, token=token, api_url=api_url, download_limit_bytes=1)
        showing = Showing(records.analyses, records.shows, records.withheld)
        kept = {"records": records.messages, "renders": records.renders}
        uploading = Uploading(files, None, showing, None, **kept, shares=False)
        self._matching = Matching(showing, records.messages, records.watches)
        self._pausing = Pausing(workspace, records)
        self._notifying = Notifying(
            workspace,
            Audience(workspace, self._access),
            self._matching,
            self._pausing,
            previewing=Previewing(
                files,
                self.drawing,
                showing,
                self.drawing,
                notices=records.notices,
                shares=not previews,
            ),
            records=records,
            site_url=self.slack.url,
        )
        self._replying = Replying(
            workspace,
            uploading,
            showing,
            records.messages,
            seen_before=SeenBefore(workspace, self._access, records.earlier),
        )
        self._showing = showing
        self._delivering = Delivering(
            workspace=workspace,
            files=files,
            access=self._access,
            library=LibraryRecords(self.front.database, ANSWER_SETTINGS, answered=ANSWERED),
            showing=showing,
            site_url=self.slack.url,
        )

    def close(self):
        """Stop everything."""
        self.front.database.close()
        self.answers.stop()
        self.slack.stop()

    def reset(self):
        """Empty every table, and bring the workspace back to how it was at first."""
        self.forget_everything()
        self.drawing.meanwhile = lambda: None
        with self.slack.world.changed:
            world = self.slack.world
            world.people = {person.id: person for person in first_people()}
            world.channels.clear()
            world.channels |= {channel.id: channel for channel in first_channels()}
            world.ephemerals.clear()

    def forget_everything(self):
        """Empty every table."""
        with self.front.database.begin() as connection:
            for table in METADATA.sorted_tables:
                connection.execute(table.delete())

    # -- who and where

    def add_person(self, user, name, **facts):
        """Somebody more, who has a direct message with the bot."""
        with self.slack.world.changed:
            self.slack.world.people[user] = Person(user, name, name.title(), **facts)
        self.add_channel(f"D0{user[2:]}", "", "im", [user, BOT_USER])

    def add_channel(self, channel, name, kind, members, **facts):
        """A channel more."""
        with self.slack.world.changed:
            self.slack.world.channels[channel] = Channel(
                channel, name, kind, list(members), 0, **facts
            )

    def members(self, channel):
        """Who is in a channel right now."""
        return self.slack.world.channels[channel].members

    # -- pictures

    def post(self, user, channel, *labels, kind="Instrument", sha256=None):
        """Post a picture on which these labels were seen, all of one kind; where it is."""
        name = self.slack.world.people[user].name
        ts = self.slack.post(name, channel, text="Look")
        self._numbers["pictures"] += 1
        source = MessageRef(TEAM, channel, ts).picture(f"F{self._numbers['pictures']}")
        sha256 = sha256 or f"sha-{source.file_id}"
        with self.front.database.begin() as connection:
            accepted = Accepted(source.message, ts, user)
            self.records.messages.accept(connection, accepted, files=[{"id": source.file_id}])
        parents = [{"Name": kind}]
        seen = [{"Name": name, "Confidence": 95.0, "Parents": parents} for name in labels]
        self.records.analyses.note_answer(TEAM, sha256, {"Labels": seen})
        outcome = {"outcome": "labelled", "sha256": sha256, "name": "x.jpg", "attempt": 1}
        self.records.messages.note_picture(
            source.message, source.file_id, outcome=outcome, sha256=sha256
        )
        self._showing.note_seen(source, self._showing.shown(source, sha256))
        return source

    def reply(self, source):
        """Answer in the thread."""
        (picture,) = self.records.messages.pictures(source.message)
        outcome = {**picture.outcome, "file_id": source.file_id}
        job = {"thread_ts": source.ts, "attempt": 1, "outcomes": [outcome]}
        self._replying.reply(source.message, job)
        return self.slack.replies_by_bot(source.channel, source.ts)[-1]

    def watch(self, user, text):
        """Keep somebody's watch, however they came by it."""
        assert self.records.watches.add(TEAM, user, parse_rule(text))

    def change(self, watch_id, text):
        """Put another rule in a watch's place."""
        assert self.records.watches.change(watch_id, parse_rule(text))

    def match(self, source):
        """Open the notices about a picture; for whom."""
        by_recipient = defaultdict(list)
        for match in self._matching.find(self._matching.seen(source)):
            by_recipient[match.watch.recipient].append(match.watch)
        for recipient, watches in by_recipient.items():
            self.records.notices.open(recipient, source, watches)
        return sorted(by_recipient)

    def notify(self, source, recipient):
        """Decide about one notice, and send it or not; what came of it."""
        job = {**source.columns(), "recipient": recipient}
        sent = self._notifying.send_once(job)
        self._tell_owners(sent.get("pauses", []))
        return sent["outcome"]

    def pause(self, channel, why):
        """Pause all that tells a channel."""
        self._tell_owners(self._pausing.pause_target(TEAM, channel, why))

    def _tell_owners(self, pauses):
        for pause in pauses:
            self._pausing.tell_owner(pause, f"{pause['owner']}/{pause['at_s']}")

    def give_up(self, source, recipient):
        """Leave a notice as it is, for good."""
        self._notifying.give_up({**source.columns(), "recipient": recipient})

    def tell(self, source):
        """Tell whoever is to be told of a picture."""
        return {who: self.notify(source, who) for who in self.match(source)}

    def let_an_hour_pass(self):
        """Let every watch have fired an hour earlier than it did."""
        earlier = WATCHES.c.last_fired_at_s - 3600
        with self.front.database.begin() as connection:
            connection.execute(WATCHES.update().values(last_fired_at_s=earlier))

    def take_away(self, source):
        """Have a picture's file deleted, as far as is known at once."""
        self.records.removals.mark_file(TEAM, source.file_id)

    def export(self, user, channel):
        """The text of the file that somebody gets who asks for a channel; empty without one."""
        scope = {"channels": [channel], "since_s": None, "thread_ts": None, "ts": None}
        job = {"team": TEAM, "person": user, "format": "json", "scope": scope}
        try:
            made = self._delivering.make(job)
        except errors.ExportError:
            return ""
        return self.slack.file_bytes(made["file_id"]).decode()

    def exports_asked(self):
        """The jobs of people who asked for an export."""
        client = DBOSClient(
            system_database_engine=self.front.database.engine, serializer=SERIALIZER
        )
        try:
            return [job.input["args"][0] for job in client.list_workflows()]
        finally:
            client.destroy()

    # -- what people do with the bot

    def link(self, source):
        """The link to a picture's message."""
        return f"{self.slack.url}/archives/{source.channel}/p{source.ts.replace('.', '')}"

    def type(self, user, channel, text, *, team=TEAM):
        """Type a command, from wherever; the answer."""
        asked = {"command": "/labels", "team_id": team, "user_id": user, "channel_id": channel}
        return self._send({**asked, "text": text}).body

    def press(self, user, channel, action, *, team=TEAM):
        """Press a button, also one that this person cannot see; the answer."""
        body = {
            "type": "block_actions",
            "team": {"id": team},
            "user": {"id": user},
            "channel": {"id": channel},
            "response_url": self.answers.url,
            "actions": [action],
        }
        before = len(self.answers.said)
        self._send(body)
        return "\n".join(self.answers.said[before:])

    def _send(self, body):
        kind = {"content-type": ["application/json"]}
        return self.front.bolt.dispatch(BoltRequest(body=json.dumps(body), headers=kind))

    def reads(self, user):
        """All that a person can read of the bot's: in their channels, and to them alone."""
        with self.slack.world.changed:
            world = self.slack.world
            shown = [
                message
                for channel in world.channels.values()
                if world.may_see(user, channel)
                for message in channel.messages.values()
            ]
            shown += [message for message in world.ephemerals if message.only_for == user]
        return "\n".join(_words(message) for message in shown if message.bot_id == "B0SPOTTER")


def _words(message):
    return f"{message.text}\n{json.dumps(message.blocks, ensure_ascii=False)}"


class _Drawing:
    """Has every picture at hand, and draws nothing on it; `meanwhile` happens as it is drawn."""

    def __init__(self):
        self.meanwhile = lambda: None

    def get(self, _):
        return scene_jpeg("park")

    def preview(self, jpeg, _analysis, _style, **_hiding):
        self.meanwhile()
        return jpeg

    def drop(self, _):
        pass


@dataclasses.dataclass
class _Answers:
    """A response URL on this machine: keeps what is said to whoever pressed something."""

    said: list = dataclasses.field(default_factory=list)

    def __post_init__(self):
        said = self.said

        class Response(BaseHTTPRequestHandler):
            def do_POST(self):
                said.append(
                    json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"]
                )
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Response)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
