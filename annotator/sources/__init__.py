"""Sources: works that carry evidence."""
