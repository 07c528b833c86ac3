"""A sample project in our own words."""
