"""In whose name one may confirm: a part of the employer is enough, of a training organisation it takes the whole."""

import pytest

from lms.certification.rules.issuing import may_act_for


@pytest.mark.parametrize(
    ("kind", "path", "scopes", "may"),
    [
        pytest.param("employer", "/1/", ("/1/2/",), True, id="an officer of a plant for the company"),
        pytest.param("employer", "/1/2/", ("/1/",), True, id="an officer of the company for the plant"),
        pytest.param("employer", "/1/", ("/3/",), False, id="another company"),
        pytest.param("employer", "/", ("/3/",), True, id="an employer of the whole site"),
        pytest.param("training_org", "/1/", ("/1/",), True, id="the training organisation's own administrator"),
        pytest.param("training_org", "/1/", ("/",), True, id="the whole site's administrator"),
        pytest.param("training_org", "/1/", ("/1/2/",), False, id="an officer of a plant for the training organisation"),
        pytest.param("training_org", "/", ("/1/",), False, id="an officer of a company for a body of the whole site"),
        pytest.param("training_org", "/", (), False, id="nobody"),
    ],
)
def test_who_may_act_for_an_issuer(kind: str, path: str, scopes: tuple[str, ...], may: bool) -> None:
    assert may_act_for(kind, path, scopes) is may
