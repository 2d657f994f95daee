"""A file that belongs to a version, and how ClearML names it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import IO, Any

from dsv_git.registry.clearml.session import Session


@dataclass(frozen=True)
class Artifact:
    """An artifact: its key, its file's name, ClearML's kind, a media type, what its page shows."""

    key: str
    file: str
    kind: str
    media: str
    preview: str

    def sent(self, session: Session, folder: str, data: IO[bytes]) -> dict[str, Any]:
        """Uploads the file, which was written up to where it stands, and gives what names it."""
        size = data.tell()
        data.seek(0)
        uri = session.upload(f"{folder}/artifacts/{self.key}/{self.file}", data, self.media)
        return {
            "key": self.key,
            "type": self.kind,
            "mode": "output",
            "uri": uri,
            "content_size": size,
            "hash": "",
            "timestamp": int(time.time()),
            "type_data": {"preview": self.preview, "content_type": self.media},
        }
