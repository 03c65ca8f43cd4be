"""Stages that iterate until a rule ends them: in double whatever the program's format.

Where they end must not hang on a rounding, as Python's own does not.
"""

import numpy as np

from codegen import ir
from codegen.plan.calls import simple
from codegen.plan.program import Code, Stage
from codegen.plan.tables import Tables


def descent(node: ir.Encode, tables: Tables) -> Stage:
    """One coefficient after the other."""
    return simple(
        f"encode_{node.solver}",
        node,
        tables,
        "encode",
        scratch=node.size,
        scratch_ctype="double",
        gram=tables.exact("gram", node.gram),
        count=node.count,
        least=np.float64(node.least),
    )


def factorize(node: ir.Factorize, tables: Tables) -> Stage:
    """All coefficients at once; scratch for them, those before, and what they mix to."""
    start = Code(f"cg_factors_start_{tables.suffix}")
    divergence, step = (
        Code(f"cg_{node.loss}_{name}_{tables.suffix}") for name in ("divergence", "step")
    )
    by_divergence = node.rule == "divergence"
    values = {
        "start": start,
        "divergence": divergence,
        "step": step,
        "atoms": tables.exact("atom", node.atoms),
        "l1": np.float64(node.l1),
        "l2": np.float64(node.l2),
        "grows": node.grows,
        "clears": by_divergence and node.loss == "itakura",
        "tests": node.rule if node.least > 0 else "",
        "rounds": ir.ROUNDS_TO_A_TEST,
        "count": node.count,
        "least": np.float64(node.least),
    }
    return Stage(
        "nodes/factorize.c.j2",
        (f"cg_factorize_{node.loss}_{tables.suffix}.h", f"{start}.h"),
        (node.x,),
        values,
        scratch=2 * node.size + node.x.size,
        scratch_ctype="double",
    )


def latent_dirichlet(node: ir.LatentDirichlet, tables: Tables) -> Stage:
    """Weights, what is expected of them, and the next ones."""
    return simple(
        "latent_dirichlet",
        node,
        tables,
        scratch=3 * node.size,
        scratch_ctype="double",
        topics=tables.exact("topic", node.topics),
        n_topics=node.size,
        prior=np.float64(node.prior),
        count=node.count,
        least=np.float64(node.least),
    )
