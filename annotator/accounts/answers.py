"""What pages answer to a form: go on with a notice, or show the form again with what was typed."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import redirect, request
from werkzeug.wrappers import Response

from annotator.database import db
from annotator.errors import Invalid, Stale, WrongState
from annotator.forms import Form

STALE = (
    "Somebody changed this meanwhile. What you typed is still in the fields, and what is stored now stands at "
    "each that differs; save again to keep yours."
)


def done(path: str, notice: str) -> Response:
    """Go on to `path` (one of our own, without a query) and show the sentence of `notice` there."""
    return redirect(f"{path}?notice={notice}", 303)


def with_notice(target: str, notice: str) -> str:
    """Give `target` (one of our own, with or without a query) so that it shows the sentence of `notice`."""
    parts = urlsplit(target)
    return parts._replace(query=f"{parts.query}&notice={notice}".lstrip("&")).geturl()


def attempt(form: Form, action: Callable[[], Any], field: str = "") -> bool:
    """Run `action` when the form holds; what it refuses goes into the form, and nothing of it is kept."""
    if form:
        try:
            action()
        except (Invalid, WrongState) as error:
            db.rollback()
            form.refuse(error, field)
    return bool(form)


def check_fresh(form: Form, row: Any) -> None:
    """Refuse a form that was made from another version of the row; each field that differs says what is stored."""
    if request.form.get("version", str(row.version)) == str(row.version):
        return
    form.refuse(Stale(STALE))
    for name, typed in form.data.items():
        stored = getattr(row, name)
        if stored != typed:
            form.errors.setdefault(name, []).append(f"Stored now: {_said(stored)}")


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "ticked" if value else "not ticked"
    return str(value) if value not in (None, "") else "nothing"


def own_path(target: str | None) -> str:
    """Give `target` when it is a path on this site, else `/`: nobody is led elsewhere by an address."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return "/"
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in target):
        return "/"
    parts = urlsplit(target)
    return "/" if parts.scheme or parts.netloc else target
