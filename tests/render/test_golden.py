"""Every form of a full and of an empty week, as it was last approved."""

import pytest

from tests.render.forms import GOLDEN, files

FILES = files()


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_form_is_as_it_was_approved(name: str) -> None:
    assert FILES[name] == (GOLDEN / name).read_bytes()


def test_every_golden_file_is_made_by_a_form() -> None:
    kept = {file.name for file in GOLDEN.iterdir() if not file.name.startswith(".")}
    assert kept == set(FILES)
