"""Where a rule does not hold, and why: `path:function`, or `path module` for imports. An unused line is a fault."""

GUARD = "the text of a trigger, with the names of its verb and table, which are constants of ours"
SERVED = "the folder is ours; Werkzeug refuses a name that leads out of it"
OWN_FILES = "walks our own static files"
PROVIDER = "the provider of single sign-on that the operator names (docs/adr/0024)"
HANDED_ON = "whoever calls it is held to this rule"
NAMED = "a file that the operator names on the command line"
ALLOWED: dict[str, dict[str, str]] = {
    "sql": {
        "annotator/articles/models.py:_guard": GUARD,
        "annotator/journal/models.py:_guard": GUARD,
        "annotator/search/models.py:_make": "goes through a list of constants",
        "annotator/database.py:_prepare_sqlite": "goes through a list of constants",
        "annotator/exchange/loading.py:put": "SQLAlchemy's own INSERT, with its values apart",
        "annotator/migrations/versions/0001_the_first_schema.py:guard_journal": GUARD,
        "annotator/patience.py:_bound_postgresql": "a whole number; SET takes no bound values",
        "annotator/migrations/versions/0002_evidence_that_stands.py:guard_snapshots": GUARD,
        "annotator/migrations/versions/0002_evidence_that_stands.py:_unguard": GUARD,
    },
    "network": {
        "annotator/fetching.py socket": "the guard itself",
        "annotator/fetching.py ssl": "the guard itself",
        "annotator/fetching.py http.client": "the guard itself",
        "annotator/cli.py socket": "listens, and connects to nothing",
        "annotator/accounts/oidc/provider.py requests": "the operator's own provider of single sign-on (docs/adr/0024)",
        "annotator/accounts/oidc/provider.py authlib": "the operator's own provider of single sign-on (docs/adr/0024)",
        "annotator/accounts/oidc/claims.py authlib": "checks the claims of a token, and connects to nothing",
        "annotator/mailing.py smtplib": "the operator's own mail server, from the settings",
        "annotator/mailing.py ssl": "the operator's own mail server, from the settings",
    },
    "running": {
        "annotator/compiled.py:compile_dump": "runs code that it writes itself, from schemas of ours",
        "annotator/config.py runpy": "the settings are a Python file of the operator",
    },
    "files": {
        "annotator/config.py:read_settings": "the operator names the folder",
        "annotator/accounts/oidc/settings.py:_check": "looks whether the operator's file is there",
        "annotator/config.py:_kept_key": "the key's file in the operator's folder",
        "annotator/assets.py:build_of": OWN_FILES,
        "annotator/assets.py:modules_of": OWN_FILES,
        "annotator/assets.py:_all_sheets": OWN_FILES,
        "annotator/assets.py:_answer": SERVED,
        "annotator/articles/cli.py:article_import": NAMED,
        "annotator/exchange/cli.py:export_command": NAMED,
        "annotator/exchange/packing.py:pack": "an entry of an archive, under a name that is the hash of its bytes",
        "annotator/exchange/unpacking.py:Archive._copy_problems": "an entry of an archive, which is never written",
        "annotator/demo/operations.py:_bring_in": "a file of the package",
        "annotator/admin/invite_cli.py:_checked": NAMED,
        "annotator/journal/cli.py:_heads": NAMED,
        "annotator/journal/cli.py:_words": NAMED,
        "annotator/journal/cli.py:audit_head": NAMED,
        "annotator/health_machine.py:disk": "asks how full the operator's folder is",
        "annotator/health_settings.py:secret_key": "the key's file in the operator's folder",
        "annotator/health_machine.py:_sqlite_files": "the database's own file, by the operator's setting",
        "annotator/health_settings.py:files": "asks who may read the operator's files",
    },
    "redirects": {
        "annotator/accounts/answers.py:done": HANDED_ON,
        "annotator/accounts/confirm_pages.py:go_on": HANDED_ON,
        "annotator/accounts/sessions.py:begin_sign_in": HANDED_ON,
        "annotator/accounts/sessions.py:finish": HANDED_ON,
        "annotator/accounts/second_factor.py:_go_on": "begin_sign_in put it into the step, and is held to this rule",
        "annotator/accounts/oidc/pages.py:_leave": PROVIDER,
        "annotator/accounts/oidc/pages.py:sign_out": PROVIDER,
        "annotator/refusing.py:from_http": "Werkzeug's answer to a path that lacks its last slash, on the same host",
        "annotator/links/claim_pages.py:link_suggestion": "the path of this very route",
    },
}
HTTP = "http or https alone: fields.Url checked it when it came in"
GIVEN = "a path of ours: whoever calls the macro gives it"
ADDRESSES: dict[str, str] = {
    "action": GIVEN,
    "base": GIVEN,
    "here": GIVEN,
    "next_url": GIVEN,
    "provider_path": "a path of ours, set by the page that includes this part",
    "href": "a path of ours, from a list in the same template",
    "point.href": "a path of ours, made by timeline.py",
    "item.url": "a path of ours, made by url_for",
    "existing.url if existing else ''": "a path of ours, made by url_for",
    "address": "the provider's, as the operator named it (docs/adr/0024)",
    "far_href(far)|trim": "a path of ours, made by the macro above",
    "parts.far_href(far)|trim": "a path of ours, made by a macro",
    "piece.href": "http or https alone: the article's reader let it through",
    "url": HTTP,
    "far.url": HTTP,
    "values.url": HTTP,
    "speaker.same_as": HTTP,
    "into.same_as": HTTP,
}
