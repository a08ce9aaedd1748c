"""`make forgeries`: certificates forged by chance, which neither verifier may accept, nor judge unlike the other.

    python -m tests.pages.forgeries [HOW MANY] [SEED]

They are checked by verify.html in a real browser with the network cut, and by offline_verifier.py.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from itertools import zip_longest
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from tests.pages.chromium import HOW, OPTIONS, found
from tests.support.forgeries import OWN_WORD, PROVEN, by_chance, said_in_a_browser, said_offline, saved_page
from tests.support.made_certificates import KEY, made_certificates

_AT_ONCE: Final = 2_500


def main() -> None:
    many, seed = (int(given or default) for given, default in zip_longest(sys.argv[1:], (10_000, 17)))
    where = found() or sys.exit(HOW)
    claims = list(by_chance(made_certificates(), many, random.Random(seed), str(KEY.verifier)))
    said: list[str] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=list(OPTIONS))
        with saved_page(browser, Path(folder)) as page:
            for start in range(0, many, _AT_ONCE):
                said += said_in_a_browser(page, claims[start : start + _AT_ONCE])
        browser.close()
    for reason, times in Counter(said).most_common():
        print(f"{times:8,}  {reason}")
    accepted = [one for one, verdict in zip(claims, said, strict=True) if verdict in (PROVEN, OWN_WORD)]
    apart = [(one, verdict) for one, verdict in zip(claims, said, strict=True) if verdict != said_offline(one)]
    print(f"{many:,} forged certificates: {len(accepted)} accepted, {len(apart)} told otherwise by offline_verifier.py")
    for wrong in (*accepted[:3], *apart[:3]):
        print(wrong)
    sys.exit(1 if accepted or apart else 0)


if __name__ == "__main__":
    main()
