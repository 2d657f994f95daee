"""One file list in its valid form, and its parts."""

from __future__ import annotations

LIST = "manifests/a/files/_.jsonl"
CAT = "xxh3:" + "0f" * 16
DOG = "sha256:" + "1e" * 32
ROWS = (
    f'{{"path":"a/é.jpg","size":10,"hash":"{CAT}","label":"cat","split":"train"}}',
    f'{{"path":"b","size":0,"hash":"{DOG}","label":["cat","cat","dog"],"ann":"{CAT}"}}',
    f'{{"path":"c","size":3,"hash":"{CAT}","props":{{"a":1,"b":true,"é":"x/y"}}}}',
)
GOOD = "".join(f"{row}\n" for row in ROWS)


def with_prop(raw: str) -> str:
    """A line with the prop `k`, its value written as `raw`."""
    return f'{{"path":"a","size":1,"hash":"{CAT}","props":{{"k":{raw}}}}}\n'
