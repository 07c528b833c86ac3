"""Highlighted spans of an article and what we say of them."""
