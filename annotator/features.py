"""The features' blueprints in one list; composes them for app.py."""

from annotator.accounts.account_pages import blueprint as account_pages
from annotator.accounts.api import blueprint as accounts_api
from annotator.accounts.confirm_pages import blueprint as confirm_pages
from annotator.accounts.email_pages import blueprint as email_pages
from annotator.accounts.factor_pages import blueprint as factor_pages
from annotator.accounts.forgotten_pages import blueprint as forgotten_pages
from annotator.accounts.invitation_pages import blueprint as invitation_pages
from annotator.accounts.oidc.pages import blueprint as single_sign_on
from annotator.accounts.oidc.people import RULERS
from annotator.accounts.pages import blueprint as accounts_pages
from annotator.accounts.passkey_pages import blueprint as passkey_pages
from annotator.accounts.second_factor import blueprint as second_factor
from annotator.accounts.sessions import load_identity
from annotator.admin.api import blueprint as audit_api
from annotator.admin.pages import blueprint as admin_pages
from annotator.annotations.api import blueprint as annotations_api
from annotator.annotations.pages import blueprint as annotations_pages
from annotator.annotations.reader import blueprint as reader
from annotator.articles.api import blueprint as articles_api
from annotator.articles.pages import blueprint as articles_pages
from annotator.demo.pages import blueprint as demo_pages
from annotator.exchange.api import blueprint as exchange_api
from annotator.exchange.pages import blueprint as exchange_pages
from annotator.links.api import blueprint as links_api
from annotator.links.pages import blueprint as links_pages
from annotator.projects.api import blueprint as projects_api
from annotator.projects.pages import blueprint as projects_pages
from annotator.projects.ruled import rule_memberships
from annotator.sources.api import blueprint as sources_api
from annotator.sources.copies_api import blueprint as copies_api
from annotator.sources.pages import blueprint as sources_pages
from annotator.statements.api import blueprint as statements_api
from annotator.statements.pages import blueprint as speakers_pages
from annotator.statements.statement_pages import blueprint as statements_pages

RULERS[:] = [rule_memberships]
BLUEPRINTS = [
    accounts_pages,
    single_sign_on,
    invitation_pages,
    account_pages,
    confirm_pages,
    second_factor,
    factor_pages,
    passkey_pages,
    email_pages,
    forgotten_pages,
    projects_pages,
    articles_pages,
    speakers_pages,
    statements_pages,
    sources_pages,
    annotations_pages,
    reader,
    links_pages,
    exchange_pages,
    demo_pages,
    admin_pages,
]
API_BLUEPRINTS = [
    accounts_api,
    projects_api,
    articles_api,
    sources_api,
    copies_api,
    statements_api,
    annotations_api,
    links_api,
    exchange_api,
    audit_api,
]

__all__ = ["API_BLUEPRINTS", "BLUEPRINTS", "load_identity"]
