"""A few spoilt trees of the fuzzer in every run: no exception, no harm, no change of meaning by a fix. `python -m bench.fuzz_content` tries many."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fuzz_content import judge, trees
from lms.content.packages.keeping import Kept

KEPT = Kept()


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_a_spoilt_tree_is_treated_well(seed: int) -> None:
    assert judge(next(trees(random.Random(seed))), KEPT) == []
