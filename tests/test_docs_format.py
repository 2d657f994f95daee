"""Every example of docs/manifest-format.md, held against the code."""

from __future__ import annotations

import re

from dsv_git.flow.drafting.draft import ATTRIBUTES, IGNORE
from dsv_git.manifest import layout, names, yamltext
from dsv_git.manifest.declaration import KEYS
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.filelist import decode_entries, encode_entries
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.parsing import DATA_KEYS, LABEL_KEYS, REPORT_KEYS, parse_declaration
from dsv_git.manifest.record import Record, RecordStats
from dsv_git.manifest.yamlnodes import plain
from dsv_git.manifest.yamltext import parse
from tests.docs_format import BLOCKS, PAGE, TEXT


def table(heading: str) -> list[list[str]]:
    """The cells of the rows of the table below a line of headings, marks of code taken off."""
    rows = TEXT.partition(f"\n{heading}\n")[2].split("\n\n")[0].splitlines()[1:]
    assert rows, heading
    cells = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]
    return [[cell.strip("`") for cell in row] for row in cells]


def test_the_example_with_every_key_has_every_key() -> None:
    text = BLOCKS["every-key"]
    parse_declaration(text, "youtube", "every-key")
    values = plain(parse(text, "every-key"))
    assert isinstance(values, dict)
    assert tuple(values) == KEYS
    assert {*values["data"], "roots"} == set(DATA_KEYS)
    assert set(values["reports"]) == set(REPORT_KEYS)
    assert set(values["labels"]) <= set(LABEL_KEYS)
    assert set(values["layout"]) == {"depth", "fan"}


def test_the_least_is_a_manifest_with_the_documented_defaults() -> None:
    found = parse_declaration(BLOCKS["least"], "youtube", "least")
    defaults = {row[0]: row[2] for row in table("| key | type | default | means |")}
    assert tuple(defaults) == KEYS
    assert found.project == defaults["project"] == "Datasets"
    assert (found.dataset, found.layout, found.samples) == ("youtube", Layout(0), None)
    assert found.data.algorithm == "xxh3"
    assert not found.data.upload


def test_the_keys_of_the_tables_are_those_that_are_known() -> None:
    keys = re.findall(r"^\| `(\w+)` \|", TEXT.partition("**`data`**")[2], re.M)
    data, labels = keys[: len(DATA_KEYS)], keys[len(DATA_KEYS) :][: len(LABEL_KEYS)]
    assert tuple(data) == DATA_KEYS
    assert tuple(labels) == LABEL_KEYS
    fields = [row[0] for row in table("| field | type | required | means |")]
    assert tuple(fields) == Entry.__struct_fields__
    recorded = set(re.findall(r"`([\w.]+)`", TEXT.partition("| field | means |\n")[2]))
    named = {*Record.__struct_fields__, *(f"stats.{f}" for f in RecordStats.__struct_fields__)}
    assert named - recorded <= {"stats", "stats.removed", "stats.modified", "stats.renamed"}


def test_the_list_is_canonical() -> None:
    data = BLOCKS["list"].encode()
    rows = decode_entries(data, "list")
    assert encode_entries(rows) == data
    assert len(rows) == 4
    shown = {field for row in rows for field in Entry.__struct_fields__ if getattr(row, field)}
    assert shown == set(Entry.__struct_fields__)
    assert {row.hash.partition(":")[0] for row in rows} == {"xxh3", "sha256", "md5", "etag"}


def test_numbers_are_written_as_the_table_says() -> None:
    for value, written in table("| value | written |"):
        line = encode_entries([Entry("a", 1, "xxh3:" + "0" * 32, props={"k": float(value)})])
        assert line.endswith(f'{{"k":{written}}}}}\n'.encode())


def test_parts_have_the_names_on_disk_that_the_table_says() -> None:
    rows = table("| part | on disk |")
    assert len(rows) > 10
    for part, name in rows:
        assert names.encode_part(part) == name
        assert names.decode_part(name) == part


def test_paths_are_in_the_lists_that_the_table_says() -> None:
    for path, *files in table("| path | depth 0 | depth 1 | depth 2 |"):
        assert [Layout(depth).place(path)[0] for depth in range(3)] == files


def test_rows_of_fans_are_in_the_lists_that_the_text_says() -> None:
    one = re.search(r"With `(.*?)` the row `(.*?)` is in `(.*?)`; with\n", TEXT)
    other = re.search(r"with\n`(.*?)` the file `(.*?)` is in\n`(.*?)`, as `(.*?)`", TEXT)
    assert one
    assert other
    for found in (one, other):
        declared, path, *rest = found.groups()
        declaration = parse_declaration(f"{BLOCKS['least']}layout: {declared}\n", "a", "layout")
        assert declaration.layout.place(path) == (rest[0], rest[-1] if len(rest) > 1 else path)


def test_the_files_of_the_manifests_folder_are_those_that_are_written() -> None:
    assert BLOCKS[".gitattributes"].encode() == ATTRIBUTES
    assert BLOCKS[".gitignore"].encode() == IGNORE


def test_the_limits_are_those_of_the_code() -> None:
    limits = {row[0]: row[1] for row in table("| what | limit |")}
    assert limits["depth of a layout"] == str(layout.DEEPEST)
    assert limits["fan"] == f"{layout.WIDEST} hex digits: {16**layout.WIDEST:,} lists"
    assert limits["nesting in `manifest.yaml"] == f"{yamltext.DEEPEST} levels"
    assert limits["name on disk of a folder part or version"].startswith(f"{names.LONGEST_PART} b")
    assert f"up to {layout.MOST_ROWS:,} entries" in TEXT
    assert f"fewer than {layout.FEWEST_ROWS} rows" in TEXT
    assert f"longer than {layout.LONGEST_STEM}\nbytes" in TEXT.replace("\n  ", "\n")


def test_links_within_the_page_lead_somewhere() -> None:
    heads = re.findall(
        r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", TEXT, flags=re.DOTALL | re.M), re.M
    )
    anchors = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= anchors
    for file in re.findall(r"\]\(([^#)]+)\)", TEXT):
        assert (PAGE.parent / file).is_file()
