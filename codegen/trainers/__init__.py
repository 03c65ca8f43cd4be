"""Small trainers of what scikit-learn has not; they need scikit-learn, an export does not."""

from codegen.trainers._diffusion import DiffusionMap
from codegen.trainers._ftrl import FTRLClassifier

__all__ = ["DiffusionMap", "FTRLClassifier"]
