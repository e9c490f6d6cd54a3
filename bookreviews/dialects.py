"""SQL that each database writes in its own way."""

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


def written(result, **texts):
    """A function of SQL.

    :param result: the type of what it returns.
    :param texts: how each database writes it, by its name: `{0}`, `{1}`, … stand for the arguments, `{all}` for all of them.
    """

    class Written(FunctionElement):
        type = result
        inherit_cache = True

    for database, text in texts.items():
        compiles(Written, database)(writing(text))
    return Written


def writing(text):
    """What makes such a text of a function and its arguments."""

    def write(element, compiler, **options):
        each = [compiler.process(clause, **options) for clause in element.clauses]
        return text.format(*each, all=", ".join(each))

    return write
