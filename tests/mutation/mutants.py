"""Every mutant of a file: one small change a programmer could have made by mistake."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]

_COMPARISONS: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
}  # fmt: skip
Change = Callable[[Any], ast.AST]


@dataclass(frozen=True, slots=True)
class Function:
    """What is changed as a whole: a function or method that no other function holds."""

    name: str  # qualified
    line: int  # the first one, of its decorators if it has any
    until: int  # and the last


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed node of one file; `default` names the argument whose default value it is."""

    file: str
    line: int
    statement: int  # the first line of the statement it is in
    before: str
    after: str
    function: Function
    place: int
    change: int
    default: str | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}  {_short(self.before)}  →  {_short(self.after)}"

    def tree(self) -> ast.Module:
        """The whole file with the change in it."""
        tree = parsed(self.file)
        node = list(_places(tree))[self.place].node
        changed = _changes(node)[self.change](node)
        if isinstance(changed, ast.Pass):  # it still binds its names, or the code would not fit in the function
            changed = ast.If(ast.Constant(value=False), [node], [])
        mutated: ast.Module = ast.fix_missing_locations(_Replacing(node, ast.copy_location(changed, node)).visit(tree))
        return mutated


@dataclass(frozen=True, slots=True)
class _Place:
    node: ast.AST
    function: Function
    statement: int
    default: str | None = None


def mutants(file: str) -> list[Mutant]:
    """Of every function in a file below the root; tables and what else is made on import are left as they are."""
    found = []
    for at, place in enumerate(_places(parsed(file))):
        before, line = _text(place.node), _line(place.node)
        for number, change in enumerate(_changes(place.node)):
            changed = change(copy.deepcopy(place.node))
            after = _text(changed)
            found.append(Mutant(file, line, place.statement, before, after, place.function, at, number, place.default))
    return found


def parsed(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"))


def _line(node: ast.AST) -> int:
    return node.target.lineno if isinstance(node, ast.comprehension) else getattr(node, "lineno", 0)


def functions_of(node: ast.AST, prefix: str = "") -> Iterator[tuple[Function, ast.FunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            first = child.decorator_list[0].lineno if child.decorator_list else child.lineno
            yield Function(f"{prefix}{child.name}", first, child.end_lineno or first), child
        elif isinstance(child, ast.ClassDef):
            yield from functions_of(child, f"{prefix}{child.name}.")


def _places(tree: ast.Module) -> Iterator[_Place]:
    """Every node of every function that may be changed."""
    for function, node in functions_of(tree):
        yield from _defaults(node.args, function)
        for statement in node.body:
            yield from _within(statement, function, 0)


def _defaults(arguments: ast.arguments, function: Function) -> Iterator[_Place]:
    positional = [*arguments.posonlyargs, *arguments.args]
    named = [*zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)]
    named += [(one, value) for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value]
    for argument, value in named:
        yield _Place(value, function, function.line, argument.arg)


def _within(node: ast.AST, function: Function, statement: int) -> Iterator[_Place]:
    if _says_nothing(node):
        return
    if isinstance(node, ast.stmt):
        statement = node.lineno
    yield _Place(node, function, statement)
    for name, value in ast.iter_fields(node):
        if name not in ("decorator_list", "annotation", "returns"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _is_before_the_first(child, node):
                    yield from _within(child, function, statement)


def _says_nothing(node: ast.AST) -> bool:
    """Docstrings, what only a type checker needs, guards that equal lengths hold anyway; and a predicate's no is no."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id="assert_never"))) | ast.Expr(value=ast.Constant()):
            return True
        case ast.Return(value=ast.Constant(value=False)) | ast.keyword(arg="strict", value=ast.Constant()):
            return True
    return False


def _is_before_the_first(node: ast.AST, within: ast.AST) -> bool:
    """Minus one as the position from which everything follows: minus two is as good. As an index it is the last."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
            return not isinstance(within, ast.Subscript)
    return False


def _changes(node: Any) -> list[Change]:
    match node:
        case ast.Compare():
            return [_compared]
        case ast.BoolOp():
            return [_other_way, *(partial(_without, at=at) for at in range(len(node.values)))]
        case ast.UnaryOp(op=ast.Not()):
            return [lambda it: it.operand]
        case ast.BinOp() if type(node.op) in _ARITHMETIC and not _is_text(node):
            return [lambda it: ast.BinOp(it.left, _ARITHMETIC[type(it.op)](), it.right)]
        case ast.Constant(value=bool()):
            return [lambda it: ast.Constant(not it.value)]
        case ast.Constant(value=int()):
            return [lambda it: ast.Constant(it.value + 1)]
        case ast.While():
            return [partial(_with_test, test=False)]
        case ast.If():
            return [partial(_with_test, test=False), partial(_with_test, test=True)]
        case ast.IfExp():
            return [lambda it: ast.IfExp(it.test, it.orelse, it.body)]
        case ast.comprehension() if node.ifs:
            return [lambda it: ast.comprehension(it.target, it.iter, it.ifs[1:], it.is_async)]
        case ast.Return() if node.value is not None and ast.unparse(node.value) != "None":
            return [lambda it: ast.Return(ast.Constant(None))]
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break():
            return [lambda it: ast.Pass()]
    return []


def _compared(node: Any) -> ast.AST:
    return ast.Compare(node.left, [_COMPARISONS[type(node.ops[0])](), *node.ops[1:]], node.comparators)


def _other_way(node: Any) -> ast.AST:
    return ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _without(node: Any, at: int) -> ast.AST:
    left = [one for place, one in enumerate(node.values) if place != at]
    return left[0] if len(left) == 1 else ast.BoolOp(node.op, left)


def _with_test(node: Any, test: bool) -> ast.AST:
    changed = copy.copy(node)
    changed.test = ast.Constant(test)
    return changed


def _is_text(node: ast.BinOp) -> bool:
    return any(isinstance(one, ast.JoinedStr) or (isinstance(one, ast.Constant) and isinstance(one.value, str))
               for one in (node.left, node.right))  # fmt: skip


class _Replacing(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else super().visit(node)


def _text(node: Any) -> str:
    match node:
        case ast.Pass():
            return "(dropped)"
        case ast.If():
            return f"if {ast.unparse(node.test)}"
        case ast.While():
            return f"while {ast.unparse(node.test)}"
        case ast.comprehension():
            held = "".join(f" if {ast.unparse(one)}" for one in node.ifs)
            return f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}{held}"
    return ast.unparse(node)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:97]}..."
