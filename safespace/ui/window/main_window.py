# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window of an open space. It assembles; what it shows decides nothing either."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QWidget

from safespace.domain import Conversation, Hit, Kind, Level, Route
from safespace.errors import Known
from safespace.i18n import _
from safespace.session.checks.truth import Noticed
from safespace.session.computer import Computer
from safespace.session.knocks import handlers
from safespace.session.session import Session
from safespace.ui.activity.screen import ActivityScreen
from safespace.ui.bin_screen import BinScreen
from safespace.ui.chat.instructions_sheet import InstructionsSheet
from safespace.ui.chat.view import ConversationView
from safespace.ui.checks_screen import ChecksScreen
from safespace.ui.closing import back_up_first
from safespace.ui.engagement.screen import EngagementScreen
from safespace.ui.engagement.steps import Steps
from safespace.ui.gate import Gate
from safespace.ui.help_screen import HelpScreen
from safespace.ui.holdings.documents_screen import DocumentsScreen
from safespace.ui.holdings.folders_screen import FoldersScreen
from safespace.ui.holdings.memory_screen import MemoryScreen
from safespace.ui.holdings.notes_screen import NotesScreen
from safespace.ui.keys.screen import KeysScreen
from safespace.ui.kit.message_bar import MessageBar
from safespace.ui.kit.ops import Ops
from safespace.ui.kit.parts import column, icon_button, panel, row
from safespace.ui.kit.theme import Space, theme
from safespace.ui.leave_screen import LeaveScreen
from safespace.ui.limits.screen import LimitsScreen
from safespace.ui.models.screen import ModelsScreen
from safespace.ui.settings.settings_screen import SettingsScreen
from safespace.ui.window.conversation_acts import ConversationActs
from safespace.ui.window.conversation_heading import ConversationHeading
from safespace.ui.window.level_button import LevelButton
from safespace.ui.window.side import Side


