"""The mutants of a module: each is its syntax tree with one small fault, such as people make.

What is written for people is left as it is: docstrings, decorators (a check's title, severity, fix) and the words of a Problem. Which
tests notice a fault is tools/policy_mutation.py's to say.
"""

import ast
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from textwrap import shorten
from typing import Any, Final, Literal, TypeVar, cast, get_args

Family = Literal["bodies", "conditions", "bounds", "constants", "members"]
FAMILIES: Final[tuple[Family, ...]] = get_args(Family)
"""bodies: a function, yield or its rest taken away; conditions: turned round, or a part of them; bounds: one more or less, by the operator
or the number; constants: other words and switches; members: a list without one of its elements."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_List = ast.Tuple | ast.List | ast.Set
_Found = tuple[Family, ast.AST]
_Node = TypeVar("_Node", bound=ast.AST)
_OPPOSITE: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
}
_EDGE: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_MATCHING: Final = ("startswith", "endswith")
_WORDS: Final = ("what", "fix")


@dataclass(frozen=True)
class Mutant:
    """One fault. function: where it is, or the name of the module's list; what: the change in a line. holder, field, value: the edit."""

    function: str
    line: int
    family: Family
    what: str
    holder: ast.AST
    field: str
    value: Any

    @contextmanager
    def applied(self) -> Generator[None]:
        """The tree has the fault while this lasts."""
        before = getattr(self.holder, self.field)
        setattr(self.holder, self.field, self.value)
        try:
            yield
        finally:
            setattr(self.holder, self.field, before)


def mutants(tree: ast.Module) -> Iterator[Mutant]:
    """Every fault of a module's functions, and of the lists beside them that its functions read."""
    functions = [each for each in tree.body if isinstance(each, _Function)]
    for function in functions:
        yield from _of_body(function)
        for statement in function.body[_docstring(function) :]:
            yield from _below(statement, function.name)
        yield from _below(function.args, function.name)
    read = {each.id for function in functions for line in function.body for each in ast.walk(line) if isinstance(each, ast.Name)}
    for statement in tree.body:
        name = _named(statement)
        if name in read:
            yield from _of_list(statement, name)


def _docstring(function: _Function) -> int:
    return 0 if ast.get_docstring(function) is None else 1


def _of_body(function: _Function) -> Iterator[Mutant]:
    """The function that does nothing, and those that end before each of their later statements."""
    begin = _docstring(function)
    ending: list[ast.stmt] = [ast.Return()]
    if any(isinstance(each, ast.Yield | ast.YieldFrom) for each in ast.walk(function)):
        # What yields nothing must still have a yield to be a generator.
        ending.append(ast.Expr(ast.Yield()))
    for at in range(begin, len(function.body)):
        statement = function.body[at]
        if at == begin or not isinstance(statement, ast.Return):
            what = "does nothing" if at == begin else f"ends before {_said(statement)}"
            body = [*function.body[:at], *(_placed(each, statement) for each in deepcopy(ending))]
            yield Mutant(function.name, statement.lineno, "bodies", what, function, "body", body)


def _below(root: ast.AST, function: str) -> Iterator[Mutant]:
    for field, value in ast.iter_fields(root):
        if field in ("annotation", "returns", "decorator_list") or (isinstance(root, ast.keyword) and root.arg in _WORDS):
            continue
        several = isinstance(value, list)
        for at, child in enumerate(cast(list[object], value if several else [value])):
            if isinstance(child, ast.AST):
                yield from _replaced(function, root, field, child, at if several else None)
                yield from _below(child, function)


def _replaced(function: str, holder: ast.AST, field: str, child: ast.AST, at: int | None) -> Iterator[Mutant]:
    for family, new in (*_faults(child), *_negated(child, holder, field)):
        placed = _placed(new, child)
        held = getattr(holder, field)
        value = placed if at is None else [*held[:at], placed, *held[at + 1 :]]
        yield Mutant(function, getattr(child, "lineno", 0), family, _change(child, new), holder, field, value)


def _faults(node: ast.AST) -> Iterator[_Found]:
    match node:
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            yield "bodies", ast.Pass()
        case ast.Continue() | ast.Break():
            yield "conditions", ast.Pass()
        case ast.BoolOp(op, values):
            yield "conditions", ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            for part in _without_one(node, values):
                yield "conditions", part
        case ast.UnaryOp(ast.Not(), operand):
            yield "conditions", operand
        case ast.Compare():
            yield from _of_comparison(node)
        case _:
            yield from _of_value(node)


