"""One module a step; no step imports the models."""
