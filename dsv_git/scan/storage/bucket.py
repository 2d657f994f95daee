"""A bucket of S3, or a folder of one, as a storage.

Every operation is one request, a listing one for each 1,000 keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO, Final

from dsv_git.scan.patterns import Patterns
from dsv_git.scan.storage.elsewhere import Elsewhere
from dsv_git.scan.storage.fetched import fetched
from dsv_git.scan.storage.meaning import translated
from dsv_git.scan.storage.naming import Naming
from dsv_git.scan.storage.objectstream import Answer, ObjectStream
from dsv_git.scan.storage.port import LeftOut, Stored, safe
from dsv_git.scan.storage.remote import close, file_system, read

PART: Final = 64 << 20
"""Bytes of one part of an upload; a content that is smaller is one request. At most 10,000 parts
are allowed, so that the largest content is 640 GB."""


@dataclass(frozen=True)
class Bucket(Elsewhere):
    """The objects of a bucket below a prefix. A stamp is the ETag without its quotes."""

    @cached_property
    def _system(self) -> Any:
        return file_system(self.url, self.streams)

    @property
    def _prefix(self) -> str:
        return f"{self.url.path}/" if self.url.path else ""

    def _object(self, path: str) -> dict[str, str]:
        return {"Bucket": self.url.host, "Key": self._prefix + safe(path)}

    def listing(self, patterns: Patterns, left_out: LeftOut) -> Iterator[Stored]:
        """As of the port; a prefix that no key has is a place without files."""
        naming = Naming(patterns, left_out)
        for page in self._pages():
            for item in page.get("Contents", ()):
                path = item["Key"].removeprefix(self._prefix)
                if naming.takes(path, item["Size"]):
                    yield Stored(path, item["Size"], item["ETag"].strip('"'))

    def _pages(self) -> Iterator[dict[str, Any]]:
        wanted = {"Bucket": self.url.host, "Prefix": self._prefix}
        while True:
            with translated(self.url):
                page = self._system.call_s3("list_objects_v2", **wanted)
            yield page
            if not page.get("IsTruncated"):
                return
            wanted["ContinuationToken"] = page["NextContinuationToken"]

    def stat(self, path: str) -> Stored | None:
        """As of the port."""
        place = self._object(path)
        with translated(self.url, path):
            try:
                found = self._system.call_s3("head_object", **place)
            except FileNotFoundError:
                return None
        return Stored(path, found["ContentLength"], found["ETag"].strip('"'))

    def open(self, path: str, stamp: str = "") -> BinaryIO:
        """As of the port: one GET, and another one from where a connection broke."""
        place, system = self._object(path), self._system

        def request(position: int, etag: str) -> Answer:
            head = {"IfMatch": f'"{etag}"'} if etag else {}
            head |= {"Range": f"bytes={position}-"} if position else {}
            with translated(self.url, path):
                found = system.call_s3("get_object", **place, **head)
                return Answer(found["ETag"].strip('"'), found["ContentLength"], found["Body"])

        def next_bytes(body: Any, size: int) -> bytes:
            return read(system, body, size)

        stream = ObjectStream(request, next_bytes, lambda body: close(system, body), stamp)
        return fetched(stream, self.url, path)

    def put(self, path: str, content: BinaryIO) -> None:
        """As of the port: an object is there when its last byte is."""
        place, data = self._object(path), content.read(PART)
        with translated(self.url, path):
            if len(data) < PART:
                self._system.call_s3("put_object", **place, Body=data)
            else:
                self._put_parts(place, data, content)

    def _put_parts(self, place: dict[str, str], data: bytes, content: BinaryIO) -> None:
        call = self._system.call_s3
        upload = {**place, "UploadId": call("create_multipart_upload", **place)["UploadId"]}
        parts: list[dict[str, Any]] = []
        try:
            while data:
                number = len(parts) + 1
                done = call("upload_part", **upload, PartNumber=number, Body=data)
                parts.append({"PartNumber": number, "ETag": done["ETag"]})
                data = content.read(PART)
            call("complete_multipart_upload", **upload, MultipartUpload={"Parts": parts})
        except BaseException:
            with suppress(Exception):
                call("abort_multipart_upload", **upload)
            raise

    def delete(self, path: str) -> None:
        """As of the port."""
        place = self._object(path)
        with translated(self.url, path):
            self._system.call_s3("delete_object", **place)
