"""Where values live: which node writes into which buffer, and which buffers share memory."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from codegen import ir
from codegen.ir import Node
from codegen.plan.program import Buffer, Code, Stage

StageOf = Callable[[Node], Stage]
Owners = dict[int, tuple[int, int]]


def read_by(node: Node, stage: StageOf) -> tuple[Node, ...]:
    """The nodes that must be there before this one."""
    if isinstance(node, ir.Input):
        return ()
    if isinstance(node, ir.Concat) or alias(node):
        return ir.inputs(node)
    return stage(node).inputs


def alias(node: Node) -> bool:
    """Whether a node is a stretch of its input: neighbouring columns need no copy."""
    return isinstance(node, ir.Gather) and bool((np.diff(node.index) == 1).all())


def order(root: Node, stage: StageOf) -> list[Node]:
    """Every node that the root needs, inputs first; without recursion."""
    done: dict[int, Node] = {}
    stack = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if id(node) in done:
            continue
        if ready:
            done[id(node)] = node
        else:
            stack.append((node, True))
            stack.extend((n, False) for n in reversed(read_by(node, stage)))
    return list(done.values())


def owners(nodes: Sequence[Node], stage: StageOf) -> Owners:
    """For each node that is computed: the array it writes (an id) and where in it.

    A part of a concatenation is written where it belongs, and the input of a stage that works in
    place is written where that stage wants it, unless somebody else reads it too.
    """
    uses = Counter(id(n) for node in nodes for n in read_by(node, stage))
    owner: Owners = {}

    def claim(node: Node, array: int, offset: int) -> None:
        borrowed = isinstance(node, ir.Input) or alias(node)
        if not borrowed and uses[id(node)] == 1 and id(node) not in owner:
            owner[id(node)] = (array, offset)

    for node in reversed(nodes):
        if isinstance(node, ir.Input) or alias(node):
            continue
        array, offset = owner.setdefault(id(node), (id(node), 0))
        if isinstance(node, ir.Concat):
            for part in node.parts:
                claim(part, array, offset)
                offset += part.size
        elif stage(node).in_place:
            claim(stage(node).inputs[0], array, offset)
    return owner


def source(node: Node, owner: Owners) -> tuple[int | None, int]:
    """The array that holds a node's values (None: the input), and where they start in it."""
    offset = 0
    while isinstance(node, ir.Gather) and alias(node):
        offset += int(node.index[0])
        node = node.x
    array, start = (None, 0) if isinstance(node, ir.Input) else owner[id(node)]
    return array, start + offset


@dataclass(frozen=True, slots=True, eq=False)
class Array:
    """Values that are needed from the moment `start` to the moment `end`."""

    key: int
    ctype: Code
    size: int
    start: int
    end: int

    def grown(self, size: int, end: int) -> "Array":
        """The array, at least that large and needed at least until then."""
        return replace(self, size=max(self.size, size), end=max(self.end, end))


def allocate(arrays: list[Array]) -> tuple[dict[int, Code], tuple[Buffer, ...]]:
    """Arrays whose spans of time do not meet share a buffer of the same type: best fit."""
    slots: list[Array] = []
    names: dict[int, Code] = {}
    for array in sorted(arrays, key=lambda a: (a.start, a.end)):
        free = [i for i, s in enumerate(slots) if s.end < array.start and s.ctype == array.ctype]
        slot = min(free, key=lambda i: abs(slots[i].size - array.size), default=len(slots))
        held = slots[slot].size if slot < len(slots) else 0
        slots[slot : slot + 1] = [array.grown(held, array.end)]
        names[array.key] = Code(f"t{slot}")
    return names, tuple(Buffer(Code(f"t{i}"), s.ctype, s.size) for i, s in enumerate(slots))
