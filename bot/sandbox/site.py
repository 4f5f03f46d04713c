"""The parts of the local Slack in one place, for those who answer requests."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.gate import Gate
from bot.sandbox.ledger import Ledger
from bot.sandbox.limits import Limits
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.terms import Terms
from bot.sandbox.tickets import Tickets
from bot.sandbox.timetable import Timetable
from bot.sandbox.workspace import Workspace
from bot.sandbox.world import World


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
    socket_mode: SocketMode
