"""The causes that can be named, as data: code, words, and where each was seen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from harness.diagnosis.causes.account_and_server import ACCOUNT_AND_SERVER_CAUSES
from harness.diagnosis.causes.cause import MEASURED, Cause
from harness.diagnosis.causes.clock import CLOCK_CAUSES
from harness.diagnosis.causes.header import HEADER_CAUSES
from harness.diagnosis.causes.key_source import KEY_SOURCE_CAUSES
from harness.diagnosis.causes.network import NETWORK_CAUSES
from harness.diagnosis.causes.open_question import OPEN_QUESTION_CAUSES
from harness.diagnosis.causes.signature import SIGNATURE_CAUSES

__all__ = ["CAUSES", "MEASURED", "Cause"]

CAUSES: Mapping[str, Cause] = MappingProxyType(
    {
        cause.code: cause
        for cause in (
            *HEADER_CAUSES,
            *KEY_SOURCE_CAUSES,
            *NETWORK_CAUSES,
            *CLOCK_CAUSES,
            *SIGNATURE_CAUSES,
            *ACCOUNT_AND_SERVER_CAUSES,
            *OPEN_QUESTION_CAUSES,
        )
    }
)
