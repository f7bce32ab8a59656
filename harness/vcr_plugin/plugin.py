"""All three in one: what `vcr.VCR` asks for, made for one set of known secrets."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from harness.model.secret import Secret
from harness.vcr_plugin.known_secrets import KnownSecrets
from harness.vcr_plugin.matcher import IdentityMatcher
from harness.vcr_plugin.persister import RedactingPersister
from harness.vcr_plugin.serializer import RedactingSerializer

NAME = "flip401"
"""Under which the serializer and the matcher are registered."""


class CassettePlugin:
    """Makes the cassettes of somebody's own `vcr.VCR` safe to share.

    `known` are the secrets in use: names of environment variables, read whenever a cassette is
    saved or a request matched, or values wrapped in `harness.Secret`. What is not named is
    found by its name and its form as far as that goes.

        plugin = harness.CassettePlugin(["DEEPSEEK_API_KEY"])
        plugin.register(my_vcr)
    """

    def __init__(
        self, known: Iterable[str | Secret] = (), *, environ: Mapping[str, str] = os.environ
    ) -> None:
        """Take the secrets.

        Raises:
            TypeError: something is neither the name of a variable nor a `Secret`.
        """
        secrets = KnownSecrets(known, environ)
        matcher = IdentityMatcher(secrets)
        self.persister = RedactingPersister(secrets)
        """For `register_persister`: redacts, searches, replaces the file whole or not at all."""
        self.serializer = RedactingSerializer(secrets)
        """For `register_serializer`, where a persister of your own must stay."""
        self.matcher = matcher.flip401
        """For `register_matcher`: method, URL and credentials by identity."""
        self.body_matcher = matcher.flip401_body
        """For `register_matcher`: bodies, whose secrets are compared by identity too."""

    def register(self, vcr: Any) -> None:
        """Register all of them, and have `vcr` match by identity unless a cassette says else."""
        vcr.register_persister(self.persister)
        vcr.register_serializer(NAME, self.serializer)
        vcr.register_matcher(NAME, self.matcher)
        vcr.register_matcher(f"{NAME}_body", self.body_matcher)
        vcr.match_on = ("method", "scheme", "host", "port", NAME)
