"""The text of a diff and of a version's numbers."""

from __future__ import annotations

import io
import subprocess
import sys

from rich.console import Console
from rich.text import Text

from dsv_git.diff.changes import diff_entries
from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.diff.stats import Totals, stats
from dsv_git.manifest.entry import Entry, Label
from dsv_git.review.lines import columns, plain, rich_text
from dsv_git.review.numbers import label_text, signed
from dsv_git.review.stats_text import stats_lines
from dsv_git.review.text import LIMIT, diff_lines


def entry(path: str, content: str, label: Label | None = None, split: str | None = None) -> Entry:
    return Entry(path, 1000, f"xxh3:{content}", label, split)


def shown(text: Text, width: int = 200) -> str:
    """What a terminal with colours is sent."""
    out = io.StringIO()
    Console(file=out, force_terminal=True, color_system="standard", width=width).print(text)
    return out.getvalue()


def plain_diff(diff: ManifestDiff, limit: int = LIMIT) -> str:
    """What a pipe is sent."""
    return plain(diff_lines(diff, limit=limit))


STORY = ManifestDiff(
    "youtube",
    "1.0",
    "1.1",
    diff_entries(
        [
            entry("cat/1.jpg", "1", "cat", "train"),
            entry("cat/2.jpg", "2", "cat", "train"),
            entry("cat/3.jpg", "3", "cat", "train"),
            entry("dog/4.jpg", "4", "dog", "train"),
            entry("dog/5.jpg", "4", "dog", "train"),
        ],
        [
            entry("cat/1.jpg", "1", "cat", "val"),
            entry("dog/2.jpg", "2", "dog", "train"),
            entry("cat/3.jpg", "9", "cat", "train"),
            entry("dog/4.jpg", "4", "dog", "train"),
            entry("new.jpg", "7", "bird", "train"),
        ],
    ),
    ("youtube@1.0", "kaggle@1.0"),
    known_before=Totals(1200, 3_000_000, {"cat": 700, "dog": 500}),
)


def test_the_text_of_a_diff() -> None:
    assert (
        plain_diff(STORY)
        == """\
youtube  1.0 → 1.1  (parents: youtube@1.0, kaggle@1.0)
  +1 added  -1 removed (content of 1 still there)  ~1 modified  >1 renamed  *2 relabelled \
(1 of them moved)
  1,200 → 1,200 files (0), 3.0 MB → 3.0 MB (0 bytes)

  class balance (images)
    bird    0    → 1  +1    0.0 % → 0.1 %  +0.1 pp
    cat   700  → 699  -1  58.3 % → 58.2 %  -0.1 pp

  labels, from → to (objects)
    cat  →  dog  1

  splits, from → to (files)
    train  →  val  1

  folders
    cat/  ~1  *1
    ./  +1
    cat/ → dog/  >1
    dog/  -1

  added
    + new.jpg

  removed
    - dog/5.jpg  (still there: dog/4.jpg)

  modified
    ~ cat/3.jpg

  renamed
    > cat/2.jpg → dog/2.jpg  cat → dog

  relabelled
    * cat/1.jpg  train → val
"""
    )


def test_a_terminal_gets_the_same_text_with_colours() -> None:
    text = rich_text(diff_lines(STORY))
    assert text.plain == plain_diff(STORY)
    sent = shown(text)
    assert "\x1b[32m  +1 added" in sent
    assert "\x1b[31m  -1 removed" in sent


def test_no_difference_says_so() -> None:
    same = [entry("a", "1")]
    assert plain_diff(ManifestDiff("m", "1", "1", diff_entries(same, same))) == (
        "m  1\n  no change in the data\n"
    )


def test_a_new_and_a_removed_manifest_say_so() -> None:
    rows = [entry("a", "1")]
    new = plain_diff(ManifestDiff("m", None, "1", diff_entries([], rows)))
    gone = plain_diff(ManifestDiff("m", "1", None, diff_entries(rows, [])))
    assert new.startswith(
        "m  new → 1\n  +1 added\n  0 → 1 files (+1), 0 bytes → 1.0 kB (+1.0 kB)\n"
    )
    assert gone.startswith("m  1 → removed\n  -1 removed\n  1 → 0 files (-1)")


