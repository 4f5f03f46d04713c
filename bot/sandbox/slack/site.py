"""The parts of the local Slack in one place, for those who answer requests."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.ledger import Ledger
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.gate import Gate
from bot.sandbox.slack.limits import Limits
from bot.sandbox.slack.socket_mode import SocketMode
from bot.sandbox.slack.terms import Terms
from bot.sandbox.slack.tickets import Tickets
from bot.sandbox.slack.timetable import Timetable
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import World


@dataclass(frozen=True)
class Site:
    """Built once by `SlackSandbox`."""

    ledger: Ledger
    terms: Terms
    world: World
    workspace: Workspace
    timetable: Timetable
    tickets: Tickets
    limits: Limits
    gate: Gate
    delivery: Delivery
    socket_mode: SocketMode
