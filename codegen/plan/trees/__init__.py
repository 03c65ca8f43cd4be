"""Tree ensembles as C: how a leaf is found, how leaves are written, how they are counted."""

from codegen.plan.trees.keys import over_keys, takes_keys
from codegen.plan.trees.leaves import leaves_of, votes_exactly, whole_start
from codegen.plan.trees.sums import above_stage, largest_stage, sum_stage
from codegen.plan.trees.thresholds import floor32, keys
from codegen.plan.trees.votes import vote_stage

__all__ = [
    "above_stage",
    "floor32",
    "keys",
    "largest_stage",
    "leaves_of",
    "over_keys",
    "sum_stage",
    "takes_keys",
    "vote_stage",
    "votes_exactly",
    "whole_start",
]
