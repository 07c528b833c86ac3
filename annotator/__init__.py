"""Annotator: a team marks the claims of an article and ties each to its evidence."""

__version__ = "0.1.0"
