"""Expressions: what a node is computed from, walked and rewritten."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from codegen.ir.columns import Concat
from codegen.ir.node import Node


def inputs(node: Node) -> tuple[Node, ...]:
    """The nodes that a node is computed from."""
    if isinstance(node, Concat):
        return node.parts
    given = (getattr(node, name, None) for name in ("x", "by"))
    return tuple(one for one in given if isinstance(one, Node))


def with_inputs(node: Node, new: tuple[Node, ...]) -> Node:
    """The same node over other inputs; the node itself where nothing changed."""
    if all(a is b for a, b in zip(inputs(node), new, strict=True)):
        return node
    if isinstance(node, Concat):
        return Concat(new)
    changed: Any = dict(zip(("x", "by"), new, strict=False))
    return replace(node, **changed)


def walk(roots: Iterable[Node]) -> Iterator[Node]:
    """Every node once, inputs before the nodes that use them; without recursion."""
    seen: set[int] = set()
    stack = [(root, False) for root in reversed(list(roots))]
    while stack:
        node, ready = stack.pop()
        if id(node) in seen:
            continue
        if ready:
            seen.add(id(node))
            yield node
        else:
            stack.append((node, True))
            stack.extend((n, False) for n in reversed(inputs(node)) if id(n) not in seen)


def rewrite(roots: dict[str, Node], rule: Callable[[Node], Node]) -> dict[str, Node]:
    """Apply a rule to every node, inputs first; shared nodes stay shared."""
    new: dict[int, Node] = {}
    for node in walk(roots.values()):
        new[id(node)] = rule(with_inputs(node, tuple(new[id(n)] for n in inputs(node))))
    return {name: new[id(root)] for name, root in roots.items()}


def arrays(node: Node) -> dict[str, Any]:
    """The parameters of a node by name, its inputs left out."""
    return {
        f.name: getattr(node, f.name) for f in fields(node) if f.name not in ("x", "by", "parts")
    }
