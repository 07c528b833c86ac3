"""Finding statements, annotations, sources and speakers by our own terms."""
