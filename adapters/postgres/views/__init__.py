"""Tables and queries of the views on PostgreSQL, one pair of files per view."""
