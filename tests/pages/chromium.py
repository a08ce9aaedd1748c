"""The browser of the tests: Chromium of this machine, found or installed; never downloaded past the distribution."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import Final

EVIL: Final = "evil.example"
"""A name of somebody else's that means this machine."""

NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The first is the same browser without windows and menus of its own, at three fifths of the CPU."""

HOW: Final = "the tests need Chromium: apt-get install chromium, or name one in the environment variable CHROMIUM"
UNUSED: Final = (  # what Chromium makes ready for people: pages nobody asked for, each a process
    "SpareRendererForSitePerProcess", "PreloadTopChromeWebUI", "WebUIOmniboxPopup",
    # what Playwright turns off with the same option, of which the last one counts
    "AvoidUnnecessaryBeforeUnloadCheckSync", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "MediaRouter",
    "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch", "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning",
)  # fmt: skip
OPTIONS: Final = (
    f"--disable-features={','.join(UNUSED)}",
    f"--host-resolver-rules=MAP {EVIL} 127.0.0.1",
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip


def found() -> str | None:
    """Where it is."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def main() -> int:
    """Any of them that is there will do; where none is, the first that the distribution has is installed."""
    if found():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get") and not os.environ.get("CHROMIUM"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        for wanted in NAMES[:2]:
            installing = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", wanted]
            if subprocess.run(installing, check=False).returncode == 0:
                break
    if found():
        return 0
    print(HOW, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
