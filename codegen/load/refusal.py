"""How a refusal is worded: names from the file are cut and escaped, advice is given."""

from dataclasses import dataclass

from codegen.errors import UnsafeModel
from codegen.load.record import Reference

SHOWN_CHARACTERS = 80


def shown(text: str) -> str:
    """A text from the file as printable ASCII of at most 80 characters.

    The file chooses it, so that it must not reach a terminal as it is.
    """
    cut = text[:SHOWN_CHARACTERS]
    safe = cut.encode("ascii", "backslashreplace").decode("ascii")
    plain = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in safe)
    return plain[:SHOWN_CHARACTERS] + ("..." if len(text) > SHOWN_CHARACTERS else "")


def damaged(what: str) -> UnsafeModel:
    """The error for a file that no pickler writes."""
    return UnsafeModel(
        f"the model file is damaged or forged: {what}; nothing in it was executed. "
        "Save the model again with joblib.dump or pickle.dump"
    )


@dataclass(frozen=True, slots=True, eq=False)
class Refused:
    """The place of an object that was not built, until its attribute path is known."""

    reference: Reference
    opcode: str

    def error(self, where: str) -> UnsafeModel:
        """The error that names the class or function, and where in the model it stands."""
        name = shown(f"{self.reference.module}.{self.reference.name}")
        return UnsafeModel(
            f"{where}: {name} cannot be read as data ({self.opcode}); nothing in the file was "
            "executed. Custom classes are not read, nor is anything outside scikit-learn and "
            "the boosting libraries: replace it by one of their parts and save the model again. "
            "If the name surprises you, do not open the file with pickle or joblib"
        )
