"""Usernames: what they may be, and which two look like one (pure)."""

import re
import unicodedata

from confusable_homoglyphs import categories, confusables

from bookreviews.text import fold

SHORTEST, LONGEST = 2, 30
# Letters and digits of any script, with single dots, hyphens and underscores between them.
SHAPE = re.compile(r"[^\W_](?:[._-]?[^\W_])*")
MOST_SIGNS = 3
# Who runs a site, and who has left it.
OFFICIAL = """
    abuse admin administrator admins bookreviews editor moderation moderator moderators mods official owner postmaster root
    security siteadmin sitemod staff support sysadmin system team theadmin themoderator webmaster formerreader aformerreader
""".split()
# What its pages are called, and who nobody is.
RESERVED = """
    account accounts all anonymous api author authors book books contact deleted everyone guest guests aguest help home
    info log login logout mail me member members mod nobody noreply null privacy reader readers areader register review
    reviewer reviewers reviews search settings site somebody undefined user users you
""".split()


class BadName(ValueError):
    """A username cannot be had; the message says why, to its reader."""


def clean(name):
    """A username as it is kept: composed, compatible characters made one (NFKC), without outer blanks.

    Of a text that is far too long for one, only the beginning is looked at.
    """
    return unicodedata.normalize("NFKC", (name or "")[: 4 * LONGEST]).strip()


def check(name, site_name=""):
    """Refuse a clean username that is too short, too long, oddly made, or that pretends to be somebody.

    :raises BadName: saying why.
    """
    if not SHORTEST <= len(name) <= LONGEST:
        raise BadName(f"A username has {SHORTEST} to {LONGEST} characters.")
    if not SHAPE.fullmatch(without_marks(name)):
        raise BadName("A username is made of letters and digits, with single dots, hyphens or underscores between them.")
    if not any(character.isalpha() for character in name):
        raise BadName("A username has at least one letter.")
    if confusables.is_mixed_script(name, allowed_aliases=["COMMON", "INHERITED", "HAN", "HIRAGANA", "KATAKANA"]):
        raise BadName("A username is written in one script: letters of several can look like another name.")
    if key_of(name) in IMPERSONAL or is_official(name, site_name):
        raise BadName("This name could be taken for the site’s own. Please choose another.")


def is_official(name, site_name):
    """Whether a name could be taken for that of somebody who runs the site, or for no name at all."""
    return key_of(name) in OFFICIAL_KEYS | {key_of(site_name)}


def without_marks(name):
    """The letters of a name without the signs on them that are characters of their own, as in Thai and Devanagari.

    A sign on nothing, and more than three on one letter, stay; and so does what belongs to no script, such as a loose
    accent, where Unicode knows no letter that has it.
    """
    kept, signs = "", MOST_SIGNS
    for character in name:
        is_sign = unicodedata.category(character).startswith("M") and categories.alias(character) != "INHERITED"
        signs = signs + 1 if is_sign else 0
        kept += character if signs == 0 or signs > MOST_SIGNS else ""
    return kept


def key_of(name):
    """What two usernames that look alike have in common: case, separators, accents and look-alikes do not tell apart.

    After the skeleton of Unicode Technical Standard 39 (https://www.unicode.org/reports/tr39/#Confusable_Detection), but
    coarser: a capital I looks like an l and is the same letter as i, so all three are one.

    >>> key_of("Paul") == key_of("PAUI") == key_of("p.a.u.l")
    True
    """
    seen = "".join(map(look, clean(name)))
    folded = "".join(map(look, fold(seen).replace(" ", "")))
    return folded.translate(SAME).replace("rn", "m").replace("vv", "w") or clean(name).casefold()


def look(character):
    """The Latin letter that a character looks like, or itself."""
    if character.isascii():
        return character
    found = confusables.is_confusable(character, greedy=True, preferred_aliases=[])
    latin = [other["c"] for other in (found[0]["homoglyphs"] if found else []) if other["c"].isascii() and other["c"].isalnum()]
    return latin[0] if latin else character


# Digits and letters that are drawn alike.
SAME = str.maketrans({"i": "l", "1": "l", "0": "o"})
IMPERSONAL = {key_of(word) for word in RESERVED}
OFFICIAL_KEYS = {key_of(word) for word in OFFICIAL}
