"""The vocabulary: a fitted model is an expression over these few vector operations.

A node is frozen; its inputs come first, then numpy arrays and scalars, checked at birth. Every
node gives one vector of `size` values for one row of input. What a node means is written in
`evaluate.py`, in numpy; how it becomes C is the business of the plan and the templates.
"""

from codegen.ir.choices import ArgMax, Choice, Lookup, Threshold, WeightedMedian
from codegen.ir.columns import (
    FUNCTIONS,
    LEAST_NORM,
    NORMS,
    Clip,
    Concat,
    Elementwise,
    Gather,
    Impute,
    Input,
    Normalize,
    Round32,
    Scale,
)
from codegen.ir.expression import arrays, inputs, rewrite, walk, with_inputs
from codegen.ir.iterations import (
    LEAST_MIX,
    LOSSES,
    ROUNDS_TO_A_TEST,
    RULES,
    Encode,
    Factorize,
    LatentDirichlet,
)
from codegen.ir.model import Model, Outputs
from codegen.ir.neighbors import Barycentre, Donate, Geodesic, NeighborMean, Neighbors, RadiusMean
from codegen.ir.node import (
    Bools,
    Floats,
    Ints,
    Node,
    SameSize,
    finite,
    require,
)
from codegen.ir.pairs import Pairwise, PairwiseAffine
from codegen.ir.pieces import Bucketize, Interpolate, OneHot, Piecewise, Values
from codegen.ir.probabilities import LogisticMean, LogSumExp, Softmax
from codegen.ir.sums import (
    COMPLEMENT,
    KERNELS,
    RADIAL,
    Affine,
    Distance,
    Kernel,
    Monomials,
)
from codegen.ir.texts import (
    MOST_TERMS,
    UNITS,
    Analyzer,
    Hashing,
    TermCounts,
    Vocabulary,
)
from codegen.ir.trees import (
    COLUMNS,
    MOST_CATEGORIES,
    MOST_FEATURES,
    ROOM_OF_NAN,
    Keys,
    LinearLeaves,
    TreeEnsemble,
)

__all__ = [
    "COLUMNS",
    "COMPLEMENT",
    "FUNCTIONS",
    "KERNELS",
    "LEAST_MIX",
    "LEAST_NORM",
    "LOSSES",
    "MOST_CATEGORIES",
    "MOST_FEATURES",
    "MOST_TERMS",
    "NORMS",
    "RADIAL",
    "ROOM_OF_NAN",
    "ROUNDS_TO_A_TEST",
    "RULES",
    "UNITS",
    "Affine",
    "Analyzer",
    "ArgMax",
    "Barycentre",
    "Bools",
    "Bucketize",
    "Choice",
    "Clip",
    "Concat",
    "Distance",
    "Donate",
    "Elementwise",
    "Encode",
    "Factorize",
    "Floats",
    "Gather",
    "Geodesic",
    "Hashing",
    "Impute",
    "Input",
    "Interpolate",
    "Ints",
    "Kernel",
    "Keys",
    "LatentDirichlet",
    "LinearLeaves",
    "LogSumExp",
    "LogisticMean",
    "Lookup",
    "Model",
    "Monomials",
    "NeighborMean",
    "Neighbors",
    "Node",
    "Normalize",
    "OneHot",
    "Outputs",
    "Pairwise",
    "PairwiseAffine",
    "Piecewise",
    "RadiusMean",
    "Round32",
    "SameSize",
    "Scale",
    "Softmax",
    "TermCounts",
    "Threshold",
    "TreeEnsemble",
    "Values",
    "Vocabulary",
    "WeightedMedian",
    "arrays",
    "finite",
    "inputs",
    "require",
    "rewrite",
    "walk",
    "with_inputs",
]
