from support.matrices import BEARER, URL, axis, header, key_axis, scenario, selection

from harness.matrix import cells
from harness.matrix.faults import matrix_faults
from harness.model.key_source import EnvSource
from harness.model.request import Edit, JsonBody, JwtSign, Patch, RedirectPolicy
from harness.model.scenario import Selection
from harness.scenario_file.template import parse_template


def messages(made) -> list[str]:
    return [fault.message for fault in matrix_faults(made, parse_template)]


def test_a_sound_matrix_has_no_faults():
    made = scenario(
        key_axis("shell", "dotenv"),
        axis("scheme", bearer=Patch(), lower=header("Authorization", "bearer x")),
        exclude=(selection(key="dotenv", scheme="lower"),),
        include=(selection(key="dotenv"),),
    )
    assert messages(made) == []


def test_two_axes_that_write_the_same_leaf_are_both_named():
    made = scenario(
        axis("one", a=Patch(), b=header("X-A", "1")), axis("two", a=Patch(), b=header("x-a", "2"))
    )
    assert messages(made) == ["axes `one` and `two` both write `headers.x-a`"]


def test_a_clock_axis_needs_something_signed():
    clock = axis("clock", "clock", now=Patch(clock_seconds=0.0), late=Patch(clock_seconds=600.0))
    assert messages(scenario(clock)) == ["nothing in this request depends on the clock"]
    signed = Patch(url=URL, sign=JwtSign(), keys={"key": EnvSource("K")})
    assert messages(scenario(clock, baseline=signed)) == []


def test_a_clock_axis_counts_when_another_axis_brings_the_signature():
    clock = axis("clock", "clock", now=Patch(clock_seconds=0.0), late=Patch(clock_seconds=600.0))
    auth = axis("auth", plain=Patch(), jwt=Patch(sign=JwtSign()))
    assert messages(scenario(clock, auth)) == []


def test_a_key_axis_needs_a_place_for_the_key():
    bare = Patch(url=URL, keys={"key": EnvSource("A")})
    found = messages(scenario(key_axis("shell", "dotenv"), baseline=bare))
    assert found == ["nothing in this request uses `${key}`"]


def test_a_key_in_a_json_string_is_a_use():
    body = Patch(url=URL, keys={"key": EnvSource("A")}, body=JsonBody({"auth": ["${key}"]}))
    assert messages(scenario(key_axis("shell", "dotenv"), baseline=body)) == []


def test_an_axis_of_equal_levels_changes_nothing():
    made = scenario(axis("extra", one=header("X-A", "1"), two=header("X-A", "1")))
    assert messages(made) == ["no level of axis `extra` changes the request"]


def test_an_axis_with_one_level_is_no_fault():
    assert messages(scenario(axis("extra", only=Patch()))) == []


def test_an_exclude_may_not_remove_the_baseline_or_match_nothing():
    made = scenario(
        key_axis("shell", "dotenv"),
        exclude=(selection(key="shell"), Selection({"key": ()}, selection().place)),
    )
    assert messages(made) == ["this exclude removes the baseline", "this exclude matches nothing"]


def test_an_included_cell_that_is_excluded_names_both_lines():
    made = scenario(
        key_axis("shell", "dotenv"),
        exclude=(selection(key="dotenv"),),
        include=(selection(key="dotenv"),),
    )
    assert messages(made) == ["`key=dotenv` is both included here and excluded in line 20"]


def test_two_variants_with_one_slug_are_named():
    made = scenario(
        axis("a-b", base=Patch(), c=header("X-A", "1")),
        axis("a", base=Patch(), b_c=header("X-B", "1")),
    )
    (fault,) = matrix_faults(made, parse_template)
    assert fault.message == ("variants `a=b-c` and `a-b=c` would share the name `a-b-c`")
    assert "line 11" in fault.hint


def test_large_matrices_are_judged_by_pairs():
    axes = [
        axis(f"x{n}", off=Patch(), on=header(f"X-{n}", "1"), more=header(f"X-{n}", "2"))
        for n in range(9)
    ]
    made = scenario(*axes)
    assert cells.count_cells(made) > cells.CONTEXT_LIMIT
    assert messages(made) == []
    inert = axis("inert", a=Patch(redirects=RedirectPolicy()), b=Patch(redirects=RedirectPolicy()))
    assert messages(scenario(*axes, inert)) == ["no level of axis `inert` changes the request"]


def test_the_credential_of_the_baseline_is_no_conflict_with_an_axis():
    made = scenario(
        axis("scheme", bearer=Patch(), none=header("Authorization", None)),
        baseline=Patch(
            url=URL, headers=(Edit("Authorization", BEARER),), keys={"key": EnvSource("K")}
        ),
    )
    assert messages(made) == []
