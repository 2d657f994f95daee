"""A small ClearML server for tests: real HTTP, real rules, everything in memory.

The unmodified clearml SDK talks to it. It answers as ClearML Server 2.3.0 does, as far as the SDK
and dsv ask; `exchanges.jsonl` holds what the real one was asked and answered.
"""

from tests.clearml_server.calls import Call
from tests.clearml_server.faults import Way
from tests.clearml_server.server import ClearMLServer

__all__ = ["Call", "ClearMLServer", "Way"]
