"""The test server in a process of its own: its time and memory are nobody else's.

    python benchmarks/register_server.py [--bandwidth BYTES_PER_SECOND] [--latency SECONDS]

Prints its environment as one line of JSON; then, for each line on its standard input, what was
asked of it since the line before.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.clearml_server import ClearMLServer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--bandwidth", type=float, help="bytes per second")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    asked = parser.parse_args()
    with ClearMLServer(bandwidth=asked.bandwidth, latency=asked.latency) as server:
        print(json.dumps(server.environment), flush=True)
        for _ in sys.stdin:
            calls = server.calls
            server.forget_calls()
            api = [call for call in calls if call.server == "api"]
            told = {"api": len(api), "files": len(calls) - len(api)}
            print(json.dumps({**told, "bytes": sum(call.size for call in calls)}), flush=True)


if __name__ == "__main__":
    main()