def _of_value(node: ast.AST) -> Iterator[_Found]:
    match node:
        case ast.Constant():
            yield from _of_constant(node)
        case ast.Call(ast.Attribute(attr=name), [ast.Constant(value=str(text)), *_]) if name in _MATCHING:
            yield "constants", ast.Call(node.func, [ast.Constant(f"{text}~"), *node.args[1:]], node.keywords)
        case ast.Tuple(elts, ast.Load()) | ast.List(elts, ast.Load()) | ast.Set(elts) if _words(elts):
            for rest in _each_left_out(elts):
                yield "members", _like(node, rest)
        case _:
            pass


def _negated(node: ast.AST, holder: ast.AST, field: str) -> Iterator[_Found]:
    """A condition turned round; a comparison has its opposite already, and so has what begins with not."""
    conditions = field == "test" or (isinstance(holder, ast.comprehension) and field == "ifs") or (isinstance(holder, ast.BoolOp))
    compared = isinstance(node, ast.Compare) and len(node.ops) == 1
    if conditions and isinstance(node, ast.expr) and not compared and not isinstance(node, ast.UnaryOp):
        yield "conditions", ast.UnaryOp(ast.Not(), node)


def _of_comparison(node: ast.Compare) -> Iterator[_Found]:
    for at, op in enumerate(node.ops):
        for table in (_OPPOSITE, _EDGE):
            if type(op) in table:
                ops = [*node.ops[:at], table[type(op)](), *node.ops[at + 1 :]]
                yield "bounds" if table is _EDGE else "conditions", ast.Compare(node.left, ops, node.comparators)
    sides = [node.left, *node.comparators]
    for at, side in enumerate(sides):
        if isinstance(side, ast.Constant) and isinstance(side.value, str):
            left, *others = [*sides[:at], ast.Constant(f"{side.value}~"), *sides[at + 1 :]]
            yield "constants", ast.Compare(left, node.ops, others)


def _of_constant(node: ast.Constant) -> Iterator[_Found]:
    match node.value:
        case bool(value):
            yield "constants", ast.Constant(not value)
        case int(value) | float(value):
            yield "bounds", ast.Constant(value + 1)
            yield "bounds", ast.Constant(value - 1)
        case _:
            pass


def _of_list(statement: ast.stmt, name: str) -> Iterator[Mutant]:
    """The module's lists and tables of words, with one element less."""
    for node in ast.walk(statement):
        if isinstance(node, _List) and _words(node.elts):
            for at, rest in enumerate(_each_left_out(node.elts)):
                yield Mutant(name, node.elts[at].lineno, "members", f"without {_said(node.elts[at])}", node, "elts", rest)
        if isinstance(node, ast.Dict):
            yield from _of_table(node, name)


def _of_table(node: ast.Dict, name: str) -> Iterator[Mutant]:
    """A table's rows are left out by another key, as key and value are two lists of the tree."""
    for at, key in enumerate(node.keys):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            keys = [*node.keys[:at], ast.copy_location(ast.Constant(f"{key.value}~"), key), *node.keys[at + 1 :]]
            yield Mutant(name, key.lineno, "members", f"without {_said(key)}", node, "keys", keys)


def _words(elements: list[ast.expr]) -> bool:
    """Whether a list is one of words, of names of lists among them."""
    plain = [each for each in elements if not isinstance(each, ast.Starred)]
    return bool(elements) and all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in plain)


def _each_left_out(elements: list[ast.expr]) -> Iterator[list[ast.expr]]:
    return ([*elements[:at], *elements[at + 1 :]] for at in range(len(elements)))


def _without_one(node: ast.BoolOp, values: list[ast.expr]) -> Iterator[ast.expr]:
    for rest in _each_left_out(values):
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _like(node: _List, elements: list[ast.expr]) -> ast.expr:
    if isinstance(node, ast.Set) and not elements:
        return ast.Call(ast.Name("set", ast.Load()), [], [])
    return ast.Set(elements) if isinstance(node, ast.Set) else type(node)(elements, ast.Load())


def _named(statement: ast.stmt) -> str:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
    return target.id if isinstance(target, ast.Name) else ""


def _placed(new: _Node, where: ast.AST) -> _Node:
    """New nodes need a line to be compiled; those that were there keep theirs."""
    for node in ast.walk(new):
        if "lineno" in node._attributes and not hasattr(node, "lineno"):
            ast.copy_location(node, where)
    return new


def _change(before: ast.AST, after: ast.AST) -> str:
    if isinstance(before, _List) and isinstance(after, ast.Tuple | ast.List | ast.Set | ast.Call):
        kept = list(map(ast.unparse, getattr(after, "elts", ())))
        gone = next(each for each in before.elts if ast.unparse(each) not in kept)
        return f"{_said(before)} without {_said(gone)}"
    return f"{_said(before)} → {_said(after)}"


def _said(node: ast.AST) -> str:
    return shorten(ast.unparse(node), 160, placeholder=" …")
