"""A fitted model: its methods, each an expression."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray

from codegen.ir.columns import Input
from codegen.ir.expression import rewrite
from codegen.ir.node import Node


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """What a fitted estimator answers: methods by scikit-learn's names, each an expression.

    kind: classifier, regressor, clusterer, outlier detector, transformer, neighbors. classes: for
    a classifier, one array of labels for each output; predict gives the index into it. rule: where
    the estimator has no such method, the rule that stands for it and what it promises.
    """

    kind: str
    methods: dict[str, Node]
    classes: tuple[NDArray[Any], ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A fitted model: its input, its methods, its names.

    estimator: the public name of the class; feature_names: empty, or one for each feature.
    separator: for rows that Python takes as dictionaries, what stands between a name and a text.
    """

    estimator: str
    input: Input
    outputs: Outputs
    feature_names: tuple[str, ...] = ()
    float32_parameters: bool = False
    separator: str | None = None

    @property
    def kind(self) -> str:
        """Classifier, regressor, clusterer, outlier detector, transformer or neighbors."""
        return self.outputs.kind

    @property
    def methods(self) -> dict[str, Node]:
        """Methods by scikit-learn's names."""
        return self.outputs.methods

    @property
    def classes(self) -> tuple[NDArray[Any], ...]:
        """The labels of each output of a classifier."""
        return self.outputs.classes

    @property
    def proba_sizes(self) -> tuple[int, ...]:
        """How many probabilities each output has: of all classes, or of its last class alone."""
        sizes = tuple(len(known) for known in self.classes)
        proba = self.methods.get("predict_proba")
        alone = proba is not None and proba.size == len(sizes) < sum(sizes)
        return (1,) * len(sizes) if alone else sizes

    @property
    def is_text(self) -> bool:
        """Whether a row is a text."""
        return self.input.is_text

    def rewritten(self, rule: Callable[[Node], Node]) -> "Model":
        """The model with a rule applied to all of its expressions."""
        return self.with_methods(rewrite(self.methods, rule))

    def with_methods(self, methods: dict[str, Node]) -> "Model":
        """The model with other expressions for the same methods."""
        return replace(self, outputs=replace(self.outputs, methods=methods))