def test_long_tables_and_examples_end_and_count_the_rest() -> None:
    rows = [entry(f"f{n:02}/x", str(n), f"label{n:02}") for n in range(13)]
    text = plain_diff(ManifestDiff("m", "1", "2", diff_entries([], rows)))
    assert "+13 added" in text
    for rest in ("… 3 more labels", "… 3 more folders", "… and 3 more files"):
        assert text.count(rest) == 1
    assert "+ f09/x" in text
    assert "f10/x" not in text
    one_less = plain_diff(ManifestDiff("m", "1", "2", diff_entries([], rows)), limit=12)
    assert "… and 1 more file\n" in one_less


def test_new_content_or_a_copy_under_another_label_shows_the_label() -> None:
    before = [entry("x", "1", "cat"), entry("y", "2", "cat")]
    after = [entry("x", "3", "dog"), entry("y", "2", "cat"), entry("z", "2", "bird")]
    text = plain_diff(ManifestDiff("m", "1", "2", diff_entries(before, after)))
    assert "~ x  cat → dog\n" in text
    assert "= y → z  cat → bird\n" in text
    assert "relabelled" not in text


HOSTILE = "\x1b[2J\r\n\x07\x9b1A\u202egpj.[red]x[/red]:smile:\ud7ff"


def test_hostile_names_cannot_move_the_cursor_or_colour_the_text() -> None:
    rows = [entry(HOSTILE, "1", HOSTILE, HOSTILE)]
    hostile = ManifestDiff(HOSTILE, HOSTILE, None, diff_entries(rows, []), (HOSTILE,))
    moved = diff_entries(rows, [entry(f"{HOSTILE}/{HOSTILE}", "1", "cat", "val")])
    texts = [plain_diff(hostile), plain_diff(ManifestDiff("m", "1", "2", moved))]
    texts.append(plain(stats_lines(stats(rows))))
    for text in texts:
        assert all(line.isprintable() for line in text.split("\n"))
        assert r"\x1b[2J\r\n\x07\x9b1A\u202egpj.[red]x[/red]:smile:" in text
    sent = shown(rich_text(diff_lines(hostile)))
    assert "[red]x[/red]:smile:" in sent
    assert "\x1b[2J" not in sent


def test_columns_align_by_what_a_terminal_shows() -> None:
    rows = [(("猫", ""), ("1", "")), (("cat", ""), ("10", ""))]
    assert plain(columns(rows, right=(1,))) == "  猫    1\n  cat  10\n"
    assert plain(columns([])) == ""


def test_labels_and_numbers_as_a_person_reads_them() -> None:
    assert label_text(("cat", "cat", "dog")) == "cat x2, dog"
    assert label_text(None) == "(none)"
    assert [signed(n) for n in (1234, -1234, 0)] == ["+1,234", "-1,234", "0"]


def test_the_text_of_a_versions_numbers() -> None:
    rows = [
        entry("1", "1", "cat", "train"),
        entry("2", "1", "cat", "val"),
        entry("3", "3", ("cat", "dog", "dog"), "val"),
        entry("4", "4"),
    ]
    assert (
        plain(stats_lines(stats(rows)))
        == """\
  files       4, 4.0 kB
  splits      train 1, val 2, (none) 1
  labels      2
  unlabelled  1
  duplicates  1 extra file in 1 group, 1.0 kB

  file size     min     5 %    25 %  median    75 %    95 %     max
             1.0 kB  1.0 kB  1.0 kB  1.0 kB  1.0 kB  1.0 kB  1.0 kB

  label  images  objects  train  val  (none)
  cat         3        3      1    2       0
  dog         1        2      0    1       0
"""
    )
    assert plain(stats_lines(stats([]))) == "  files  0, 0 bytes\n"


def test_a_text_for_a_pipe_does_not_wait_for_the_console() -> None:
    program = (
        "import sys; from dsv_git.diff.changes import Diff\n"
        "from dsv_git.diff.manifest_diff import ManifestDiff\n"
        "from dsv_git.review.lines import plain\n"
        "from dsv_git.review.text import diff_lines\n"
        "plain(diff_lines(ManifestDiff('m', '1', '2', Diff())))\n"
        "sys.exit('rich.text' in sys.modules or 'rich.console' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
