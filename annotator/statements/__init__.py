"""Speakers and what they said, decreed, wrote or voted, and when."""
