"""Builds the image of the Dockerfile with Debian's tools, which it installs where it may, and plays the demo in it.

python -m tests.image
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests.image import builder


def main() -> int:
    if os.geteuid() == 0 and shutil.which("apt-get") and not all(map(shutil.which, builder.TOOLS)):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *builder.TOOLS], check=False)
    if os.geteuid() == 0 and all(map(shutil.which, builder.TOOLS)):
        builder.make_base()
    if reason := builder.why_not():
        print(f"the image was not built: {reason}", file=sys.stderr)
        return 2
    print(builder.build())
    print(builder.run("demo"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
