"""Opens the claims on the database the log is in."""

from __future__ import annotations

from adapters.claims.lease import LEASE, RENEWED_EVERY, TOLD_EVERY, LeasedClaims
from adapters.sqlite.claims import SqliteClaims


def open_claims(
    url: str, *, lease: float = LEASE, renewed_every: float = RENEWED_EVERY, told_every: float = TOLD_EVERY
) -> LeasedClaims:
    """Claims beside the log: `sqlite:///path` or `postgresql://…`. Raises LogUnavailable."""
    prefix = "sqlite:///"
    if url.startswith(prefix):
        return LeasedClaims(
            SqliteClaims(url.removeprefix(prefix)), lease=lease, renewed_every=renewed_every, told_every=told_every
        )
    from adapters.postgres.claims import PostgresClaims  # a server's library is loaded where there is one

    return LeasedClaims(PostgresClaims(url), lease=lease, renewed_every=renewed_every, told_every=told_every)
