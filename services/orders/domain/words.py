"""Text as a search sees it: lower case, no accents, split into words; and the beginnings that an index holds."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 16  # of a longer word only so many letters count, here and in a search
MOST_WORDS = 40

_WORD = re.compile(r"[0-9a-z]+")


def plain(text: str) -> str:
    """The text in lower case without accents: `Crème` and `CREME` are one."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def words(*texts: str) -> tuple[str, ...]:
    """The different words of these texts, in their order, at most forty."""
    found = dict.fromkeys(word[:LONGEST] for text in texts for word in _WORD.findall(plain(text)))
    return tuple(found)[:MOST_WORDS]


def prefixes(of: Iterable[str]) -> tuple[str, ...]:
    """Every beginning of these words, from one letter to all of them."""
    return tuple(dict.fromkeys(word[:size] for word in of for size in range(1, len(word) + 1)))
