"""Names and labels that try to be more than text, and what a browser makes of a page."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import strategies as st

from dsv_git.diff.changes import diff_entries
from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.diff.repeated import repeated_contents
from dsv_git.diff.stats import Totals
from dsv_git.manifest.entry import Entry

NAMES = (
    "a|b",
    "`tick` ``two`` ```three",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</code></td></table><b>bold</b>",
    "</pre></style><!-- -->",
    "line\nbreak\r\n\n# heading",
    "@octocat and @org/team",
    "mail@example.org",
    "https://example.org/x www.example.org",
    "[link](https://example.org) ![image](x.png)",
    "**bold** _it_ ~~gone~~ #1 org/repo#2 :smile:",
    "&lt;b&gt; &#64; &amp;",
    "\\| \\` \\<",
    "$x$ $$y$$",
    "- item",
    "\x1b[31mred\x1b[0m \u202egpj.exe \x00",
    "  ",
)

PARTS = st.sampled_from([*NAMES, "|", "`", "<", ">", "&", "@", "\n", "_", "*", "[", "](", "www."])
HOSTILE = st.lists(PARTS | st.text(max_size=5), min_size=1, max_size=4).map("".join)


def hostile_diff(names: tuple[str, ...] = NAMES) -> ManifestDiff:
    """A change in which every name is a path, a folder, a label and a split, on both sides, and a
    part of the description."""
    other = (*names[1:], names[0])
    before, after = [], []
    for n, (name, label) in enumerate(zip(names, other, strict=True)):
        before.append(Entry(f"{name}/{n}", 10, f"xxh3:{n}", name, name))
        after.append(Entry(f"{name}/{n}", 10, f"xxh3:{n}", label, label))
        after.append(Entry(f"new {name}/{n} {name}", 10, f"xxh3:{n}", f"{name}!", f"{name}?"))
    totals = Totals(len(before), 10 * len(before), dict.fromkeys(names, 1))
    return ManifestDiff(
        names[0],
        names[0],
        other[0],
        diff_entries(before, after),
        names,
        totals,
        repeated=repeated_contents(before, after),
        unread=1,
        description="".join(names),
    )


class Seen(HTMLParser):
    """The elements, attributes and texts of a page; `codes` has the text of every `code`."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.codes: list[str] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self._apart = True
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self._apart = True
        if tag not in {"wbr", "meta", "br"}:
            self._open.append(tag)
        if tag == "code":
            self.codes.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        self._apart = True

    def handle_data(self, data: str) -> None:
        if self._apart:
            self.texts.append("")
        self.texts[-1] += data
        self._apart = False
        if "code" in self._open:
            self.codes[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")
