from harness.isolation.cube import Cube, State, largest, smallest
from harness.isolation.space import Space

SPACE = Space((2, 2, 2, 2), excluded=frozenset({(0, 0, 1, 1)}))
LOW, HIGH = State.LOW, State.HIGH


def made(known, unsendable=State.BARRED, space=SPACE):
    return Cube.of(space, known, unsendable)


def test_inside_a_low_set_everything_is_low_and_around_a_high_one_high():
    cube = made({0: LOW, 0b0011: LOW, 0b0100: HIGH})
    assert cube.state(0b0001) is LOW
    assert cube.state(0b0101) is HIGH
    assert cube.state(0b1000) is State.OPEN


def test_an_excluded_cell_may_not_be_asked():
    assert made({0: LOW}).state(0b1100) is State.BARRED


def test_an_unsendable_cell_has_the_state_the_cube_was_told():
    space = Space((2, 2), not_sent=frozenset({(0, 0)}))
    assert made({}, State.LOW, space).state(0b10) is LOW
    assert made({}, State.BARRED, space).state(0b10) is State.BARRED


def test_a_low_set_that_holds_a_high_one_is_a_clash_and_implies_nothing():
    cube = made({0: LOW, 0b0001: HIGH, 0b0011: LOW, 0b0111: HIGH})
    assert cube.clashes == ((0b0011, 0b0001),)
    assert cube.state(0b0011) is LOW
    assert cube.state(0b0010) is State.OPEN
    assert cube.highs == (0b0001,)


def test_a_literal_cube_infers_nothing_from_low_sets():
    cube = Cube.literal(SPACE, {0b0011: LOW, 0b0001: HIGH}, State.LOW)
    assert cube.clashes == ()
    assert cube.state(0b0010) is State.OPEN


def test_antichains_keep_the_ends():
    assert smallest([0b11, 0b1, 0b110, 0b1]) == (0b1, 0b110)
    assert largest([0b11, 0b1, 0b110]) == (0b110, 0b11)
