"""What a random sample of files tells of all of them."""

from __future__ import annotations

from math import ceil, exp, lgamma, log, log10
from typing import Final

CONFIDENCE: Final = 0.99
"""How sure a statement is that is made from a sample."""

SHARE: Final = 0.01
"""The share of damage that the usual sample rules out."""


def usual_sample(share: float = SHARE, confidence: float = CONFIDENCE) -> int:
    """How many files to look at, so that finding nothing rules out `share` of damage: 459.

    The smallest n with (1 - share)^n <= 1 - confidence, which is the binomial "success run" (zero
    failures) of W. G. Cochran, "Sampling Techniques", 3rd ed. 1977, ch. 3. Drawing without putting
    back needs fewer, never more, whatever the number of files is.
    """
    return ceil(log(1 - confidence) / log(1 - share))


def most_damaged(files: int, checked: int, bad: int, confidence: float = CONFIDENCE) -> int:
    """The most files of all that may be bad, where `bad` of `checked` random ones are.

    The largest D for which a sample as good as this, or better, has a chance above 1 - confidence:
    the exact one-sided bound of the hypergeometric distribution, by inverting its test (the form
    that C. J. Clopper and E. S. Pearson gave for the binomial in Biometrika 26, 1934; for finite
    populations J. P. Buonaccorsi, The American Statistician 41, 1987).
    """
    low, high = bad, files - (checked - bad)
    while low < high:
        middle = (low + high + 1) // 2
        if _at_most(files, middle, checked, bad) > 1 - confidence:
            low = middle
        else:
            high = middle - 1
    return low


def below_percent(files: int, most: int) -> str:
    """A percentage that at most `most` bad ones of `files` are below: two digits, rounded up."""
    share = 100 * (most + 1) / files
    if share >= 100:
        return "100"
    unit = 10.0 ** (int(log10(share)) - (1 if share >= 1 else 2))
    text = f"{ceil(share / unit - 1e-9) * unit:.10f}"
    return text.rstrip("0").rstrip(".")


def _at_most(files: int, damaged: int, checked: int, bad: int) -> float:
    """The chance that a sample holds at most `bad` damaged files."""
    whole = _log_choose(files, checked)
    return sum(
        exp(_log_choose(damaged, k) + _log_choose(files - damaged, checked - k) - whole)
        for k in range(max(0, checked - (files - damaged)), min(bad, damaged, checked) + 1)
    )


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
