"""What the lab must know of a scenario: its key sources by name, its proxies, its key pairs."""

from __future__ import annotations

from harness.matrix.cells import contexts
from harness.matrix.compose import plan_of
from harness.matrix.sign_fields import main_field, own_sources
from harness.model.jwt_algorithms import JWT_ALGORITHMS, KeyKind
from harness.model.key_source import KeySource
from harness.model.request import JwtSign, ProxyRoute
from harness.model.scenario import Scenario


def lab_sources(scenario: Scenario) -> dict[str, KeySource]:
    """Return key sources by lab name: `dotenv`, `<name>.<level>`, or `key` when it is fixed."""
    named: dict[str, KeySource] = {}
    for axis in scenario.axes:
        for level in axis.levels:
            for key, source in level.patch.keys.items():
                prefix = "" if key == "key" else f"{key.removeprefix('keys.')}."
                name = level.name if axis.field == key else f"{axis.name}.{level.name}"
                named[f"{prefix}{name}"] = source
    varied = {axis.field for axis in scenario.axes}
    fixed = {key: source for key, source in scenario.baseline.keys.items() if key not in varied}
    return named | fixed


def lab_proxies(scenario: Scenario) -> dict[str, str]:
    """Return proxy URLs by lab name: a level of axis `proxy`, or `proxy` when it is fixed."""
    named: dict[str, str] = {}
    for axis in scenario.axes:
        for level in axis.levels:
            if isinstance(level.patch.proxy, ProxyRoute):
                name = level.name if axis.field == "proxy" else f"{axis.name}.{level.name}"
                named[name] = level.patch.proxy.url
    if isinstance(scenario.baseline.proxy, ProxyRoute):
        named.setdefault("proxy", scenario.baseline.proxy.url)
    return named


def lab_key_pairs(scenario: Scenario) -> dict[KeySource, str]:
    """Return the sources that must give a private key, with the algorithm that signs with it."""
    pairs: dict[KeySource, str] = {}
    for cell in contexts(scenario):
        plan = plan_of(scenario, cell)
        sign = plan.sign
        if isinstance(sign, JwtSign) and JWT_ALGORITHMS[sign.algorithm] is not KeyKind.SHARED:
            source = own_sources(sign).get(main_field(sign)) or plan.keys.get("key")
            if source is not None:
                pairs.setdefault(source, sign.algorithm)
    return pairs
