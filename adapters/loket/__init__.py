"""Reads and writes Loket's REST API v2."""

from adapters.loket.client import LoketClient
from adapters.loket.tokens import SecretStore

__all__ = ["LoketClient", "SecretStore"]
