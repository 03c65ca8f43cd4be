"""What a model file becomes: Records and References, inert, without any behaviour."""

from dataclasses import dataclass, field
from typing import Any

from codegen.errors import InvalidModel


@dataclass(frozen=True, slots=True)
class Reference:
    """The name of a class or function that a file mentions; it is never looked up."""

    module: str
    name: str

    @property
    def path(self) -> str:
        """The public name, as public_name gives it."""
        return public_name(self.module, self.name)


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """An object of a model file: its class, constructor arguments and state.

    Attributes of the object are read as attributes of the record; those that share a name
    with a field of the record are in `state`. A state that is not a dictionary (some
    compiled classes use a tuple) is state["__state__"].
    """

    reference: Reference
    args: tuple[Any, ...] = ()
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The public name of the class, such as "sklearn.svm.SVC"."""
        return self.reference.path

    def get(self, name: str, default: Any = None) -> Any:
        """The attribute, or the default where there is none."""
        return self.state.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self.state

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if name in self.state:
            return self.state[name]
        raise InvalidModel(missing_attribute(self.reference.name, name))

    def __repr__(self) -> str:
        return f"Record({self.path})"


def missing_attribute(owner: str, name: str) -> str:
    """The message for an attribute that is not there."""
    if name.endswith("_") and not name.startswith("_"):
        advice = "was it fitted? Call fit(X, y) before saving it"
    else:
        advice = "it may come from a library version that codegen does not know"
    return f"{owner} has no attribute {name!r}: {advice}"


def public_name(module: str, name: str) -> str:
    """The name that users import: the path up to the first private module, and the class.

    "sklearn.linear_model._logistic", "LogisticRegression" gives
    "sklearn.linear_model.LogisticRegression".
    """
    public: list[str] = []
    for part in module.split("."):
        if part.startswith("_") and public:
            break
        public.append(part)
    return ".".join([*public, name])