class MainWindow(QMainWindow):
    """One unlocked member. `locked` asks for the entrance, in a fresh process; `renewal_wanted`
    for a new key there; `erased` says that the space is no more.

    The window's title carries nothing of what is in it: other programs can read it.
    """

    locked = Signal()
    erased = Signal(object)
    renewal_wanted = Signal()
    _knocked = Signal(str)
    _noticed = Signal()

    def __init__(self, session: Session, computer: Computer, level: Level) -> None:
        super().__init__()
        self.setWindowTitle("Safe Space")
        self.resize(1080, 760)
        self._fit()
        theme().changed.connect(self._fit)
        self.gate = Gate(level)
        self._session = session
        self._closing = self._backed_up = False
        self.messages = MessageBar()
        self.ops = Ops(self.messages.say)
        self._steps = Steps(self, session, self.gate, self.ops, self.messages.say)
        self.side = Side(session.name)
        self.chat = ConversationView(session, self.ops, self.messages, self.gate)
        self.chat.changed.connect(self._list_again)
        self.chat.attachments.changed.connect(lambda: self.side.found.look_again())
        self.settings = SettingsScreen(session, self.ops, self.gate, self.messages.say)
        self.engagement = EngagementScreen(
            session, self.gate, self.ops, self.messages.say, self.go_to_level
        )
        self.help = HelpScreen(computer.pages, self.ops)
        self.help.link_opened.connect(
            lambda: self.ops.run(self, session.exits.note_link, aside=True)
        )
        self.bin = BinScreen(session, self.ops)
        self.activity = ActivityScreen(session, self.ops)
        self.limits = LimitsScreen(session, self.ops)
        self.checks = ChecksScreen(session, self.ops)
        self.models = ModelsScreen(session, computer, self.ops, self.gate)
        self.leaving = LeaveScreen(session, self.ops)
        self.leaving.erased.connect(self.erased)
        self.notes = NotesScreen(session, self.ops)
        self.documents = DocumentsScreen(session, self.ops)
        self.memory = MemoryScreen(session, self.ops, self.gate)
        self.folders = FoldersScreen(session, self.ops)
        self.folders.opened.connect(self._open)
        self.chat.attachments.wanted.connect(partial(self._open, Kind.DOCUMENT))
        self._holdings = (self.notes, self.documents, self.memory, self.folders)
        self.keys = KeysScreen(session, self.ops)
        acts = ConversationActs(self, session, self.chat, self.ops, self.messages)
        acts.changed.connect(self._list_again)
        acts.gone.connect(self._gone)
        acts.pinned.connect(self._show_heading)
        self.side.list.renamed.connect(acts.rename)
        self.side.list.delete_wanted.connect(acts.delete)
        self.heading = ConversationHeading(
            self.side.list.rename_action.trigger,
            acts.put_into_folder,
            self.side.list.delete_action.trigger,
            self._instruct_here,
            self.gate,
        )
        self.heading.pin.wanted.connect(acts.pin)
        self.level_button = LevelButton(self.gate)
        self.level_button.wanted.connect(self.go_to_level)
        self.level_button.more_wanted.connect(self.engagement.read)
        self._screens = QStackedWidget()
        for screen in (
            self.chat, self.settings, self.help, self.bin, self.keys, self.limits, self.checks,
            self.models, self.leaving, self.engagement, self.activity, *self._holdings,
        ):  # fmt: skip
            self._screens.addWidget(screen)
        self._screens.currentChanged.connect(
            lambda: self.heading.setVisible(self._screens.currentWidget() is self.chat)
        )
        self.setCentralWidget(self._assembled())
        self._connect_side()
        for keys, act in self._shortcuts().items():
            QShortcut(QKeySequence(keys), self, act)
        self._knocked.connect(self._answer_knock, Qt.ConnectionType.QueuedConnection)
        knocks = handlers(
            session,
            come_up=lambda: self._knocked.emit("raise"),
            lock=lambda: self._knocked.emit("lock"),
            changed=lambda: self._knocked.emit("changed"),
        )
        self.ops.run(self, lambda: session.listen(knocks), aside=True)
        self._list_again()
        self.new_conversation()
        if session.notice:
            self.messages.say(Known(session.notice))
        self._noticed.connect(self._say_noticed, Qt.ConnectionType.QueuedConnection)
        session.truth.listen(self._noticed.emit)
        self._say_noticed()
        self.ops.run(self, session.keys.drill.is_due, self._ask_for_paper, aside=True)

    # Conversations

    def new_conversation(self) -> None:
        """The empty page of a conversation not begun yet."""
        self.side.list.show_none()
        self._show(None)
        self.chat.composer.setFocus()

    def _show(self, conversation: int | None, at: int | None = None) -> None:
        self._screens.setCurrentWidget(self.chat)
        self.chat.show_conversation(conversation, at)
        self._show_heading()

    def _show_heading(self) -> None:
        shown = self.chat.conversation
        pin = self.chat.pin if shown is None else self.side.list.pin_of(shown)
        title = self.side.list.title_of(shown)
        self.heading.show_title(title, pin)
        if shown is None or title is not None:  # else it is not listed yet
            self.chat.set_without_ai(without=pin in (None, Route.HUMAN))

    def _instruct(self, conversation: int | None) -> None:
        InstructionsSheet(self, self._session, self.ops, conversation).open()

    def _instruct_here(self) -> None:
        self._instruct(self.chat.conversation)

    def _gone(self, conversation: int) -> None:
        if self.chat.conversation == conversation:
            self.new_conversation()
        self._list_again()

    def _list_again(self) -> None:
        def show(conversations: list[Conversation]) -> None:
            shown = self.chat.conversation
            self.side.list.show_conversations(conversations, shown)
            self._show_heading()
            self.side.found.look_again()

        self.ops.run(self, self._session.conversations, show)

    def _search(self, text: str) -> None:
        self.ops.run(
            self,
            lambda: self._session.search(text),
            lambda hits: self.side.found.show_hits(text, hits),
            aside=True,
        )

    def _show_hit(self, hit: Hit) -> None:
        """Open a thing where the words stand; what was found stays beside it."""
        self._open(hit.kind, hit.id, hit.message or hit.passage)

    def _open(self, kind: Kind, id_: int, at: int | None = None) -> None:
        match kind:
            case Kind.CONVERSATION:
                self.side.list.select(id_)
                self._show(id_, at)
            case Kind.NOTE:
                self.notes.read()
                self.notes.show_note(id_)
            case Kind.DOCUMENT:
                if at is None:
                    self.documents.wanted = id_
                    self.documents.read()
                else:
                    self.documents.open_at(id_, at)
            case Kind.MEMORY:
                self.memory.wanted = id_
                self.memory.read()

    def _find(self) -> None:
        self.side.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.side.search.selectAll()

    def _say_noticed(self) -> None:
        """Say what was noticed about the space's files, until the member has seen it."""

        def say(noticed: list[Noticed]) -> None:
            if noticed:
                self.messages.say(
                    noticed[-1].said,
                    lambda: self.ops.run(self, self._session.truth.tick_off, aside=True),
                    _("I have seen it"),
                )

        self.ops.run(self, self._session.truth.noticed, say, aside=True)

    # The level

    def go_to_level(self, level: Level) -> None:
        """Down at once; up after a second, deliberate step."""
        self._steps.go(level)

    @property
    def level(self) -> Level:
        """The level that the window wears."""
        return self.gate.level

    # The rest

    def lock(self) -> None:
        """Keep what was typed, then ask for the entrance; nothing of this process stays."""
        self._flush()
        self.locked.emit()

    def _flush(self) -> None:
        self.chat.composer.flush_draft()
        self.notes.flush()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._flush()
        if self._backed_up:
            super().closeEvent(event)
            return
        event.ignore()
        if not self._closing:
            self._closing = True
            back_up_first(self, self._session.backups, self.ops, self._close)

    def _close(self) -> None:
        self._backed_up = True
        self.close()

    def shut(self) -> None:
        """End the background and the session. Blocks; the window is gone by then."""
        self.ops.close()
        self._session.close()

    def show_settings(self) -> None:
        self.settings.read()

    def _bring(self, screen: QWidget) -> None:
        """Show a screen in the place of the conversation."""
        self._screens.setCurrentWidget(screen)
        screen.setFocus()

    def show_keys(self) -> None:
        self.keys.read()
        self._bring(self.keys)

    def _renew(self) -> None:
        self._flush()
        self.renewal_wanted.emit()

    def _ask_for_paper(self, due: bool) -> None:
        if due:
            self.keys.recovery.ask()

    def show_help(self) -> None:
        self._bring(self.help)

    def _answer_knock(self, verb: str) -> None:
        if verb == "lock":
            self.lock()
        elif verb == "changed":
            self._steps.look_again()
            self._list_again()
        else:
            self.showNormal()
            self.raise_()
            self.activateWindow()

    def _escape(self) -> None:
        if self.side.search.text() and self.side.isAncestorOf(self.focusWidget()):
            self.side.search.clear()
            self.side.search.setFocus()
        elif self._screens.currentWidget() is self.chat:
            self.chat.stop()
        else:
            self._screens.setCurrentWidget(self.chat)
            self.chat.composer.setFocus()

    def _connect_side(self) -> None:
        self.side.new.clicked.connect(self.new_conversation)
        self.side.list.chosen.connect(self._show)
        for taken in (self.side.list.itemClicked, self.side.list.itemActivated):
            taken.connect(lambda: self.chat.composer.setFocus())  # arrow keys stay in the list
        self.side.found.wanted.connect(self._search)
        self.side.found.chosen.connect(self._show_hit)
        side, settings, to_settings = self.side, self.settings, self.show_settings
        for wanted, screen, leads_to in (
            (side.settings.clicked, settings, self._escape),
            (side.bin.clicked, self.bin, self._escape),
            (side.notes.clicked, self.notes, self._escape),
            (side.documents.clicked, self.documents, self._escape),
            (side.memory.clicked, self.memory, self._escape),
            (side.folders.clicked, self.folders, self._escape),
            (side.activity.clicked, self.activity, self._escape),
            (settings.engagement_wanted, self.engagement, self._escape),
            (settings.checks_wanted, self.checks, to_settings),
            (settings.models_wanted, self.models, to_settings),
            (settings.limits_wanted, self.limits, to_settings),
            (settings.leave_wanted, self.leaving, to_settings),
        ):
            wanted.connect(screen.read)
            screen.ready.connect(partial(self._bring, screen))
            screen.left.connect(leads_to)
        side.help.clicked.connect(self.show_help)
        self.help.left.connect(self._escape)
        settings.keys_wanted.connect(self.show_keys)
        self.keys.left.connect(to_settings)
        self.keys.renewal_wanted.connect(self._renew)
        self.bin.changed.connect(self._list_again)
        for holding in self._holdings:
            holding.changed.connect(self.side.found.look_again)
        self.limits.changed.connect(self._steps.look_again)
        settings.instructions_wanted.connect(partial(self._instruct, None))
        settings.prompts_wanted.connect(self.chat.show_prompts)
        settings.kept.connect(self.chat.signing.read)

    def _shortcuts(self) -> dict[str, Callable[[], None]]:
        return {
            "Ctrl+F": self._find,
            "Ctrl+N": self.new_conversation,
            "Ctrl+L": self.lock,
            "Ctrl+,": self.show_settings,
            "F1": self.show_help,
            "Esc": self._escape,
        }

    def _fit(self) -> None:
        """Be no narrower than the words need at this text size, where the screen is as wide."""
        widest = self.screen().availableSize().width()
        self.setMinimumSize(min(theme().scaled(640), widest), 480)

    def _assembled(self) -> QWidget:
        lock = icon_button("lock", _("Lock"), self.lock, "Ctrl+L")
        header = row(self.heading, self.level_button, lock, margin=Space.NEAR)
        header.setContentsMargins(Space.EDGE, Space.NEAR, Space.NEAR, Space.NEAR)
        header.insertStretch(1)
        notices = column(self.messages)
        notices.setContentsMargins(Space.EDGE, Space.SMALL, Space.EDGE, Space.SMALL)
        parts = column(header, notices)
        parts.addWidget(self._screens, 1)
        halves = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False, handleWidth=1)
        halves.addWidget(self.side)
        halves.addWidget(panel("page", parts))
        halves.setStretchFactor(1, 1)
        widest = self.width() // 3
        halves.setSizes([min(theme().scaled(264), widest), self.width()])
        return halves
