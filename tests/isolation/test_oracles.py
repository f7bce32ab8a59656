"""Seven classes of causes on matrices of two levels: exactness, and the mean cost.

`pytest -s` prints the means beside those of dualize-and-advance with one request at a time.
"""

from random import Random

import pytest
from support.worlds import World, flip_sets, simulate

from harness.isolation.search import Ended, report
from harness.isolation.space import Space
from harness.model.finding import Evidence
from harness.model.scenario import Strategy

SHAPES = {
    "single": (1,),
    "int2": (2,),
    "int3": (3,),
    "multi2s": (1, 1),
    "multi3s": (1, 1, 1),
    "multi1+2": (1, 2),
    "multi2p": (2, 2),
}
ANCHORS = {
    5: (4.0, 7.5, 9.8, 6.6, 9.0, 9.4, 12.8),
    10: (5.1, 9.6, 14.0, 9.4, 13.3, 13.4, 18.8),
    20: (6.2, 11.7, 17.2, 11.8, 16.9, 17.2, 23.4),
    50: (7.8, 14.7, 21.1, 14.7, 21.4, 21.8, 29.6),
}
"""Mean requests of dualize-and-advance, the two ends not counted, by number of axes."""

WORLDS = {5: 12, 10: 12, 20: 8, 50: 3}
SLACK = 1.15
SAMPLING = 0.8
"""A few worlds make a rough mean: so many requests are allowed for chance."""


def drawn(shape: tuple[int, ...], axes: int, seed: int) -> World:
    order = Random(f"{shape} {axes} {seed}").sample(range(axes), axes)
    causes = []
    for size in shape:
        causes.append(frozenset((axis, 1) for axis in order[:size]))
        order = order[size:]
    return World(tuple(causes))


@pytest.mark.parametrize("axes", ANCHORS)
@pytest.mark.parametrize(("name", "shape"), SHAPES.items())
def test_every_cause_is_found_at_about_the_cost_of_dualize_and_advance(name, shape, axes):
    space = Space((2,) * axes)
    searched = proved = 0
    for seed in range(WORLDS[axes]):
        world = drawn(shape, axes, seed)
        done = simulate(space, world, width=1)
        found = report(space, done.runs, Strategy.ISOLATE, ended=Ended.FINISHED)
        assert flip_sets(found) == world.smallest()
        assert found.evidence is Evidence.CERTIFIED
        searched += done.requests - done.repeated - 2
        proved += done.repeated
    anchor = ANCHORS[axes][list(SHAPES).index(name)]
    mean = searched / WORLDS[axes]
    print(
        f"{name:9}{axes:3} axes: {mean:5.1f} (anchor {anchor}), proof {proved / WORLDS[axes]:.1f}"
    )
    assert mean <= anchor * SLACK + SAMPLING


@pytest.mark.parametrize(("name", "shape"), SHAPES.items())
def test_eight_at_once_save_rounds_for_few_requests(name, shape):
    space = Space((2,) * 20)
    rounds, requests = [0, 0], [0, 0]
    for seed in range(WORLDS[20]):
        for place, width in enumerate((1, 8)):
            done = simulate(space, drawn(shape, 20, seed), width=width)
            rounds[place] += len(done.batches)
            requests[place] += done.requests
    print(f"{name:9} rounds {rounds}, requests {requests}")
    assert rounds[1] < 0.85 * rounds[0]
    assert requests[1] < 1.25 * requests[0]
