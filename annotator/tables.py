"""All tables in one place, for migrations and checks; composes the features as app.py does."""

from annotator import limits
from annotator.accounts import models as accounts
from annotator.accounts import proof_models as proofs
from annotator.annotations import models as annotations
from annotator.articles import models as articles
from annotator.database import Model
from annotator.journal import models as journal
from annotator.links import models as links
from annotator.projects import models as projects
from annotator.search import models as search
from annotator.sources import models as sources
from annotator.statements import models as statements

FEATURES = (
    limits,
    journal,
    accounts,
    proofs,
    projects,
    search,
    articles,
    sources,
    statements,
    annotations,
    links,
)
ALL_TABLES = tuple(Model.metadata.tables)
