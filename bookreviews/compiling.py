"""How templates are compiled: by Jinja, with shorter ways for what a page does hundreds of times.

A book's page calls some four hundred functions and escapes seven hundred values. Jinja asks before each call whether the
function wants to know the context, and makes Markup of each value that it escapes, only to join it with the next. Here a call
is a call, so no function that templates call may be decorated with `jinja2.pass_context` or the like (filters may), and a
value that has nothing to escape stays what it is. That spares a sixth of a page's work.

What else is otherwise, and no template of ours does: a macro escapes as its own file does, also where it is called from one
that does not; and a function that raises StopIteration breaks the page, where Jinja would show nothing.
"""

import re
from io import StringIO

from jinja2.compiler import CodeGenerator
from markupsafe import Markup, escape

needs_escaping = re.compile("[&<>'\"]").search


def init_app(app):
    app.jinja_env.code_generator_class, app.jinja_env.escaped = ShortWays, escaped


def escaped(value):
    """A value as it can stand in HTML, for templates to put out: as `markupsafe.escape` has it, if not always as Markup."""
    kind = type(value)
    return value if kind is Markup or kind is str and not needs_escaping(value) else escape(value)


class ShortWays(CodeGenerator):
    """Of what Jinja writes in Python, the three expressions that are otherwise."""

    def visit_Call(self, node, frame, forward_caller=False):
        """Write a call: `function(arguments)` instead of `context.call(function, arguments)`."""
        self.visit(node.node, frame)
        written, self.stream = self.stream, StringIO()
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        arguments, self.stream = self.stream.getvalue(), written
        self.write(f"({arguments.removeprefix(', ')})")

    def _import_common(self, node, frame):
        """Write where macros come from. All templates know the same, so it need not be asked anew what this one knows."""
        if node.with_context:
            super()._import_common(node, frame)
        else:
            self.write("environment.get_template(")
            self.visit(node.template, frame)
            self.write(f", {self.name!r}).module")

    def _output_child_pre(self, node, frame, finalize):
        """Write the beginning of what escapes a value that is put out."""
        known = frame.eval_ctx.autoescape and not frame.eval_ctx.volatile
        if known and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)
