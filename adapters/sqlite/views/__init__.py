"""Tables and queries of the views on SQLite, one pair of files per view."""
