"""An expression over one entry, as closures: nothing of its text runs as Python."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsv_git.manifest.entry import Entry
from dsv_git.manifest.names import printable
from dsv_git.query.fields import FIELDS, Field, Value, field_of
from dsv_git.query.glob import path_pattern, text_pattern
from dsv_git.query.grammar import parse, refusal
from dsv_git.query.literals import literal

if TYPE_CHECKING:
    from lark import Token, Tree

Condition = Callable[[Entry], bool]


@dataclass(frozen=True)
class Expression:
    """An expression as a person typed it, and what it says of an entry. `labels` and `splits` are
    those that it compares with, so that a mistyped one can be told."""

    text: str
    matches: Condition
    labels: tuple[str, ...]
    splits: tuple[str, ...]


def compiled(text: str, props: Collection[str]) -> Expression:
    """Reads an expression over entries that have these `props`.

    Raises InputError with the place for what is none, for a name that does not exist, and for a
    value that its field never has.
    """
    compiler = _Compiler(text, props)
    matches = compiler.condition(parse(text))
    named = compiler.named
    return Expression(text, matches, tuple(named["label"]), tuple(named["split"]))


class _Compiler:
    def __init__(self, text: str, props: Collection[str]) -> None:
        self._text = text
        self._props = props
        self.named: dict[str, list[str]] = {name: [] for name in FIELDS}

    def condition(self, tree: Tree[Any]) -> Condition:
        """Recursion is as deep as the brackets, which are counted."""
        denied = False
        while tree.data == "denied":
            tree, denied = tree.children[0], not denied
        if tree.data in ("either", "both"):
            found = _of_several(tree.data == "both", [self.condition(c) for c in tree.children])
        else:
            found = getattr(self, f"_{tree.data}")(*tree.children)
        return (lambda entry: not found(entry)) if denied else found

    def _given(self, where: Tree[Any]) -> Condition:
        field = self._field(where)
        if field.kind == "number" or field.name in ("path", "hash"):
            raise self._refuse(where, f"every file has a {field.name}: compare it with a value")
        return field.given

    def _compared(self, where: Tree[Any], sign: Token, value: Tree[Any]) -> Condition:
        field, wanted = self._field(where), literal(value)
        if sign in ("==", "=", "!="):
            equal = self._equal(field, wanted, value)
            return equal if sign != "!=" else lambda entry: not equal(entry)
        if field.kind not in ("number", "any") or isinstance(wanted, bool):
            raise self._refuse_token(sign, f"{field.name} has no order: ==, !=, in [...], like")
        self._expect(field, wanted, value)
        return field.ordered(str(sign), wanted)

    def _like(self, where: Tree[Any], _: Token, pattern: Tree[Any]) -> Condition:
        field = self._field(where)
        if field.kind == "number":
            raise self._refuse(where, f"{field.name} is a number: compare it with one")
        text = str(literal(pattern))
        test = path_pattern(text) if field.name == "path" else text_pattern(text)
        return field.some(lambda value: isinstance(value, str) and test(value))

    def _unlike(self, where: Tree[Any], *rest: Any) -> Condition:
        like = self._like(where, *rest)
        return lambda entry: not like(entry)

    def _among(self, where: Tree[Any], values: Tree[Any]) -> Condition:
        field = self._field(where)
        tests = [self._equal(field, literal(one), one) for one in values.children]
        return _of_several(False, tests)

    def _not_among(self, where: Tree[Any], values: Tree[Any]) -> Condition:
        among = self._among(where, values)
        return lambda entry: not among(entry)

    def _holds(self, value: Tree[Any], where: Tree[Any]) -> Condition:
        field = self._field(where)
        if field.kind != "texts":
            hint = f'{field.name} like "*{literal(value)}*"'
            raise self._refuse(where, f"{field.name} is one value: write {hint}")
        return self._equal(field, literal(value), value)

    def _holds_not(self, value: Tree[Any], where: Tree[Any]) -> Condition:
        holds = self._holds(value, where)
        return lambda entry: not holds(entry)

    def _equal(self, field: Field, wanted: Value, where: Tree[Any]) -> Condition:
        self._expect(field, wanted, where)
        if isinstance(wanted, str):
            self.named[field.name].append(wanted) if field.name in self.named else None
        return field.equal(wanted)

    def _expect(self, field: Field, wanted: Value, where: Tree[Any]) -> None:
        text = isinstance(wanted, str)
        if field.kind == "number" and (text or isinstance(wanted, bool)):
            raise self._refuse(where, f"{field.name} is a number of bytes: {field.name} > 10 kB")
        if field.kind in ("text", "texts") and not text:
            raise self._refuse(where, f'{field.name} is a text: {field.name} == "…"')

    def _field(self, tree: Tree[Any]) -> Field:
        first = tree.children[0]
        if tree.data == "name":
            found = field_of(str(first))
        elif str(first) != "props":
            found = None
        else:
            found = self._prop(tree.children[1])
        if found is None:
            names = (*FIELDS, *(f"props.{key}" for key in sorted(self._props)[:10]))
            word = self._text[tree.meta.start_pos : tree.meta.end_pos]
            raise refusal(
                self._text,
                tree.meta.start_pos,
                f"there is no name {printable(word)!r}",
                _nearest(word, names, "names that there are: "),
            )
        return found

    def _prop(self, name: Any) -> Field | None:
        key = str(name) if isinstance(name, str) else str(literal(name))
        if key in self._props:
            return field_of("props", key)
        raise refusal(
            self._text,
            name.meta.start_pos if hasattr(name, "meta") else name.start_pos,
            f"no file has a property {printable(key)!r}",
            _nearest(key, self._props, "properties that there are: "),
        )

    def _refuse(self, tree: Tree[Any], message: str) -> Exception:
        return refusal(self._text, tree.meta.start_pos, message)

    def _refuse_token(self, token: Token, message: str) -> Exception:
        return refusal(self._text, token.start_pos or 0, message)


def _of_several(every: bool, tests: Sequence[Condition]) -> Condition:
    if len(tests) == 1:
        return tests[0]

    def holds(entry: Entry) -> bool:
        for test in tests:
            if test(entry) is not every:
                return not every
        return every

    return holds


def _nearest(word: str, names: Collection[str], there: str) -> str:
    from dsv_git.manifest.yamltext import nearest

    near = nearest(word, list(names))
    told = ", ".join(sorted(names)[:20]) if names else "none"
    return (f"did you mean {near}? " if near else "") + there + told
