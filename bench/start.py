"""What the command line costs before it does anything, in CPU time: python -m bench.start [--rounds N]

Beside `python -c "import typer, rich"`, the least that a command line of this kind loads. In turns, the least of each.
The log is a small one on SQLite, made for it: what is measured is loading.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.table import Table

from bench.logs import console

FLOOR = "import typer, rich"
ENTRY = "from api.cli.main import entry; entry()"
COMMANDS = {"--help": ["--help"], "runs": ["runs"], "history": ["history", "4700"], "verify": ["verify"]}
CONFIGURATION = """
[log]
url = "sqlite:///var/tweeluik.db"
[personio]
client_id = "papi-1"
client_secret = "papi-2"
[personio.attributes]
consider_in_nl_payroll = "dynamic_1"
employee_number_loket = "dynamic_2"
income_number = "dynamic_3"
entry_date_current_period = "dynamic_4"
[loket]
client_id = "tweeluik"
[[legal_entity]]
personio_id = "170"
loket_employer_id = "9a7e2b1c-0000-4000-8000-000000000001"
loket_payroll_administration_id = "54aa2b1c-0000-4000-8000-000000000001"
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "tweeluik.toml"
        config.write_text(CONFIGURATION)
        asked = {name: [ENTRY, "--config", str(config), *words] for name, words in COMMANDS.items()}
        least = dict.fromkeys(["floor", *asked], float("inf"))
        for _ in range(rounds):
            for name, words in {"floor": [FLOOR], **asked}.items():
                least[name] = min(least[name], computed([sys.executable, "-c", *words]))
    table = Table("command", "CPU s", "× floor")
    for name, seconds in least.items():
        table.add_row(name, f"{seconds:.2f}", f"{seconds / least['floor']:.1f}")
    console.print(table)


def computed(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
