# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the walls keep out on this computer, tried: the facts behind `safespace doctor --walls`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from safespace.i18n import N_, _
from safespace.local_ai.client.child import worker_command
from safespace.local_ai.documents import reading
from safespace.local_ai.walls import trial

WORDS: Final[Mapping[str, str]] = {
    "read": N_("read a file that lies elsewhere, as a space does"),
    "read_in_thread": N_("read it in a thread of its own"),
    "list": N_("see what lies in its folder"),
    "write": N_("write a file elsewhere"),
    "write_where_it_reads": N_("write a file where it may read"),
    "change": N_("change a file"),
    "make_folder": N_("make a folder"),
    "remove": N_("remove a file"),
    "rename": N_("rename a file"),
    "tcp": N_("connect to an address (TCP)"),
    "udp": N_("send to an address (UDP)"),
    "udp6": N_("send to an address of IPv6"),
    "socket_pair": N_("open a pair of sockets"),
    "unix_socket": N_("open a socket for other programs here"),
    "netlink": N_("ask the kernel about the network"),
    "program": N_("start another program"),
    "fork": N_("start itself a second time"),
    "signal": N_("signal another process"),
    "more_memory": N_("allow itself more memory"),
    "parent": N_("read what its parent was started with"),
}
"""What a child attempts, by the names that `trial` gives it."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the child that reads models, or documents, could do."""

    process: str
    outcome: trial.Outcome

    @property
    def said(self) -> str:
        """In one sentence."""
        what, found = _PROCESSES[self.process], self.outcome
        if not found.tried:
            return _("The process that reads {what} could not try anything.").format(what=_(what))
        if not found.reads:
            said = _("The process that reads {what} cannot read what it is given.")
            return said.format(what=_(what))
        if found.held:
            said = _("The process that reads {what} could do none of this between its walls.")
            return said.format(what=_(what))
        done = "; ".join(_(WORDS[name]) for name in found.let_through)
        said = _("The process that reads {what} could do this in spite of its walls: {done}.")
        return said.format(what=_(what), done=done)


_PROCESSES: Final = {"worker": N_("models"), "reader": N_("documents")}


def reports(*, cards: bool) -> Iterator[Report]:
    """Try them, where models may use graphics `cards`; takes a moment. Files are made and spoilt
    in a temporary folder alone.
    """
    yield Report("worker", trial.try_out(worker_command(cards=cards)))
    yield Report("reader", trial.try_out(reading.command()))
