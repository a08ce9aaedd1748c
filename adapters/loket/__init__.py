"""Reads and writes Loket's REST API v2."""
