"""Products of matrices whose bytes depend on no BLAS."""

from math import fsum

import numpy as np

from codegen.ir import Floats


def product(a: Floats, b: Floats) -> Floats:
    """a @ b (n, m), from a (n, k) and b (k, m); each sum is rounded once."""
    return np.array([[fsum(row * column) for column in b.T] for row in a])
