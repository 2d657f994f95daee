"""The grammar of expressions, and what is said of a text that is none.

Lark reads it as LALR(1): the time is proportional to the text, and nothing of it is ever run as
Python. A condition compares one field with values that are written out: there is no arithmetic, no
function, no loop and no regular expression, so an expression costs what its length says.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from dsv_git.errors import InputError
from dsv_git.manifest.names import printable

if TYPE_CHECKING:
    from lark import Lark, Token, Tree
    from lark.exceptions import UnexpectedInput

LONGEST: Final = 4000
"""Characters of an expression."""
DEEPEST: Final = 50
"""Brackets in brackets."""

GRAMMAR: Final = r"""
?start: either
?either: both | both (_OR both)+
?both: denied | denied (_AND denied)+
?denied: condition | (_NOT | _DENY) denied -> denied
?condition: field -> given
          | field COMPARED value -> compared
          | field LIKE text -> like
          | field _NOT LIKE text -> unlike
          | field _IN list -> among
          | field _NOT _IN list -> not_among
          | text _IN field -> holds
          | text _NOT _IN field -> holds_not
          | "(" either ")"
field: NAME -> name
     | NAME "." NAME -> prop
     | NAME "[" text "]" -> prop
list: "[" value ("," value)* "]"
?value: text | number | truth
text: STRING
number: NUMBER UNIT?
truth: TRUTH
_OR: "or" | "||"
_AND: "and" | "&&"
_DENY: "!"
_NOT: "not"
_IN: "in"
LIKE: "like"
COMPARED: "==" | "!=" | "<=" | ">=" | "<" | ">" | "="
TRUTH.2: /(true|false)\b/
NUMBER.2: /-?[0-9]{1,18}(\.[0-9]{1,18})?/
UNIT.2: /(B|[kmgt]i?b)\b/i
NAME: /[A-Za-z_][A-Za-z0-9_-]*/
STRING: /"([^"\\\n]|\\.)*"|'([^'\\\n]|\\.)*'/
%import common.WS
%ignore WS
"""


def parse(text: str) -> Tree[Token]:
    """The tree of an expression. Raises InputError that shows the place."""
    from lark.exceptions import UnexpectedInput

    if len(text) > LONGEST:
        raise InputError(
            f"the expression has {len(text):,} characters, at most {LONGEST:,} are read",
            hint="list the paths in a file: --keep LIST",
        )
    _refuse_deep(text)
    try:
        return _parser().parse(text)
    except UnexpectedInput as error:
        raise refusal(text, _place(text, error), _what(text, error)) from None


def refusal(text: str, at: int, message: str, hint: str | None = None) -> InputError:
    """What is wrong at a character of the expression, with a mark below it."""
    start = max(0, at - 60)
    shown = printable(text[start : at + 60])
    mark = " " * len(printable(text[start:at])) + "^"
    return InputError(f"{message}\n  {shown}\n  {mark}", hint=hint)


def _refuse_deep(text: str) -> None:
    depth = 0
    for at, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if depth > DEEPEST:
            raise refusal(text, at, f"more than {DEEPEST} brackets in brackets")


@cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(GRAMMAR, parser="lalr", propagate_positions=True, maybe_placeholders=False)


def _place(text: str, error: UnexpectedInput) -> int:
    over = getattr(getattr(error, "token", None), "type", "") == "$END"
    return len(text.rstrip()) if over else error.pos_in_stream or 0


def _what(text: str, error: UnexpectedInput) -> str:
    """The likeliest mistake, in words: what stands at the place, against what may stand there."""
    rest = text[_place(text, error) :]
    before = text[: len(text) - len(rest)].rstrip()
    wanted = getattr(error, "accepts", None) or getattr(error, "allowed", None) or set()
    word = re.match(r"[A-Za-z_][A-Za-z0-9_-]*", rest)
    mistakes = (
        (not text.strip(), "the expression is empty"),
        (not rest, "the expression ends too early"),
        (rest.startswith(("'", '"')) and "STRING" in wanted, "this text does not end"),
        (
            word and "STRING" in wanted and "NAME" not in wanted,
            f'a value stands here, a text in quotes: "{word.group() if word else ""}"',
        ),
        (
            before.endswith(("'", '"')) and "_IN" in wanted and "COMPARED" not in wanted,
            'the field stands first, then the value: label == "cat"',
        ),
        (rest.startswith("(") and "LSQB" in wanted, "there are no functions"),
    )
    return next((said for made, said in mistakes if made), "this is not understood here")
