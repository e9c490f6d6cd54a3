"""Readers' words to safe HTML (pure): CommonMark without HTML and images, and `>!spoilers!<`."""

import re
from functools import lru_cache
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import blockquote
from markupsafe import Markup, escape

# A check box opens a spoiler without JavaScript, from the keyboard and in a screen reader.
SPOILER_OPEN = (
    '<label class="spoiler"><input type="checkbox"> <span class="spoiler-name">spoiler</span> <span class="spoiler-text">'
)
SPOILER_CLOSE = "</span></label>"
SPOILER, SPOILER_AS_TYPED = re.compile("<label.*?</label>", re.DOTALL), re.compile(">!.*?!<", re.DOTALL)
TAG = re.compile(r'<(?:[^">]|"[^"]*")*>')
TAGS = {
    "p", "br", "em", "strong", "s", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "a", "h4",
    "label", "input", "span",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "label": {"class"}, "span": {"class"}, "input": {"type"}}


def quote(state, start, end, silent):
    """A block quotation, unless the line begins with a spoiler."""
    if state.src.startswith(">!", state.bMarks[start] + state.tShift[start]):
        return False
    return blockquote(state, start, end, silent)


def spoiler(state, silent):
    """Inline rule for `>!hidden words!<`, as Reddit and Discord write it."""
    if not state.src.startswith(">!", state.pos):
        return False
    start, end = state.pos + 2, state.src.find("!<", state.pos + 2, state.posMax)
    if end <= start:
        return False
    if not silent:
        after = state.posMax
        state.push("spoiler_open", "span", 1)
        if state.linkLevel:  # a link in a link would end the spoiler with the first one
            state.push("text", "", 0).content = state.src[start:end]
        else:
            state.pos, state.posMax = start, end
            state.md.inline.tokenize(state)
        state.push("spoiler_close", "span", -1)
        state.posMax = after
    state.pos = end + 2
    return True


def parser():
    """The Markdown that reviews may use."""
    md = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough")
    md.block.ruler.at("blockquote", quote, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.inline.ruler.before("emphasis", "spoiler", spoiler)
    md.add_render_rule("spoiler_open", lambda *_: SPOILER_OPEN)
    md.add_render_rule("spoiler_close", lambda *_: SPOILER_CLOSE)
    # A picture would tell its server who reads: only its words are shown.
    md.add_render_rule("image", lambda _self, tokens, i, *_: escape(SPOILER_AS_TYPED.sub("[spoiler]", tokens[i].content)))
    md.add_render_rule("named_link_close", lambda _self, tokens, i, *_: f"{escape(tokens[i].content)}</a>")
    return md


MD = parser()
# For texts with more brackets than links can have: to look for the end of each takes the square of their number.
WITHOUT_LINKS = parser().disable(["link", "image", "reference"])
MOST_BRACKETS = 500


def parse(source):
    """The tokens of Markdown `source`, in a time that grows as it does."""
    return (MD if source.count("[") <= MOST_BRACKETS else WITHOUT_LINKS).parse(source)


@lru_cache(8)  # whoever checks a text and whoever keeps it ask for the same
def render(source):
    """Safe HTML for Markdown `source`: nothing in it loads anything, runs anything or lends a link our name."""
    tokens = parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):  # the page's own headings stand above a reader's
            token.tag = "h4"
        name_links(token.children or [])
    html = MD.renderer.render(tokens, MD.options, {})
    return Markup(
        nh3.clean(
            html,
            tags=TAGS,
            attributes=ATTRIBUTES,
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow ugc noopener noreferrer",
        )
    )


def name_links(tokens):
    """Give a link without words its address for a name: nobody can follow what they cannot see."""
    address, words = "", ""
    for token in tokens:
        if token.type == "link_open":
            address, words = token.attrGet("href"), ""
        elif token.type == "link_close" and not words.strip():
            token.type, token.content = "named_link_close", address
        words += token.content


def excerpt(html, length=240):
    """The first words of rendered HTML as plain text, without its spoilers, cut at a word's end where that is near."""
    text = " ".join(unescape(TAG.sub("", SPOILER.sub("[spoiler]", html))).split())
    if len(text) <= length:
        return text
    cut = text[: length + 1].rpartition(" ")[0]
    return (cut if len(cut) > length // 2 else text[:length]) + " …"


def torn_spoiler(source):
    """Whether a spoiler begins in one paragraph and ends in another, where nothing would hide it."""
    if "!<" not in source.partition(">!")[2]:
        return False
    texts = [token.content for block in parse(source) for token in block.children or () if token.type == "text"]
    plain = "\n".join(texts)
    return "!<" in plain.partition(">!")[2]
