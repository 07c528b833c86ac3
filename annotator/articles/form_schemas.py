"""What the forms of the articles' pages send: as in the API, but as text, and with the person's choices beside it."""

from marshmallow import fields, validate

from annotator.articles.models import Direction
from annotator.articles.schemas import MEDIA_TYPES, ArticleDetails
from annotator.fields import Choice, Line, YesNo


class NewArticle(ArticleDetails):
    """The details of a new article; those left out are recognised in its text.

    `recognised` says that the person saw what was recognised: what they left empty then stays empty. `fetch` takes
    the text from the page at `url`.
    """

    title = Line(max=500)
    direction = Choice(Direction)
    media_type = fields.String(validate=validate.OneOf(MEDIA_TYPES))
    allow_same = YesNo(load_default=False)
    recognised = YesNo(load_default=False)
    fetch = YesNo(load_default=False)
