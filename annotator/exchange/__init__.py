"""Export and import in our own format."""
