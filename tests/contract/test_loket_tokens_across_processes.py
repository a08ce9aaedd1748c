"""Loket's rotating refresh token in the real key store, with two processes renewing it at the same time."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

from adapters.log.open import open_log
from adapters.loket.client import LoketClient
from adapters.loket.tokens import secret_name
from adapters.simulators.loket.simulator import LoketSimulator
from domain.attributes import CATALOGUE
from domain.settings import LegalEntity
from domain.values import LegalEntityId

FIRST_TOKEN = "refresh-0"
RENEWALS = 5


def renew(folder: str, url: str, employer: str, administration: str) -> int:
    """What each process does: new clients one after another, each of which must renew before it can ask anything."""
    keys = f"sqlite:///{folder}/keys.db"
    log = open_log(f"sqlite:///{folder}/log.db", keys_url=keys, checkpoints=Path(folder) / "checkpoints")
    for _ in range(RENEWALS):
        client = LoketClient(url, f"{url}/token", "loket-client", "loket-secret", FIRST_TOKEN, log.vault, CATALOGUE)
        client.check(LegalEntity(LegalEntityId("170"), "Tulp", employer, administration))
        client.close()
    return RENEWALS


def test_two_processes_renew_side_by_side_and_neither_loses_the_token(tmp_path: Path) -> None:
    keys = f"sqlite:///{tmp_path}/keys.db"
    log = open_log(f"sqlite:///{tmp_path}/log.db", keys_url=keys, checkpoints=tmp_path / "checkpoints")
    with LoketSimulator() as loket, multiprocessing.get_context("spawn").Pool(2) as pool:
        task = (str(tmp_path), loket.url, loket.employer_id, loket.administration_id)
        assert pool.starmap(renew, [task, task]) == [RENEWALS, RENEWALS]
        assert loket.count("POST", "/token") == 2 * RENEWALS
        assert log.vault.secret(secret_name("loket-client", FIRST_TOKEN)) == loket.tokens.refresh_token
