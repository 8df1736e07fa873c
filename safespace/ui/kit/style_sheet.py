# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one style sheet: a template whose names are roles of `theme.Tones` and of the type scale.

Widgets choose by the dynamic properties `scale` (a role of the type scale), `tone` (a colour
role) and `kind` (what a button or frame is). See docs/design.md.
"""

from typing import Final

STYLE_SHEET: Final = """
* { outline: none; }
QWidget#page, QDialog, QMainWindow { background: $ground; }
QWidget#side { background: $side; }
QScrollArea, QScrollArea > QWidget > QWidget#column { background: transparent; border: none; }

QLabel { background: transparent; }
*[scale="display"] { font-size: $display; font-weight: 600; }
*[scale="title"] { font-size: $title; font-weight: 600; }
*[scale="body"] { font-size: $body; }
*[scale="small"] { font-size: $small; }
*[scale="strong"] { font-weight: 600; }
QLabel[tone="quiet"] { color: $quiet; }
QLabel[tone="warn"] { color: $warn; }
QLabel[tone="here"] { color: $here; }
QLabel[tone="coop"] { color: $coop; }
QLabel[tone="human"] { color: $human; }

QPushButton, QToolButton {
    background: $card; color: $text; border: 1px solid $edge; border-radius: 8px;
    padding: 8px 15px;
}
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 7px 14px; }
QPushButton:disabled, QToolButton:disabled { color: $edge; border-color: $line; }
QPushButton[kind="main"] {
    background: $accent; color: $on_accent; border: 2px solid $accent; padding: 7px 18px;
    font-weight: 600;
}
QPushButton[kind="main"]:focus { border-color: $text; padding: 7px 18px; }
QPushButton[kind="main"]:disabled {
    background: $line; border-color: $line; color: $quiet;
}
QPushButton[kind="grave"] { color: $warn; border-color: $warn; font-weight: 600; }
QPushButton[kind="grave"]:disabled { color: $edge; border-color: $line; }
QPushButton[kind="plain"], QToolButton[kind="plain"] {
    background: transparent; border: 2px solid transparent; padding: 7px 8px 7px 2px;
    color: $accent; text-align: left;
}
QToolButton[kind="icon"] {
    background: transparent; border: 2px solid transparent; padding: 5px; border-radius: 8px;
}
QPushButton[kind="side"] {
    background: transparent; border: 2px solid transparent; padding: 7px 10px; color: $text;
    text-align: left;
}
QPushButton[kind="side"]:hover { background: $hover; }
QPushButton[kind="side"]:focus { border-color: $accent; padding: 7px 10px; }
QPushButton[kind="plain"]:hover, QToolButton[kind="plain"]:hover, QToolButton[kind="icon"]:hover {
    background: $hover;
}
QPushButton[kind="plain"]:focus, QToolButton[kind="plain"]:focus, QToolButton[kind="icon"]:focus {
    border-color: $accent; padding: 7px 8px 7px 2px;
}
QToolButton[kind="icon"]:focus { padding: 5px; }
QToolButton::menu-indicator { image: none; }
QPushButton[kind="row"] {
    background: $card; border: 1px solid $line; border-radius: 12px; text-align: left;
    padding: 13px 15px;
}
QPushButton[kind="row"]:hover { background: $hover; }
QPushButton[kind="row"]:focus { border: 2px solid $accent; padding: 12px 14px; }

QToolButton[kind="mark"] {
    border-radius: 8px; border: 2px solid transparent; padding: 4px 9px 4px 7px;
    font-size: $small; font-weight: 600;
}
QToolButton[kind="mark"][tone="here"] { background: $here_ground; color: $here; }
QToolButton[kind="mark"][tone="coop"] { background: $coop_ground; color: $coop; }
QToolButton[kind="mark"][tone="human"] { background: $human_ground; color: $human; }
QToolButton[kind="mark"][tone="here"]:hover, QToolButton[kind="mark"][tone="here"]:focus {
    border-color: $here;
}
QToolButton[kind="mark"][tone="coop"]:hover, QToolButton[kind="mark"][tone="coop"]:focus {
    border-color: $coop;
}
QToolButton[kind="mark"][tone="human"]:hover, QToolButton[kind="mark"][tone="human"]:focus {
    border-color: $human;
}

QLineEdit, QPlainTextEdit, QComboBox {
    background: $card; color: $text; border: 1px solid $edge; border-radius: 8px;
    padding: 8px 11px;
    selection-background-color: $accent; selection-color: $on_accent;
    placeholder-text-color: $quiet;
}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {
    border: 2px solid $accent; padding: 7px 10px;
}
QLineEdit:disabled, QPlainTextEdit:disabled { color: $quiet; border-color: $line; }
QComboBox::drop-down { border: none; width: 32px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { background: $card; border: 1px solid $line; padding: 4px; }
QFrame[kind="composer"] { background: $card; border: 1px solid $edge; border-radius: 12px; }
QFrame[kind="composer"] QPlainTextEdit { border: none; background: transparent; padding: 6px 4px; }
QFrame[kind="composer"][focused="true"] { border: 2px solid $accent; }


QFrame[kind="card"] { background: $card; border: 1px solid $line; border-radius: 12px; }
QFrame[kind="choice"] { background: $card; border: 1px solid $edge; border-radius: 12px; }
QFrame[kind="mine"] { background: $mine; border: none; border-radius: 12px; }
QFrame[kind="notice"] { background: $human_ground; border: none; border-radius: 12px; }
QFrame[kind="help"] { background: $card; border: 1px solid $edge; border-radius: 12px; }
QFrame[kind="message"] { background: $warn_ground; border: none; border-radius: 8px; }
QFrame[kind="message"] QLabel { color: $warn; }

QListWidget, ThingList { background: transparent; border: 2px solid transparent;
    border-radius: 8px; }
QListWidget:focus, ThingList:focus { border-color: $accent; }
QListWidget::item, ThingList::item { color: $text; border-radius: 8px; padding: 7px 7px;
    margin: 1px 0; }
QListWidget::item:hover, ThingList::item:hover { background: $hover; }
QListWidget::item:selected, ThingList::item:selected { background: $card; color: $text; }

QTextBrowser { background: transparent; border: 2px solid transparent; border-radius: 8px;
    color: $text; font-size: $body;
    selection-background-color: $accent; selection-color: $on_accent; }
QTextBrowser:focus { border-color: $accent; }

QMenu { background: $card; color: $text; border: 1px solid $line; border-radius: 8px;
    padding: 6px; }
QMenu::item { padding: 8px 24px 8px 12px; border-radius: 6px; }
QMenu::item:selected { background: $hover; color: $text; }
QMenu::item:disabled { color: $quiet; }
QMenu::separator { height: 1px; background: $line; margin: 6px 8px; }
QToolTip { background: $card; color: $text; border: 1px solid $line; padding: 6px; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar::handle:vertical { background: $edge; border-radius: 4px; min-height: 32px; }
QScrollBar::handle:vertical:disabled { background: transparent; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle:horizontal { background: $edge; border-radius: 4px; min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: $line; border: none; border-radius: 3px; max-height: 6px;
    min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QProgressBar[tone="warn"]::chunk { background: $warn; }
QSplitter::handle { background: $line; }
"""
