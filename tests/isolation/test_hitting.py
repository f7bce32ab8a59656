from hypothesis import given
from hypothesis import strategies as st

from harness.isolation.hitting import CAP, minimal_hitting_sets


@given(st.lists(st.integers(1, 63), max_size=5))
def test_they_are_all_the_smallest_sets_that_hit_every_one(sets):
    hitting = [hit for hit in range(64) if all(hit & one for one in sets)]
    expected = {
        hit for hit in hitting if not any(other != hit and not other & ~hit for other in hitting)
    }
    assert set(minimal_hitting_sets(sets)) == expected


def test_nothing_to_hit_needs_nothing():
    assert minimal_hitting_sets([]) == (0,)


def test_their_number_is_capped():
    pairs = [0b11 << 2 * place for place in range(12)]
    assert len(minimal_hitting_sets(pairs)) == CAP
