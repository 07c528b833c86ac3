"""Articles and the immutable snapshots of their text."""
