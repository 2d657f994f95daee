"""One annotation file in the form of COCO, read with its contradictions refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from dsv_git.errors import InputError
from dsv_git.manifest import filelist
from dsv_git.scan.labels.canonical import canonical
from dsv_git.scan.labels.table import table_bytes

Id = int | str
_Name = Annotated[str, msgspec.Meta(min_length=1)]


class Image(msgspec.Struct, frozen=True):
    """An image that an annotation file lists."""

    id: Id
    file_name: _Name


class _Category(msgspec.Struct, frozen=True):
    id: Id
    name: _Name


class _Ids(msgspec.Struct, frozen=True):
    image_id: Id
    category_id: Id | None = None


class _Document(msgspec.Struct, frozen=True):
    # Raw annotations are views into the file's bytes: a million polygons are decoded one by one.
    images: list[Image]
    annotations: list[msgspec.Raw]
    categories: list[_Category] = []


_document = msgspec.json.Decoder(_Document)
_ids = msgspec.json.Decoder(_Ids)
_object = msgspec.json.Decoder(dict[str, Any])
_BAD: Final = (msgspec.MsgspecError, ValueError, RecursionError)


class CocoFile:
    """The images of an annotation file, and the annotations of each."""

    def __init__(self, place: Path) -> None:
        """Reads the file. Raises InputError for what is no such file, an id that is twice, and an
        annotation of an image or a category that the file does not list."""
        self.where = str(place)
        document = self._decode(table_bytes(place))
        self.images = document.images
        self._names = {category.id: category.name for category in document.categories}
        self._once("category", [category.id for category in document.categories])
        self._annotations: dict[Id, list[msgspec.Raw]] = {image.id: [] for image in self.images}
        self._once("image", [image.id for image in self.images])
        for raw in document.annotations:
            self._take(raw)

    def objects(self, image: Image) -> tuple[list[str], list[bytes]]:
        """The category of every object of the image, and the canonical JSON of every annotation,
        sorted: without `id` and `image_id`, and `category` (its name) in place of `category_id`.

        Raises InputError for a number that JSON readers do not all keep.
        """
        names, texts = [], []
        for raw in self._annotations[image.id]:
            name, text = self._object(raw, image)
            names += [] if name is None else [name]
            texts.append(text)
        return names, sorted(texts)

    def _object(self, raw: msgspec.Raw, image: Image) -> tuple[str | None, bytes]:
        try:
            fields = _object.decode(raw)
            fields.pop("id", None)
            del fields["image_id"]
            category = fields.pop("category_id", None)
            name = None if category is None else self._names[category]
            if name is not None:
                fields["category"] = name
            return name, canonical(fields)
        except _BAD as error:
            raise self._fail(f"{_called(raw)} of {image.file_name!r}: {error}") from None

    def _take(self, raw: msgspec.Raw) -> None:
        try:
            ids = _ids.decode(raw)
        except _BAD as error:
            raise self._fail(f"{_called(raw)}: {error}") from None
        if ids.image_id not in self._annotations:
            raise self._fail(f"{_called(raw)}: there is no image {ids.image_id!r}")
        if ids.category_id is not None and ids.category_id not in self._names:
            raise self._fail(f"{_called(raw)}: there is no category {ids.category_id!r}")
        self._annotations[ids.image_id].append(raw)

    def _decode(self, data: bytes) -> _Document:
        try:
            return _document.decode(data)
        except _BAD as error:
            reason = _not_a_number(data) or f"not a COCO annotation file: {error}"
            raise self._fail(reason) from None

    def _once(self, what: str, ids: list[Id]) -> None:
        seen: set[Id] = set()
        for one in ids:
            if one in seen:
                raise self._fail(f"the {what} id {one!r} is twice")
            seen.add(one)

    def _fail(self, message: str) -> InputError:
        return InputError(message, where=self.where)


def _called(raw: msgspec.Raw) -> str:
    """An annotation as a message names it."""
    try:
        return f"annotation {json.loads(bytes(raw))['id']!r}"
    except (ValueError, RecursionError, LookupError, TypeError):
        return "an annotation"


def _not_a_number(data: bytes) -> str | None:
    """The annotation with a NaN or an infinity, which Python writes and JSON does not know."""
    try:
        document = json.loads(data)
        names = {image["id"]: image["file_name"] for image in document["images"]}
        for annotation in document["annotations"]:
            reason = _not_canonical(annotation)
            if reason is not None:
                image = names.get(annotation["image_id"])
                return f"annotation {annotation.get('id')!r} of {image!r}: {reason}"
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return None
    return None


def _not_canonical(annotation: object) -> str | None:
    try:
        filelist.canonical(annotation)
    except ValueError as error:
        return str(error)
    return None
