"""What several rules ask of a syntax tree."""

import ast
from collections.abc import Iterator

NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def walked(tree: ast.AST, inside: str = "") -> Iterator[tuple[ast.AST, str]]:
    """Give every node with the dotted name of the function or class around it."""
    for child in ast.iter_child_nodes(tree):
        name = f"{inside}.{child.name}".strip(".") if isinstance(child, NAMED) else inside
        yield child, name
        yield from walked(child, name)


def last_name(node: ast.AST) -> str:
    """Give `c` of `a.b.c`, "" for what has no name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def imported(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Give the full name of everything that is imported, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)
