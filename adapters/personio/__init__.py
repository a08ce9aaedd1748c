"""Reads Personio's public API v2; never writes there."""
