"""The append-only record of every change: audit, history and, one day, live feed."""
