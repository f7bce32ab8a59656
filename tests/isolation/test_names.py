from harness.isolation.names import condition, numbered, variant_id
from harness.isolation.space import Space

SPACE = Space((2, 3))
NAMES = (("key", ("shell", "dotenv")), ("scheme", ("bearer", "lower", "raw")))


def test_a_cell_is_named_as_its_variant():
    assert variant_id(SPACE, NAMES, SPACE.changes((1, 2))) == "key=dotenv,scheme=raw"
    assert variant_id(SPACE, NAMES, 0) == "baseline"


def test_without_names_axes_and_levels_are_numbered():
    assert numbered(SPACE)[1] == ("axis2", ("level0", "level1", "level2"))


def test_conditions_are_joined_by_or():
    assert condition(NAMES, (((0, 1),), ((1, 1),), ((1, 2),))) == (
        "key is dotenv or scheme is lower or raw"
    )
