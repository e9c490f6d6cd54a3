"""Languages: one tag for the many ways files name them, and the name people know (pure; data of Unicode CLDR)."""

from babel import Locale
from babel.core import get_global

ALIASES = get_global("language_aliases")  # "fre" -> "fr"
NAMES = Locale("en").languages  # "fr" -> "French"
TAGS = {name.casefold(): tag for tag, name in NAMES.items() if "_" not in tag}
RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"}

# What the form for a review offers, by name; a file may bring any other.
OFFERED = sorted(
    "ar bg bn ca cs da de el en es et eu fa fi fil fr ga gl he hi hr hu id is it ja ko lt lv ms nl no pl pt ro ru sk sl sr"
    " sv sw ta th tr uk ur vi zh".split(),
    key=NAMES.get,
)


def language_tag(text):
    """The BCP 47 tag of a language named by tag, ISO 639 code or English name; None where it is none we know.

    A region is dropped: a reader who looks for English does not ask which.

    >>> [language_tag(text) for text in ("eng", "en-US", "ger", "French", "?")]
    ['en', 'en', 'de', 'fr', None]
    """
    text = (text or "").strip().casefold()
    tag = TAGS.get(text) or text.replace("_", "-").partition("-")[0]
    tag = ALIASES.get(tag, tag)
    return tag if tag in NAMES else None


def language_name(tag):
    """What `tag` is called in English."""
    return NAMES.get(tag, tag)


def direction(tag):
    """`rtl` or `ltr` for a known language, `auto` where the text itself must tell."""
    if not tag:
        return "auto"
    return "rtl" if tag in RIGHT_TO_LEFT else "ltr"
