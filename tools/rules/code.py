"""What Python may not do: trust markup, put SQL together, reach the network, run what it is given."""

import ast
from collections.abc import Iterator

from tools.rules import Fault
from tools.rules.tree import imported, last_name, walked

TRUSTING = {"Markup", "render_template_string", "from_string"}
SQL = {"text", "exec_driver_sql", "literal_column", "DDL", "execute", "executescript"}
SQL_WITHOUT_SELF = {"text", "literal_column", "DDL"}
NETWORK = frozenset(
    """
    _socket _ssl aiohttp asyncio authlib ftplib grpc http.client http.server httpcore httpx imaplib nntplib paramiko
    poplib pycurl requests requests_oauthlib smtplib socket socketserver ssl telnetlib tornado trio urllib.request
    urllib3 websocket websockets xmlrpc
    """.split()
)
UNSAFE_MODULES = frozenset("cloudpickle code dill joblib jsonpickle marshal pickle runpy shelve yaml".split())
RUNNING = {"eval", "exec", "compile", "__import__", "execfile"}
RUNNING_OF = {"os.system", "os.popen", "importlib.import_module", "import_module", "subprocess.getoutput"}


def markup(tree: ast.AST, path: str) -> Iterator[Fault]:
    """Text becomes markup in templates alone, which escape it."""
    said = "text that is trusted as markup runs in the reader's browser; let a template escape it"
    for node, place in walked(tree):
        names = (
            {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else {last_name(node)}
        )
        if names & TRUSTING or _switches_escaping(node):
            yield Fault(path, node.lineno, "markup", f"{path}:{place}", said)


def _switches_escaping(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):
        return node.arg == "autoescape" and ast.unparse(node.value) != "True"
    return isinstance(node, ast.Attribute) and node.attr == "autoescape"


def sql(tree: ast.AST, path: str) -> Iterator[Fault]:
    """SQL is a constant; values go in as bound parameters."""
    said = "SQL is put together at run time; write it as one constant and bind the values"
    for node, place in walked(tree):
        if isinstance(node, ast.Call) and last_name(node.func) in SQL and not _harmless(node):
            yield Fault(path, node.lineno, "sql", f"{path}:{place}", said)


def _harmless(call: ast.Call) -> bool:
    name = last_name(call.func)
    if not call.args or (name in SQL_WITHOUT_SELF and not isinstance(call.func, ast.Name)):
        return True
    first = call.args[0]
    if name == "execute":  # takes statements of SQLAlchemy too, which hold their values apart
        return not _is_built_text(first)
    return _is_fixed_text(first)


def _is_fixed_text(node: ast.AST) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_fixed_text(node.body) and _is_fixed_text(node.orelse)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


def _is_built_text(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return last_name(node.func) in {"format", "join", "replace", "format_map"}
    return isinstance(node, ast.JoinedStr | ast.BinOp)


def network(tree: ast.AST, path: str) -> Iterator[Fault]:
    """One module opens connections; the place that `allowed.py` names is the file and what it imports."""
    for name, node in imported(tree):
        for door in sorted(door for door in NETWORK if f"{name}.".startswith(f"{door}.")):
            said = f"{door} can open a connection; only annotator/fetching.py does, behind its guard"
            yield Fault(path, node.lineno, "network", f"{path} {door}", said)


def running(tree: ast.AST, path: str) -> Iterator[Fault]:
    """Nothing that comes in is run, unpickled or handed to a shell."""
    for name, node in imported(tree):
        if name.split(".")[0] in UNSAFE_MODULES:
            yield Fault(path, node.lineno, "running", f"{path} {name}", f"{name} can run what it reads")
    for node, place in walked(tree):
        if isinstance(node, ast.Call) and _runs(node):
            said = f"{ast.unparse(node.func)} runs what it is given; name what is to be done in the code"
            yield Fault(path, node.lineno, "running", f"{path}:{place}", said)


def _runs(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name) and call.func.id in RUNNING:
        return True
    shell = any(word.arg == "shell" and ast.unparse(word.value) != "False" for word in call.keywords)
    return shell or ast.unparse(call.func) in RUNNING_OF
