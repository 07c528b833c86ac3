"""What all pages of administrators share: their permissions, and buttons that do nothing once a thing has changed.

That the administrator proved not long ago who they are, `annotator.admin.pages` asks for all of them.
"""

from typing import Any

from flask import request

from annotator.errors import Stale
from annotator.forms import Form
from annotator.permissions import Permission, permit

OLDER = (
    "Somebody changed this meanwhile, and nothing was done. What is stored now is shown; look at it, "
    "and do it again if it still holds."
)
PEOPLE = permit(Permission.PEOPLE_MANAGE)
SITE = permit(Permission.SITE_MANAGE)


def refuse_older(form: Form, row: Any) -> None:
    """Refuse a form of buttons alone that was made from another version of the row."""
    if request.form.get("version", str(row.version)) != str(row.version):
        form.refuse(Stale(OLDER))
