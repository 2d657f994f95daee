"""YAML texts as people write them, with what they hold, for tests of edits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from hypothesis import strategies as st

from dsv_git.manifest.yamlwrite import flow, scalar

KEYS = ("format", "dataset", "version", "description", "parents", "tags", "data", "layout")
WORDS = (
    "a",
    "b c",
    "1.10",
    "no",
    "x@1.0#0a",
    "é日",
    "it's",
    'say "x"',
    "a: b",
    "# no",
    "[x]",
    "",
    "~",
)


@dataclass(frozen=True)
class Block:
    """One top key: its value, its lines, and the lines of comments and blanks before it."""

    key: str
    value: object
    before: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A text and what it holds. `comments` are all that stand in it."""

    blocks: tuple[Block, ...]
    head: str
    newline: str
    final: bool
    after: tuple[str, ...]
    comments: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """Every line, without its line end."""
        found = [line for block in self.blocks for line in (*block.before, *block.lines)]
        return [*found, *self.after]

    @property
    def text(self) -> str:
        end = self.newline if self.final or not self.lines else ""
        return self.head + self.newline.join(self.lines) + end

    @property
    def values(self) -> dict[str, object]:
        return {block.key: block.value for block in self.blocks}


class _Writer:
    """Draws the lines of values, with numbered comments."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.numbers = count(1)
        self.comments: list[str] = []

    def chance(self) -> bool:
        return self.draw(st.integers(0, 3)) == 0

    def note(self) -> str:
        comment = f"# c{next(self.numbers)}c: [x, 'y\" # {{"
        self.comments.append(comment)
        return comment

    def beside(self) -> str:
        return self.draw(st.sampled_from((" ", "   "))) + self.note() if self.chance() else ""

    def between(self, indent: str) -> list[str]:
        """Lines that hold no value."""
        lines = self.draw(st.integers(0, 2))
        return [indent + self.note() if self.chance() else "" for _ in range(lines)]

    def scalar(self, text: str) -> str:
        """A text in any of its forms on one line."""
        plain = scalar(text)
        forms = [plain]
        if "'" not in text:
            forms.append(f"'{text}'")
        if plain == text:
            forms.append(f'"{text}"')
        return self.draw(st.sampled_from(forms))

    def text(self, key: str) -> tuple[object, list[str]]:
        form = self.draw(st.sampled_from(("line", "line", "absent", "below", "wrapped", "block")))
        if form == "absent":
            return "", [f"{key}:{self.beside()}"]
        if form == "wrapped":
            return "one two", [f"{key}: one", f"    two{self.beside()}"]
        if form == "block":
            mark = self.draw(st.sampled_from(("|", "|-", "|+", ">", "|2")))
            text = {"|-": "one # x", "|+": "one # x\n\n"}.get(mark, "one # x\n")
            # Only a comment that is not indented ends a block for certain.
            return text, [f"{key}: {mark}{self.beside()}", "  one # x", "", self.note()]
        word = self.draw(st.sampled_from(WORDS))
        if form == "below":
            return word, [f"{key}:{self.beside()}", f"  {self.scalar(word)}{self.beside()}"]
        space = self.draw(st.sampled_from((" ", "    ")))
        return word, [f"{key}:{space}{self.scalar(word)}{self.beside()}"]

    def items(self, key: str) -> tuple[object, list[str]]:
        words = self.draw(st.lists(st.sampled_from(WORDS), max_size=3))
        form = self.draw(st.sampled_from(("block", "block", "flow", "flow lines")))
        if form == "flow" or not words:
            return words, [f"{key}: {flow(words)}{self.beside()}"]
        if form == "flow lines":
            inner = [f"  {flow([word])[1:-1]},{self.beside()}" for word in words]
            return words, [f"{key}: [{self.beside()}", *inner, f"]{self.beside()}"]
        indent = self.draw(st.sampled_from(("", "  ", "    ")))
        lines = [f"{key}:{self.beside()}"]
        for word in words:
            lines += self.between(indent)
            if word and self.chance():
                lines += [f"{indent}-", f"{indent}    {self.scalar(word)}{self.beside()}"]
            else:
                lines.append(f"{indent}-   {self.scalar(word)}{self.beside()}")
        return words, lines

    def mapping(self, key: str) -> tuple[object, list[str]]:
        value = {"root": self.draw(st.sampled_from(WORDS)), "deep": {"x": ["1", "2"], "y": "z"}}
        if self.chance():
            return value, [f"{key}: {flow(value)}{self.beside()}"]
        indent = self.draw(st.sampled_from(("  ", "    ")))
        return value, [
            f"{key}:{self.beside()}",
            *self.between(indent),
            f"{indent}root: {self.scalar(str(value['root']))}{self.beside()}",
            f"{indent}deep:{self.beside()}",
            *self.between(indent * 2),
            f'{indent * 2}"x": [1, 2]{self.beside()}',
            f"{indent * 2}y: z{self.beside()}",
        ]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A block mapping of some of KEYS in any order."""
    writer, blocks = _Writer(draw), []
    forms = (writer.text, writer.text, writer.items, writer.mapping)
    for key in draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=5, unique=True)):
        before = writer.between(draw(st.sampled_from(("", "", "  "))))
        value, lines = draw(st.sampled_from(forms))(key)
        blocks.append(Block(key, value, tuple(before), tuple(lines)))
    newline = draw(st.sampled_from(("\n", "\n", "\r\n")))
    return Document(
        tuple(blocks),
        head=draw(
            st.sampled_from(("", "", "\ufeff", f"---{newline}", f"%YAML 1.2{newline}---{newline}"))
        ),
        newline=newline,
        final=draw(st.integers(0, 3)) > 0,
        after=tuple(writer.between(draw(st.sampled_from(("", "  "))))),
        comments=tuple(writer.comments),
    )
