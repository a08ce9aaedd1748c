"""Reads Personio's public API v2; never writes there."""

from adapters.personio.client import PersonioClient

__all__ = ["PersonioClient"]
