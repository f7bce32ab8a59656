from harness.isolation.cube import Cube, State
from harness.isolation.narrowing import is_smallest, needed_levels, questions
from harness.isolation.space import Space

LOW, HIGH = State.LOW, State.HIGH
EIGHT = Space((2,) * 8)


def cube(known, space=EIGHT):
    return Cube.of(space, known, State.BARRED)


def test_one_probe_halves_the_row():
    assert questions(cube({0: LOW, 0xFF: HIGH}), 0xFF, 1) == (0x0F,)


def test_two_probes_cut_it_in_three():
    assert questions(cube({0: LOW, 0xFF: HIGH}), 0xFF, 2) == (0b11, 0b11111)


def test_a_needed_level_is_asked_alone_first():
    made = cube({0: LOW, 0b0111: LOW, 0b1111: HIGH})
    assert needed_levels(made, 0b1111) == 0b1000
    assert questions(made, 0b1111, 2) == (0b1000,)


def test_then_the_stretch_above_it_is_cut():
    made = cube({0: LOW, 0b0111: LOW, 0b1000: LOW, 0b1111: HIGH})
    assert questions(made, 0b1111, 1) == (0b1001,)


def test_levels_seen_in_no_low_set_come_first():
    made = cube({0: LOW, 0b00000111: LOW, 0b00111111: HIGH})
    assert questions(made, 0b00111111, 1) == (0b00001111,)


def test_nothing_is_left_to_ask_of_a_smallest_set():
    made = cube({0: LOW, 0b01: LOW, 0b10: LOW, 0b11: HIGH})
    assert is_smallest(made, 0b11)
    assert questions(made, 0b11, 1) == ()


def test_a_barred_half_is_walked_around():
    space = Space((2,) * 4, excluded=frozenset({(1, 1, 0, 0)}))
    assert questions(cube({0: LOW, 0xF: HIGH}, space), 0xF, 1) == (0b0001,)


def test_every_part_of_a_small_set_is_tried_before_it_is_left():
    allowed = {(0, 0, 0), (1, 1, 1), (0, 1, 0)}
    space = Space((2,) * 3, excluded=lambda cell: cell not in allowed)
    assert questions(cube({0: LOW, 0b111: HIGH}, space), 0b111, 1) == (0b010,)
    assert questions(cube({0: LOW, 0b010: LOW, 0b111: HIGH}, space), 0b111, 1) == ()


def test_a_large_set_with_every_way_barred_is_left():
    allowed = {(0,) * 12, (1,) * 12}
    space = Space((2,) * 12, excluded=lambda cell: cell not in allowed)
    assert questions(cube({0: LOW, 0xFFF: HIGH}, space), 0xFFF, 2) == ()
