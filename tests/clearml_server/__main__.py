"""`python -m tests.clearml_server`: a server to try things on by hand."""

from __future__ import annotations

import argparse
import sys
import threading

from tests.clearml_server.server import ClearMLServer


def main() -> None:
    """Runs until Ctrl-C; nothing is kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.clearml_server", description=__doc__)
    parser.add_argument("--api-port", type=int, default=8008)
    parser.add_argument("--files-port", type=int, default=8081)
    parser.add_argument("--bandwidth", type=float, help="bytes per second")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    given = parser.parse_args()
    with ClearMLServer(
        given.api_port, given.files_port, bandwidth=given.bandwidth, latency=given.latency
    ) as server:
        for name, value in server.environment.items():
            sys.stdout.write(f"export {name}={value}\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("\n")


if __name__ == "__main__":
    main()
