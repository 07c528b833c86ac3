"""Templates and static files: where they lie, and how they are served under the hash of their content.

Modules are served as they are; relative imports inherit the build's prefix, so that a page never mixes two
releases (docs/adr/0006).
"""

import gzip
import hashlib
import mimetypes
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, send_from_directory, url_for

from annotator.permissions import Permission, permit

IMPORT = re.compile(
    r"""(?:^|\n)\s*(?:import|export)\s[^;'"]*?["'](\.[^"']+)["']|(?:^|\n)\s*import\s*["'](\.[^"']+)["']"""
)


# The sheets of every page go out as one: on HTTP/1.1 each request more keeps the first paint waiting.
ALL_SHEETS = "css/all.css"
SHEETS = (
    "tokens",
    "base",
    "layout",
    "components/buttons",
    "components/forms",
    "components/cards",
    "components/palette",
    "components/tables",
    "components/dialog",
    "components/badges",
    "components/timeline",
)


def asset_folder(name: str) -> Path:
    """Give the folder `name`: inside the package once installed, beside it in a checkout."""
    installed = Path(__file__).resolve().parent / name
    return installed if installed.is_dir() else installed.parent.parent / name


def build_of(folder: Path) -> str:
    """Give a short digest over the names and bytes of all files below `folder`."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def modules_of(entry: Path) -> tuple[Path, ...]:
    """Give the module `entry` and all it imports, found by walking the imports."""
    found: list[Path] = []
    waiting = [entry.resolve()]
    while waiting:
        path = waiting.pop(0)
        if path in found:
            continue
        found.append(path)
        names = IMPORT.findall(path.read_text(encoding="utf-8"))
        waiting.extend((path.parent / (one or other)).resolve() for one, other in names)
    return tuple(found)


def init_app(app: Flask) -> None:
    """Serve `static/` and let templates say `url_for("static", filename=...)` as ever."""
    folder = asset_folder("static")
    build = build_of(folder)
    mimetypes.add_type(
        "text/javascript", ".js"
    )  # some machines say otherwise, and nosniff then refuses the module

    @permit(Permission.PUBLIC)
    def static(build: str, filename: str) -> Response:
        """Serve a static file; only the present build's address may be kept by anybody."""
        return _answer(folder, filename, current=build == app.config["BUILD"])

    def with_build(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("build", app.config["BUILD"])

    def asset_modules(entry: str) -> list[str]:
        """Give the addresses of `js/<entry>.js` (or `js/<entry>/<entry>.js`) and all it imports."""
        root = folder.resolve()
        path = folder / "js" / f"{entry}.js"
        found = modules_of(path if path.is_file() else folder / "js" / entry / f"{entry}.js")
        return [url_for("static", filename=path.relative_to(root).as_posix()) for path in found]

    app.config["BUILD"] = build
    app.add_url_rule("/static/<build>/<path:filename>", "static", static)
    app.url_defaults(with_build)
    app.jinja_env.globals["asset_modules"] = asset_modules


def _answer(folder: Path, filename: str, *, current: bool) -> Response:
    answer = _all_sheets(folder) if filename == ALL_SHEETS else send_from_directory(folder, filename)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
    compressible = (answer.mimetype or "").startswith(("text/", "image/svg"))
    if answer.status_code == 200 and compressible and "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.direct_passthrough = False
        answer.set_data(_gzipped(answer.get_data()))
        answer.headers["Content-Encoding"] = "gzip"
        answer.vary.add("Accept-Encoding")
    return answer


def _all_sheets(folder: Path) -> Response:
    words = [(folder / "css" / f"{name}.css").read_bytes() for name in SHEETS]
    return Response(b"\n".join(words), content_type="text/css; charset=utf-8")


@lru_cache(maxsize=512)
def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=9, mtime=0)
