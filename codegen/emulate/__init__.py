"""Runs a target's machine code in Unicorn: answers, instructions, cycles and stack."""

from codegen.emulate.machine import Machine, Run
from codegen.emulate.stack import StackBound, worst_stack

__all__ = ["Machine", "Run", "StackBound", "worst_stack"]
