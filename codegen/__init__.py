"""Fitted scikit-learn models as exact, allocation-free C for microcontrollers."""

from codegen.export import Artifact, export

__all__ = ["Artifact", "export"]
