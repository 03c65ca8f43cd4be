"""Sets of categories, as XGBoost and LightGBM split by them, in one table."""

import numpy as np

from codegen.ir import MOST_CATEGORIES, Bools, Ints, require

TABLE_BYTES = 1 << 26


def set_table(sets: list[Ints], inside: bool) -> Bools:
    """Whether each category goes left (n_sets, n_categories + 1), all others in the last column.

    inside: whether the members of a set do, else all that are none of them.
    """
    width = max((int(one.max(initial=-1)) for one in sets), default=-1) + 1
    require(all(one.min(initial=0) >= 0 for one in sets), "a category below 0")
    require(width <= MOST_CATEGORIES, "a category of more than 16 bits")
    require(len(sets) * (width + 1) <= TABLE_BYTES, "sets of categories")
    table = np.full((len(sets), width + 1), not inside)
    for row, one in zip(table, sets, strict=True):
        row[one] = inside
    return table
