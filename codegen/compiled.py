"""The exported C, built for this computer and called through cffi with whole arrays."""

from pathlib import Path
from typing import Any

import numpy as np
from cffi import FFI
from numpy.typing import NDArray

from codegen.declared import require_whole
from codegen.errors import InvalidInput
from codegen.given import as_numbers
from codegen.plan.program import NUMPY, Function, Program
from codegen.texts import codes, packed


class Compiled:
    """The functions of an export: they take and give what scikit-learn's methods do."""

    def __init__(self, program: Program, library: Path) -> None:
        self.program = program
        self._functions = {str(f.method): f for f in program.functions}
        self._ffi = FFI()
        for function in program.functions:
            self._ffi.cdef(declaration(program, function))
        self._library = self._ffi.dlopen(str(library))

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that were exported."""
        return tuple(self._functions)

    def raw(self, method: str, X: Any) -> NDArray[Any]:
        """What the C answers (n_rows, size): indices, not labels.

        Raises:
            InvalidInput: the export has no such method, or rows have another width.
        """
        if method not in self._functions:
            have = ", ".join(self.methods)
            raise InvalidInput(f"{self.program.name} has no {method}; it has {have}")
        function = self._functions[method]
        rows = self.rows(X)
        answers = np.empty((len(rows), function.size), NUMPY[function.ctype])
        call = getattr(self._library, f"{self.program.name}_rows_{method}")
        wanted = self._ffi.cast(f"{function.ctype} *", answers.ctypes.data)
        if self.program.model.is_text:
            text, starts = (self._ffi.from_buffer(part) for part in packed(rows))
            call(text, self._ffi.cast("int64_t *", starts), len(rows), wanted)
        else:
            given = self._ffi.cast(f"{self.program.x_ctype} *", rows.ctypes.data)
            call(given, len(rows), wanted)
        return answers

    def rows(self, X: Any) -> NDArray[Any]:
        """X as the C takes it: rows of its input type, one after the other.

        Raises:
            InvalidInput: rows have another width, or hold what the declared type cannot.
        """
        X = as_numbers(self.program.model, X)
        if self.program.model.is_text:
            return codes(X)
        given = self.program.model.input
        kind = NUMPY[self.program.x_ctype]
        shape = np.shape(X)
        if len(shape) != 2 or shape[1] != given.n_features:
            raise InvalidInput(f"rows of shape {shape}, expected (n, {given.n_features})")
        if given.is_whole and np.asarray(X).dtype != kind:
            require_whole(np.asarray(X, np.float64), given.declared)
        return np.ascontiguousarray(X, kind)

    def predict(self, X: Any) -> NDArray[Any]:
        """Labels of a classifier, clusters, or values (n,) or (n, n_outputs)."""
        answers = self.raw("predict", X)
        classes = self.program.model.classes
        if classes:
            columns = [c[k] for c, k in zip(classes, answers.T, strict=True)]
            return columns[0] if len(columns) == 1 else np.column_stack(columns)
        return answers[:, 0] if answers.shape[1] == 1 else answers

    def predict_proba(self, X: Any) -> Any:
        """Probabilities (n, n_classes); a list of such for several outputs.

        Where each output has one probability, as in a chain: (n, n_outputs).
        """
        answers = self.raw("predict_proba", X)
        sizes = self.program.model.proba_sizes
        if set(sizes) == {1}:
            return answers
        parts = np.split(answers, np.cumsum(sizes)[:-1], axis=1)
        return parts[0] if len(parts) == 1 else parts

    def decision_function(self, X: Any) -> NDArray[Any]:
        """Scores (n,) or (n, n_scores)."""
        answers = self.raw("decision_function", X)
        return answers[:, 0] if answers.shape[1] == 1 else answers

    def score_samples(self, X: Any) -> NDArray[Any]:
        """Scores (n,)."""
        return self.raw("score_samples", X)[:, 0]

    def predict_std(self, X: Any) -> NDArray[Any]:
        """Deviations of the predictions (n,) or (n, n_outputs)."""
        answers = self.raw("predict_std", X)
        return answers[:, 0] if answers.shape[1] == 1 else answers

    def mahalanobis(self, X: Any) -> NDArray[Any]:
        """Squared distances to the mean (n,)."""
        return self.raw("mahalanobis", X)[:, 0]

    def transform(self, X: Any) -> NDArray[Any]:
        """Transformed rows (n, n_components)."""
        return self.raw("transform", X)

    def kneighbors(self, X: Any) -> tuple[NDArray[Any], NDArray[Any]]:
        """Distances and numbers of the nearest rows of the training set, each (n, n_neighbors)."""
        return self.raw("kneighbors_distance", X), self.raw("kneighbors", X)


def declaration(program: Program, function: Function) -> str:
    """The prototype of the host's loop over rows, as cffi reads it."""
    name = f"{program.name}_rows_{function.method}"
    if program.model.is_text:
        return f"void {name}(const char *, const int64_t *, int64_t, {function.ctype} *);"
    return f"void {name}(const {program.x_ctype} *, int64_t, {function.ctype} *);"
