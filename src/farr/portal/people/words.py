"""Words that are tried first here, and of which a password must not mostly be made: of the portal, of its hosts, of organisations, of
agreements and of roles, and those that portal.toml adds."""

import unicodedata
from collections.abc import Iterator

from farr.lab.model.errors import FarrError
from farr.portal.access.roles import ROLES
from farr.portal.agreements.files import held
from farr.portal.benchmarks.published import PUBLISHED
from farr.portal.installation import Installation
from farr.portal.settings import FARR

SHORTEST = 4
_OF_THE_PRODUCT = ("farr", "portal", "benchmarks")
_IN_PLACE_OF_LETTERS = str.maketrans("013457@$!", "oieastasi")


def known_words(settings: Installation = FARR) -> frozenset[str]:
    """In small letters and digits, without what stands between: each word of four or more, and what several make together."""
    return frozenset(word for said in _said(settings) for word in _words(said) if len(word) >= SHORTEST and not word.isdigit())


def guessable(password: str, words: frozenset[str]) -> list[str]:
    """The words that make up more than half of the password, without regard to capitals, digits and punctuation; none where they make up
    less. Digits that stand for letters (h0spita1) count as those letters."""
    typed = _small(password)
    letters = "".join(each for each in typed if each.isalpha())
    swapped = "".join(each for each in typed.translate(_IN_PLACE_OF_LETTERS) if each.isalpha())
    alone = frozenset("".join(each for each in word if each.isalpha()) for word in words)
    for form, among in (("".join(each for each in typed if each.isalnum()), words), (letters, alone), (swapped, alone)):
        if found := _most_of(form, among):
            return found
    return []


def _most_of(form: str, words: frozenset[str]) -> list[str]:
    covered, found = set[int](), list[str]()
    for word in sorted(words, key=lambda each: (-len(each), each)):
        if len(word) < SHORTEST:
            break
        at = form.find(word)
        if at >= 0 and not covered.issuperset(range(at, at + len(word))):
            found.append(word)
        while at >= 0:
            covered.update(range(at, at + len(word)))
            at = form.find(word, at + 1)
    return found if 2 * len(covered) > len(form) else []


def _said(settings: Installation) -> Iterator[str]:
    """Everything that the portal calls something."""
    yield from (*_OF_THE_PRODUCT, settings.name, *settings.hosts, *settings.password_words)
    yield from (role.title for role in ROLES.values())
    for agreement in held(settings).agreements:
        yield from (agreement.terms.id, agreement.terms.title)
    try:
        contents = PUBLISHED.contents()
    except FarrError:  # nothing is published yet, or not by whom is trusted: then there are no such words
        return
    for each in contents.organisations:
        yield from (each.code, each.name)
    for title, plural in contents.levels.values():
        yield from (title, plural)


def _words(said: str) -> Iterator[str]:
    parts = "".join(each if each.isalnum() else " " for each in _small(said)).split()
    yield from parts
    if len(parts) > 1:
        yield "".join(parts)


def _small(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
