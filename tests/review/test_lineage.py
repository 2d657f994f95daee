"""The lineage of versions as a graph in text, and as mermaid."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.review.lineage import NODE, Node, children_first, graph_lines, mermaid
from dsv_git.review.lines import plain

ARTICLE = {
    "merged@1.0": ("kaggle@1.0", "youtube@1.1"),
    "youtube@1.1": ("youtube@1.0",),
    "kaggle@1.0": (),
    "youtube@1.0": (),
}


@st.composite
def lineages(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """Versions with parents among those that come after them, in an order that is given."""
    names = [f"v{n}" for n in range(draw(st.integers(0, 9)))]
    found = {
        name: tuple(draw(st.lists(st.sampled_from(names[n + 1 :]), unique=True, max_size=4)))
        if names[n + 1 :]
        else ()
        for n, name in enumerate(names)
    }
    return {name: found[name] for name in draw(st.permutations(names))}


def drawn(parents: dict[str, tuple[str, ...]]) -> str:
    return plain(graph_lines([Node(name, parents[name]) for name in children_first(parents)]))


def test_a_merge_of_two_lines() -> None:
    assert drawn(ARTICLE) == (
        "● merged@1.0\n"
        "├─╮\n"
        "│ ● youtube@1.1\n"
        "● │ kaggle@1.0\n"
        "  ● youtube@1.0\n"
    )  # fmt: skip


def test_branches_meet_again_where_they_came_from() -> None:
    parents = {"d": ("b", "c"), "b": ("a",), "c": ("a",), "a": ()}
    assert drawn(parents) == ("● d\n├─╮\n● │ b\n│ ● c\n├─╯\n● a\n")


def test_lines_that_cross_are_crossed() -> None:
    nodes = {"x": ("a", "b", "c"), "y": ("a",), "c": (), "b": (), "a": ()}
    assert drawn(nodes) == (
        "● x\n"
        "├─┬─╮\n"
        "│ │ │ ● y\n"
        "│ │ ● │ c\n"
        "│ ●   │ b\n"
        "├─────╯\n"
        "● a\n"
    )  # fmt: skip


def test_more_lines_of_a_version_stand_beside_the_line_to_its_parent() -> None:
    child = Node("b", ("a",), (((("b"), "bold"),), (("more", ""),)))
    assert plain(graph_lines([child, Node("a")])) == "● b\n│ more\n● a\n"


@given(lineages())
@settings(deadline=None, max_examples=200)
def test_children_stand_before_parents(parents: dict[str, tuple[str, ...]]) -> None:
    order = children_first(parents)
    assert sorted(order) == sorted(parents)
    place = {name: n for n, name in enumerate(order)}
    assert all(place[name] < place[p] for name in parents for p in parents[name])


@given(lineages())
@settings(deadline=None, max_examples=200)
def test_the_lines_of_a_graph_lead_from_each_version_to_its_parents_alone(
    parents: dict[str, tuple[str, ...]],
) -> None:
    assert connections(drawn(parents)) == {
        (name, parent) for name in parents for parent in parents[name]
    }


@given(
    st.dictionaries(
        st.sampled_from("abcd"), st.lists(st.sampled_from("abcdx"), max_size=3), max_size=4
    )
)
@settings(deadline=None, max_examples=200)
def test_cycles_and_unknown_parents_end(parents: dict[str, list[str]]) -> None:
    nodes = [Node(name, tuple(parents[name])) for name in children_first(parents)]
    text = plain(graph_lines(nodes))
    assert text.count(NODE) == len(parents)
    assert mermaid(nodes).startswith("graph TD\n")


def connections(text: str) -> set[tuple[str, str]]:
    """Follows the lines of a drawn graph down, turn by turn, as an eye would."""
    rows = [list(line) for line in text.splitlines()]
    names = {
        (row, line.index(NODE)): "".join(line).split()[-1]
        for row, line in enumerate(rows)
        if NODE in line
    }
    found = set()
    for (row, column), name in names.items():
        todo, seen = [(row + 1, column, "down")], set()
        while todo:
            here = todo.pop()
            at_row, at, way = here
            if here in seen or at_row >= len(rows) or not 0 <= at < len(rows[at_row]):
                continue
            seen.add(here)
            if (at_row, at) in names:
                if way == "down":
                    found.add((name, names[at_row, at]))
                continue
            todo += [
                step
                for step in (
                    (at_row + 1, at, "down"),
                    (at_row, at + 1, "right"),
                    (at_row, at - 1, "left"),
                )
                if step[2] in TURNS.get((rows[at_row][at], way), "")
            ]
    return found


TURNS = {
    ("│", "down"): "down",
    ("├", "down"): "down right",
    ("┼", "down"): "down",
    ("╯", "down"): "left",
    ("┴", "down"): "left",
    ("─", "right"): "right",
    ("─", "left"): "left",
    ("┼", "right"): "right",
    ("┼", "left"): "left",
    ("┬", "right"): "down right",
    ("┴", "left"): "left",
    ("╮", "right"): "down",
    ("├", "left"): "down",
}
"""Where a line goes on, by its sign and the way it is entered."""


def test_mermaid_has_every_version_and_every_parent() -> None:
    nodes = [Node(name, ARTICLE[name]) for name in children_first(ARTICLE)]
    assert mermaid(nodes) == (
        "graph TD\n"
        '  v0["youtube@1.0"]\n'
        '  v1["kaggle@1.0"]\n'
        '  v2["youtube@1.1"]\n'
        '  v3["merged@1.0"]\n'
        "  v0 --> v2\n"
        "  v1 --> v3\n"
        "  v2 --> v3\n"
    )


def test_mermaid_shows_a_parent_that_is_tracked_elsewhere() -> None:
    assert mermaid([Node("a@1", ("clearml:48b8",))]) == (
        'graph TD\n  v0(["clearml:48b8"])\n  v1["a@1"]\n  v0 --> v1\n'
    )


def test_mermaid_takes_no_label_for_its_own_language() -> None:
    text = mermaid([Node('a"] --> x; <b>`#', ())])
    assert text == 'graph TD\n  v0["a#34;#93; --#62; x#59; #60;b#62;#96;#35;"]\n'
    assert "\x1b" not in mermaid([Node("a\x1b[2J\n", ())])
