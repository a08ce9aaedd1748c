"""Leases on legal entities: one run at a time (RUN-3)."""
