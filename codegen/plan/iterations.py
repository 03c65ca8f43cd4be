"""Stages that iterate until a rule ends them: in double whatever the program's format.

Where they end must not hang on a rounding, as Python's own does not.
"""

from dataclasses import replace

import numpy as np

from codegen import ir
from codegen.plan.calls import simple
from codegen.plan.program import Stage
from codegen.plan.tables import Tables


def descent(node: ir.Encode, tables: Tables) -> Stage:
    """One coefficient after the other."""
    stage = simple(
        f"encode_{node.solver}",
        node,
        tables,
        "encode",
        scratch=node.size,
        gram=tables.exact("gram", node.gram),
        count=node.count,
        least=np.float64(node.least),
    )
    return replace(stage, scratch_ctype="double")


def factorize(node: ir.Factorize, tables: Tables) -> Stage:
    """All coefficients at once; scratch for them, those before, and what they mix to."""
    stage = simple(
        f"factorize_{node.loss}",
        node,
        tables,
        "factorize",
        scratch=2 * node.size + node.x.size,
        atoms=tables.exact("atom", node.atoms),
        n_atoms=node.size,
        l1=np.float64(node.l1),
        l2=np.float64(node.l2),
        grows=int(node.grows),
        by_change=int(node.rule == "change"),
        count=node.count,
        least=np.float64(node.least),
    )
    return replace(stage, scratch_ctype="double")


def latent_dirichlet(node: ir.LatentDirichlet, tables: Tables) -> Stage:
    """Weights, what is expected of them, and the next ones."""
    stage = simple(
        "latent_dirichlet",
        node,
        tables,
        scratch=3 * node.size,
        topics=tables.exact("topic", node.topics),
        n_topics=node.size,
        prior=np.float64(node.prior),
        count=node.count,
        least=np.float64(node.least),
    )
    return replace(stage, scratch_ctype="double")
