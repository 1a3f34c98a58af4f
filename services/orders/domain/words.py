"""Text as a search sees it: lower case, no accents, split into words; and the beginnings that an index holds."""

import re
import unicodedata
from collections.abc import Iterable

# An index holds the beginnings of words from two letters on, up to eight: fewer entries make cheaper writes.
_SHORTEST = 2
_LONGEST = 8
MOST_WORDS = 40

_WORD = re.compile(r"[0-9a-z]+")


def plain(text: str) -> str:
    """The text in lower case without accents: `Crème` and `CREME` are one."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def words(*texts: str) -> tuple[str, ...]:
    """The different words of these texts, in their order, at most forty."""
    found = dict.fromkeys(word for text in texts for word in _WORD.findall(plain(text)))
    return tuple(found)[:MOST_WORDS]


def prefixes(of: Iterable[str]) -> tuple[str, ...]:
    """The beginnings of these words that an index holds."""
    longest = {word: min(len(word), _LONGEST) for word in of}
    return tuple(dict.fromkeys(word[:size] for word in longest for size in range(_SHORTEST, longest[word] + 1)))


def key_of(wanted: Iterable[str]) -> str | None:
    """The beginning by which an index finds the fewest candidates; None where all words are too short for it."""
    longest = max(wanted, key=len, default="")
    return longest[:_LONGEST] if len(longest) >= _SHORTEST else None


def begin_words(wanted: Iterable[str], present: Iterable[str]) -> bool:
    """Whether each wanted word begins at least one of those present."""
    there = tuple(present)
    return all(any(word.startswith(each) for word in there) for each in wanted)
