"""In whose name somebody may confirm training."""

from collections.abc import Iterable


def may_act_for(kind: str, path: str, scopes: Iterable[str]) -> bool:
    """Whether the holder of the subtrees `scopes` may confirm in the name of an issuer whose unit has this path ('/': the whole site).

    An employer's officers confirm for it in whatever part of it they look after; a training organisation's papers are the matter of those
    who look after the whole of it, for they stand for a licence.
    """
    if kind == "training_org":
        return any(path.startswith(scope) for scope in scopes)
    return any(path.startswith(scope) or scope.startswith(path) for scope in scopes)
