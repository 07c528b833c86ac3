"""Where a program may lead: to which files, and where it sends a browser."""

import ast
from collections.abc import Iterator, Set

from tools.rules import Fault
from tools.rules.tree import imported, last_name, walked

FUNCTIONS = {"open", "Path", "PurePath", "PosixPath", "send_file", "send_from_directory", "safe_join"}
METHODS = frozenset(
    """
    glob hardlink_to iterdir joinpath mkdir open read_bytes read_text rglob rmdir symlink_to touch unlink
    write_bytes write_text
    """.split()
)
OF_OS = frozenset(
    """
    chmod link listdir makedirs mkdir open readlink remove removedirs rename replace rmdir scandir symlink truncate
    unlink utime walk
    """.split()
)
FIXED = {"Path", "__file__", "os", "sys", "shutil"}
SENDING = {"redirect", "done", "go_on"}  # the first argument
SENDING_BY_NAME = {"location", "path", "target"}
SIGNING_IN = {"finish", "begin_sign_in"}
OWN = {"own_path", "url_for"}


def files(tree: ast.AST, path: str) -> Iterator[Fault]:
    """A function that touches a file whose name is not a constant stands in the list of `allowed.py`."""
    said = (
        "a file's name comes from a value; keep to constants, or state the reason in tools/rules/allowed.py"
    )
    for node, place in walked(tree):
        if isinstance(node, ast.Call) and _touches(node) and not _is_fixed(node):
            yield Fault(path, node.lineno, "files", f"{path}:{place}", said)


def _touches(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id in FUNCTIONS
    if not isinstance(call.func, ast.Attribute):
        return False
    owner = last_name(call.func.value)
    if owner in {"os", "shutil"}:
        return call.func.attr in OF_OS or owner == "shutil"
    return owner != "click" and call.func.attr in METHODS | {"send_file", "send_from_directory"}


def _is_fixed(call: ast.Call) -> bool:
    asked = [*call.args, *(call.func.value for _ in (1,) if isinstance(call.func, ast.Attribute))]
    names = [node.id for part in asked for node in ast.walk(part) if isinstance(node, ast.Name)]
    return all(name in FIXED or name.isupper() for name in names)


def redirects(tree: ast.AST, path: str) -> Iterator[Fault]:
    """A browser is sent to a path of ours: a constant, `url_for`, or what `own_path` let through."""
    said = "a browser is sent to a value; send it through own_path or name the path"
    constants = {
        node.targets[0].id
        for node in ast.iter_child_nodes(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and is_own(node.value, node)
    }
    named = {name.rsplit(".", 1)[-1] for name, _ in imported(tree) if name.startswith("annotator.")}
    yield from _unproven(tree, tree, path, "", said, constants | named)


def _unproven(
    node: ast.AST, scope: ast.AST, path: str, place: str, said: str, constants: Set[str]
) -> Iterator[Fault]:
    for child in ast.iter_child_nodes(node):
        is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        inner = child if is_function else scope
        name = (
            f"{place}.{child.name}".strip(".") if isinstance(child, ast.FunctionDef | ast.ClassDef) else place
        )
        if any(not is_own(target, inner, constants) for target in _targets(child)):
            yield Fault(path, child.lineno, "redirects", f"{path}:{name}", said)
        yield from _unproven(child, inner, path, name, said, constants)


def _targets(node: ast.AST) -> list[ast.expr]:
    """Give the expressions that become a Location by this very node."""
    if isinstance(node, ast.Call) and last_name(node.func) in SENDING:
        return [*node.args[:1], *(word.value for word in node.keywords if word.arg in SENDING_BY_NAME)]
    if isinstance(node, ast.Call) and last_name(node.func) in SIGNING_IN:
        return [word.value for word in node.keywords if word.arg == "target"]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [value for key, value in pairs if _is_location(key)]
    if isinstance(node, ast.Assign):
        return [
            node.value
            for target in node.targets
            if (isinstance(target, ast.Subscript) and _is_location(target.slice))
            or (isinstance(target, ast.Attribute) and target.attr == "location")
        ]
    return []


def _is_location(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and str(node.value).lower() == "location"


def is_own(node: ast.expr, scope: ast.AST, constants: Set[str] = frozenset()) -> bool:
    """Tell whether an expression is a path on this site, whatever values it holds."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        return _begins_here(node, scope, constants)
    if isinstance(node, ast.Call):
        return last_name(node.func) in OWN
    if isinstance(node, ast.IfExp):
        return is_own(node.body, scope, constants) and is_own(node.orelse, scope, constants)
    if isinstance(node, ast.BoolOp):
        return all(is_own(value, scope, constants) for value in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return is_own(node.left, scope, constants)
    return isinstance(node, ast.Name) and (
        (node.id.isupper() and node.id in constants) or _always_own(node.id, scope)
    )


def _begins_here(node: ast.Constant | ast.JoinedStr, scope: ast.AST, constants: Set[str]) -> bool:
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
    if isinstance(first, ast.FormattedValue):
        return is_own(first.value, scope, constants)
    words = first.value if isinstance(first, ast.Constant) else None
    if not isinstance(words, str) or not words.startswith("/") or words[1:2] in {"/", "\\"}:
        return False
    return isinstance(node, ast.Constant) or words != "/"  # f"/{value}" may become //elsewhere


def _always_own(name: str, scope: ast.AST) -> bool:
    given = [value for target, value in _assigned(scope) if last_name(target) == name]
    bound = [node for node in ast.walk(scope) if _binds(node, name)]
    own = (not _names(value, name) and is_own(value, scope) for value in given)
    return bool(given) and len(bound) == len(given) and all(own)


def _assigned(scope: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in ast.walk(scope):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                yield from zip(target.elts, node.value.elts, strict=False)
            else:
                yield target, node.value


def _binds(node: ast.AST, name: str) -> bool:
    """Tell whether a node gives the name a value: a parameter, a loop and a `with` do so too."""
    if isinstance(node, ast.arg):
        return node.arg == name
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)


def _names(value: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(value))
