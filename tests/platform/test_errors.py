"""The family of errors: a sentence, its values, its status."""

import pytest

from lms.errors import Conflict, Invalid, NotAllowed, NotFound, SiteError


@pytest.mark.parametrize(("kind", "status"), [(NotFound, 404), (NotAllowed, 403), (Conflict, 409), (Invalid, 422), (SiteError, 400)])
def test_an_error_has_its_status_and_its_sentence(kind: type[SiteError], status: int) -> None:
    error = kind("There is no %(what)s of %(n)s %%.", what="share", n=5)
    assert error.status == status
    assert error.exit_status == 1
    assert str(error) == "There is no share of 5 %."
    assert (error.message, error.params) == ("There is no %(what)s of %(n)s %%.", {"what": "share", "n": 5})


def test_a_sentence_without_values_stands_as_it_is() -> None:
    assert str(Conflict("100 % done")) == "100 % done"
