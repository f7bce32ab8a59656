from itertools import islice

from support.matrices import axis, header, key_axis, scenario, selection

from harness.matrix.cells import (
    all_cells,
    baseline_cell,
    cell_of,
    contexts,
    count_cells,
    included_cells,
    is_excluded,
    variant_of,
)
from harness.model.request import Patch
from harness.model.scenario import Selection

MADE = scenario(
    key_axis("shell", "dotenv", "vault"),
    axis("scheme", bearer=Patch(), lower=header("Authorization", "b")),
)


def test_the_baseline_comes_first():
    assert next(iter(all_cells(MADE))) == baseline_cell(MADE) == (0, 0)
    assert count_cells(MADE) == len(list(all_cells(MADE))) == 6


def test_a_scenario_without_axes_has_one_cell():
    assert list(all_cells(scenario())) == [()]
    assert variant_of(scenario(), ()).id == "baseline"


def test_ids_and_slugs_name_the_axes_off_the_baseline():
    variant = variant_of(MADE, (1, 1))
    assert variant.id == "key=dotenv,scheme=lower"
    assert variant.slug == "key-dotenv.scheme-lower"
    assert variant.levels == {"key": "dotenv", "scheme": "lower"}


def test_an_axis_that_is_not_named_takes_any_level():
    made = scenario(*MADE.axes, exclude=(selection(key="vault"),))
    assert [cell for cell in all_cells(made) if is_excluded(made, cell)] == [(2, 0), (2, 1)]


def test_a_star_takes_any_level_and_lists_are_allowed():
    either = Selection({"key": ("dotenv", "vault"), "scheme": ("*",)})
    made = scenario(*MADE.axes, exclude=(either,))
    assert [cell for cell in all_cells(made) if not is_excluded(made, cell)] == [(0, 0), (0, 1)]


def test_include_puts_axes_that_are_not_named_on_the_baseline():
    made = scenario(*MADE.axes, include=(selection(key="vault"), Selection({"scheme": ("*",)})))
    assert included_cells(made) == ((2, 0), (0, 0), (0, 1))


def test_contexts_of_a_large_matrix_change_at_most_two_axes():
    axes = [axis(f"x{n}", off=Patch(), on=header(f"X-{n}", "1")) for n in range(13)]
    made = scenario(*axes)
    seen = list(contexts(made))
    assert len(seen) == len(set(seen)) == 1 + 13 + 13 * 12 // 2
    assert max(map(sum, seen)) == 2
    assert next(islice(contexts(made), 1)) == baseline_cell(made)


def test_every_cell_is_found_by_its_id():
    assert all(cell_of(MADE, variant_of(MADE, cell).id) == cell for cell in all_cells(MADE))


def test_an_id_is_read_in_any_order_and_with_levels_of_the_baseline():
    assert cell_of(MADE, "scheme=lower,key=vault") == (2, 1)
    assert cell_of(MADE, "key=shell") == (0, 0)


def test_an_id_of_no_cell_is_none():
    for variant in ("", "key", "key=purple", "hue=red", "baseline,key=vault", "key=vault,"):
        assert cell_of(MADE, variant) is None
