"""What stands for each placeholder of an address, and credentials that are not good."""

from __future__ import annotations

import base64
import hmac
import json

from joserfc.jwk import RSAKey

from tests.support.openid import HELD, Token

STRANGE = RSAKey.generate_key(2048, {"kid": "2"})
VALUES = {
    "entity": "170", "number": "4711", "run_id": "run-1", "rule_id": "END-2", "position": "0", "level": "0",
    "index:path": "000", "index": "000", "alert": "a-1", "erasure": "erasure-0", "person_id": "3007",
    "report": "report-1", "work": "plan-1", "asked": "more-0", "task": "40", "fingerprint": "0" * 16,
}  # fmt: skip
QUERIES = {
    "outcomes": {"on": "2026-03-15"}, "consistency": {"from_size": 0, "to_size": 0},
    "access_review": {"month": "2026-03"},
}  # fmt: skip


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def unsigned() -> str:
    header, body, _ = Token().text().split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    assert header
    return f"{none}.{body}."


def signed_with_the_public_key() -> str:
    """By hand: libraries refuse to make it."""
    _, body, _ = Token().text().split(".")
    header = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": "1"}).encode()).decode().rstrip("=")
    digest = hmac.digest(HELD.as_pem(private=False), f"{header}.{body}".encode(), "sha256")
    return f"{header}.{body}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def tampered() -> str:
    header, body, signature = Token(roles=("operator",)).text().split(".")
    other = Token(roles=("payroll_admin",)).text().split(".")[1]
    assert body != other
    return f"{header}.{other}.{signature}"


FAULTY = {
    "none at all": None,
    "not a token": "abc",
    "expired": Token(expires_in=-3600).text(),
    "for another audience": Token(audience="another").text(),
    "of another issuer": Token(issuer="https://elsewhere.example.org/").text(),
    "algorithm none": unsigned(),
    "HS256 signed with the public key": signed_with_the_public_key(),
    "signed by an unknown key": Token(key=STRANGE, kid="2").text(),
    "signed by an unknown key under a known id": Token(key=STRANGE, kid="1").text(),
    "another algorithm of the same key": Token(algorithm="PS256").text(),
    "changed after signing": tampered(),
    "of nobody's role": Token(roles=("emperor",)).text(),
    "a header nested without end": f"{encoded(b'[' * 9000)}.{encoded(b'{}')}.x",
    "claims nested without end": f"{Token().text().split('.')[0]}.{encoded(b'[' * 9000)}.x",
    "five parts": "a.b.c.d.e",
    "an unknown key": "tw_0000000000.x",
    "a key with nothing after it": "tw_0000000000.",
}
