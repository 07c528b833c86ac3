"""Links: evidence that ties an annotation to a source, a statement or another annotation."""
