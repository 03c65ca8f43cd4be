"""Fitted scikit-learn models as exact, allocation-free C for microcontrollers."""

from codegen.answers import answers
from codegen.export import Artifact, export

__all__ = ["Artifact", "answers", "export"]
