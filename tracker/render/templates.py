"""The templates of the page and the mail: all they are given is escaped."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def filled(name: str, **values: object) -> str:
    """Return a template with values in it; texts are escaped, Markup is not."""
    return _environment().get_template(name).render(values)


def source(name: str) -> str:
    """Return a file of the templates' folder as it is."""
    from importlib.resources import files

    return files("tracker").joinpath("templates", name).read_text("utf-8")


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
