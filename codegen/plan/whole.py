"""Which nodes read the whole numbers of a declared input as they are."""

from typing import TypeGuard

from codegen import ir
from codegen.ir import Input, Node


def whole_columns(node: Node) -> Input | None:
    """The declared input that a node is, or a selection of; None for any other node."""
    while isinstance(node, ir.Gather):
        node = node.x
    return node if isinstance(node, Input) and node.is_whole else None


def reads_whole(node: Node) -> bool:
    """Whether a tree needs no real numbers: it compares keys, or a declared input.

    Categories are looked up by the bits of a real number.
    """
    if isinstance(node, ir.TreeEnsemble) and node.sets is None:
        return isinstance(node.x, ir.Keys) or (isinstance(node.x, Input) and node.x.is_whole)
    return False


def rounds(node: Node) -> TypeGuard[ir.Round32]:
    """Whether a node rounds real numbers to float32; of whole ones it makes real ones."""
    return isinstance(node, ir.Round32) and whole_columns(node.x) is None


def is_byte(source: Input) -> bool:
    """Whether a declared input has 8 bits."""
    return source.declared in ("int8", "uint8")
