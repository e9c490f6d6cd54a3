"""Templates compiled by shorter ways say what Jinja's own would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, UndefinedError
from markupsafe import Markup, escape

from bookreviews import compiling

MACROS = """
{% macro plain(value, other="<i>") %}<b>{{ value }}{{ other }}</b>{% endmacro %}
{% macro many(first) %}{{ first }}{{ varargs | join }}{{ kwargs | dictsort }}{% endmacro %}
{% macro around() %}[{{ caller("&") }}]{% endmacro %}
{% macro known() %}{{ site }}{% endmacro %}
"""
BASE = "<title>{% block title %}A & B{% endblock %}</title>{% block content %}base {{ value }}{% endblock %}"
TEMPLATES = {
    "an escaped value": "{{ value }} {{ value | safe }} {{ value ~ '<' }} {{ number }} {{ nothing }} {{ absent }}",
    "a call": "{{ join('<', value) }} {{ join(*pair) }} {{ join(**named) }} {{ join('<', b=value) }}",
    "a call in a call": "{{ join(join('a', 'b'), join(value, b='c')) }}",
    "a method": "{{ value.upper() }} {{ named.get('a') }} {{ named.items() | list }}",
    "a call in a loop": "{% for one in pair %}{{ loop.cycle('x', '>') }}{{ join(one, loop.index) }}{% endfor %}",
    "a loop in itself": "{% for one in tree recursive %}<{{ one.name }}{{ loop(one.under) }}>{% endfor %}",
    "macros": "{% from 'macros' import plain, many, known %}{{ plain(value) }}{{ plain('&', other=value) }}"
    "{{ many(1, 2, '<', a=value) }}{{ known() }}",
    "macros of a module": "{% import 'macros' as some %}{{ some.plain(some.plain(value)) }}",
    "macros that know what this one does": "{% from 'macros' import known with context %}{% set site = value %}{{ known() }}",
    "a call block": "{% from 'macros' import around %}{% call(word) around() %}{{ word }}{{ value }}{% endcall %}",
    "blocks": "{% extends 'base' %}{% block title %}{{ super() }}!{% endblock %}"
    "{% block content %}{{ self.title() }}{{ super() }}{{ join('<', value) }}{% endblock %}",
    "what is included": "{% set value = '<set>' %}{% include 'base' %}",
    "unescaped": "{% autoescape false %}{{ value }}{{ join('<', value) }}{% endautoescape %}",
    "escaped by a variable": "{% autoescape number == 7 %}{{ value }}{% endautoescape %}",
    "a block as a value": "{% set words %}<{{ value }}>{% endset %}{{ words }}{{ join(words, words) }}",
}
VALUES = {
    "value": "Tom & \"Jerry\" <3 'em", "number": 7, "nothing": None, "pair": ["<", Markup("<br>")],
    "named": {"a": "<a>", "b": Markup("<b>")}, "tree": [{"name": "&", "under": [{"name": "x", "under": []}]}],
}  # fmt: skip


class HasHTML:
    """Something that knows how it stands in HTML."""

    def __html__(self):
        return "<em>it</em>"


def environment(*changes):
    made = Environment(autoescape=True, loader=DictLoader(TEMPLATES | {"macros": MACROS, "base": BASE}))
    made.globals |= {"join": lambda a, b: Markup("{}<hr>{}").format(a, b), "site": "R&D"}
    for change in changes:
        change(made)
    return made


def with_short_ways(made):
    made.code_generator_class, made.escaped = compiling.ShortWays, compiling.escaped


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_says_the_same(name):
    jinjas, ours = (some.get_template(name).render(VALUES) for some in (environment(), environment(with_short_ways)))
    assert ours == jinjas


def test_what_is_not_there_cannot_be_called():
    with pytest.raises(UndefinedError, match="'absent' is undefined"):
        environment(with_short_ways).from_string("{{ absent(1) }}").render()


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("&<>'\""))))
def test_any_text_is_escaped_as_it_always_was(text):
    assert compiling.escaped(text) == escape(text)


@pytest.mark.parametrize(
    "value", [Markup("<br>"), HasHTML(), 3, 2.5, None, [], ["<"], Exception("<")], ids=lambda value: type(value).__name__
)
def test_any_value_is_escaped_as_it_always_was(value):
    assert str(compiling.escaped(value)) == str(escape(value))


def test_the_site_compiles_so_and_calls_nothing_that_wants_the_context(sqlite_app):
    jinja = sqlite_app.jinja_env
    assert "environment.escaped(" in jinja.compile("{{ value }}", raw=True)
    assert "context.call(" not in jinja.compile("{{ value(1) }}", raw=True)
    with sqlite_app.test_request_context():
        known = dict(jinja.globals)
        sqlite_app.update_template_context(known)
        assert not [name for name, value in known.items() if hasattr(value, "jinja_pass_arg")]
