"""`annotator invite`: people invited, one or many, from a terminal."""

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from annotator.accounts import invitations
from annotator.accounts.cli import telling
from annotator.accounts.handing_over import hand_over_invitation
from annotator.accounts.invitation_queries import NEWEST, STATES, roles_of_invitations
from annotator.accounts.invitation_queries import invitations as all_invitations
from annotator.accounts.proof_models import Invitation
from annotator.admin.list_reading import NoList, decode
from annotator.admin.lists import Checked, carry_out, check_list
from annotator.admin.schemas import InvitationIn
from annotator.columns import as_time, now
from annotator.database import db
from annotator.permissions import Role
from annotator.projects.cli import project_of
from annotator.reading import grouped

invite_group = AppGroup("invite", help="Invite people by e-mail address; list, renew and revoke invitations.")
LINK = click.option(
    "--link", "show_link", is_flag=True, help="Print the link even where this site can mail it."
)


@invite_group.command("add")
@click.argument("email")
@click.option("--name", default="", help="The person's name; they say it themselves otherwise.")
@click.option("--admin", is_flag=True, help="Make the person an administrator.")
@click.option(
    "--role", "roles", multiple=True, metavar="SLUG:ROLE", help="A role in a project; may be repeated."
)
@LINK
def invite_add(email: str, name: str, *, admin: bool, roles: tuple[str, ...], show_link: bool) -> None:
    """Invite a person; prints the link, or `mailed` where this site sends mail."""
    with telling():
        about = InvitationIn().load({"email": email, "name": name})
        given = dict(_role(text) for text in roles)
        row, token = invitations.invite(db.session, **about, is_admin=admin, roles=given, actor=None)
        said = _handed_over(row, token, show_link=show_link)
        db.commit()
        click.echo(said)


def _role(text: str) -> tuple[str, Role]:
    slug, _, role = text.partition(":")
    if role not in set(Role):
        raise click.ClickException(
            f"--role {text}: write it as desk:reviewer; the roles are editor, reviewer, viewer."
        )
    return project_of(slug).id, Role(role)


def _handed_over(row: Invitation, token: str, *, show_link: bool) -> str:
    return hand_over_invitation(row, token, inviter="", mail=not show_link) or "mailed"


@invite_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen to each line.")
@click.option("--skip-wrong", is_flag=True, help="Invite the others although some lines have a problem.")
@click.option("--give-roles", is_flag=True, help="Give people who are here already the roles of their lines.")
@LINK
def invite_import(file: Path, *, dry_run: bool, skip_wrong: bool, give_roles: bool, show_link: bool) -> None:
    """Invite the people of a CSV file (columns email, name, admin, projects); prints address and link, a tab between.

    Nobody is invited while a line has a problem, unless --skip-wrong is given.
    """
    with telling():
        checked = _checked(file)
        if dry_run or (checked.wrong and not skip_wrong):
            _tell(checked)
        if checked.wrong and not skip_wrong:
            lines = "1 line has" if checked.wrong == 1 else f"{checked.wrong} lines have"
            raise click.ClickException(f"{lines} a problem; nobody was invited.")
        if dry_run:
            return
        made = carry_out(db.session, checked, give_roles=give_roles, actor=None)
        said = [f"{line.email}\t{_handed_over(row, token, show_link=show_link)}" for line, row, token in made]
        db.commit()
        click.echo("\n".join(said), nl=bool(said))


def _checked(file: Path) -> Checked:
    try:
        text, note = decode(file.read_bytes())
        if note:
            click.echo(note, err=True)
        return check_list(db.session, text)
    except NoList as error:
        raise click.ClickException(str(error)) from None


def _tell(checked: Checked) -> None:
    for line in checked.lines:
        does = "problem" if line.problems else line.does
        click.echo("\t".join([str(line.number), line.email or "-", does, " ".join(line.problems)]).rstrip())


@invite_group.command("list")
@click.option("--state", type=click.Choice(["all", *STATES]), default="all", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")
def invite_list(state: str, *, as_json: bool) -> None:
    """List invitations, newest first: e-mail address, state, made, ends, roles, administrator or not; a tab between."""
    with telling():
        rows = _rows(state)
        if as_json:
            click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for row in rows:
            roles = ";".join(f"{slug}:{role}" for slug, role in row["roles"].items()) or "-"
            admin = "admin" if row["administrator"] else "-"
            click.echo("\t".join([row["email"], row["state"], row["made"], row["ends"], roles, admin]))


def _rows(state: str) -> list[dict[str, Any]]:
    at = now()
    found = db.session.execute(
        all_invitations("", state, at=at).order_by(*(c.desc() for c in NEWEST.columns))
    ).all()
    roles = grouped(
        (row.invitation_id, (row.slug, row.role))
        for start in range(0, len(found), 400)
        for row in db.session.execute(roles_of_invitations([one[0].id for one in found[start : start + 400]]))
    )
    return [
        {
            "email": row.email,
            "name": row.name,
            "state": invitations.state_of(row, at),
            "made": as_time(row.created_at) or "",
            "ends": as_time(row.expires_at) or "",
            "accepted": as_time(row.accepted_at),
            "roles": dict(roles.get(row.id, [])),
            "administrator": row.is_admin,
        }
        for row, _, _ in found
    ]


def _open(email: str) -> Invitation:
    row = db.session.scalar(invitations.open_invitation(email.strip().casefold()))
    if row is None:
        raise click.ClickException(f"there is no open invitation for {email}; see `annotator invite list`.")
    found: Invitation = row
    return found


@invite_group.command("resend")
@click.argument("email")
@LINK
def invite_resend(email: str, *, show_link: bool) -> None:
    """Make a new link, which ends the one before; prints it, or `mailed` where this site sends mail."""
    with telling():
        row = _open(email)
        token = invitations.renew_invitation(db.session, row, actor=None)
        said = _handed_over(row, token, show_link=show_link)
        db.commit()
        click.echo(said)


@invite_group.command("revoke")
@click.argument("email")
def invite_revoke(email: str) -> None:
    """Withdraw the open invitation of this address; its link ends at once."""
    with telling():
        invitations.revoke_invitation(db.session, _open(email), actor=None)
        db.commit()
