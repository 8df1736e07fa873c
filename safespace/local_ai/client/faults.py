# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the worker's refusals mean, for a person."""

from pathlib import Path

from safespace.errors import EngineError, MessageTooLong, ModelDamaged, ModelTooBig, NoModel
from safespace.i18n import _
from safespace.local_ai.gguf.head import read_head
from safespace.local_ai.gguf.reading import Unsound
from safespace.local_ai.gguf.structure import check_structure
from safespace.local_ai.protocol import Failed


def unloaded() -> NoModel:
    """Asked of an engine that has no model, or no longer."""
    return NoModel(_("No model is loaded."), _("Choose one from the model shelf."))


def check_sound(file: Path) -> None:
    """That a file which is to be put on the shelf is a model, and built as it says.

    Raises ModelDamaged, StorageError.
    """
    read_head(file)
    try:
        check_structure(file)
    except Unsound as found:
        raise explain(Failed(found.flaw)) from None


def explain(failed: Failed, message: str = "", scale: float = 1.0) -> EngineError:
    """The error for a request that failed. `message` was asked, and `scale` times longer than
    what the worker saw of it.
    """
    match failed.fault:
        case "too_long":
            tokens = round(failed.tokens * scale)
            return MessageTooLong(
                tokens,
                failed.limit,
                message[: failed.fitting],
                _(
                    "Your message is too long for this model: about {tokens} tokens, "
                    "and {limit} fit."
                ).format(tokens=tokens, limit=failed.limit),
                _("Shorten it, or ask about its parts one after the other."),
            )
        case "no_memory":
            return ModelTooBig(
                _("There is not enough memory for a conversation of this length."),
                _("Close other programs, begin a new conversation, or choose a smaller model."),
            )
        case "no_template":
            return ModelDamaged(
                _("This model file does not say how to hold a conversation with it."),
                _("Choose one that was made for chatting, often named “instruct”."),
            )
        case "no_adapter":
            return ModelDamaged(
                _("The adapter is damaged, or does not fit this model."),
                _("Choose another one, or none, under Settings, Assistant."),
            )
        case "no_vectors":
            return ModelDamaged(
                _("This model cannot find passages by what they mean."),
                _("Choose one that was made for it, often named “embed”."),
            )
        case "unreadable":
            return ModelDamaged(
                _("The model file cannot be read."),
                _("Check that its disk is there, and that you may read the file."),
            )
        case "foreign":
            return ModelDamaged(
                _("This is no model file in the GGUF format, or one of another version of it."),
                _("Get the model again, as a GGUF file."),
            )
        case "cut_short":
            return ModelDamaged(
                _("The model file is not whole: it ends before all that it announces."),
                _("Get it again from where it came."),
            )
        case "malformed":
            return ModelDamaged(
                _("The model file contradicts itself, so it was not loaded."),
                _("Get it again from a maker you trust."),
            )
        case "architecture":
            return ModelDamaged(
                _("This model is built in a way that this version of Safe Space does not know."),
                _("Choose another model, or update Safe Space."),
            )
        case "damaged":
            return ModelDamaged(
                _("The model file is damaged or of a kind that is not supported."),
                _("Get it again from where it came."),
            )
