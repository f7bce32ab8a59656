import pytest
from support.made_keys import made_key, made_secret

from harness.errors import SourceError
from harness.keys.facts import key_facts
from harness.keys.resolve import ResolvedKeys, resolve_keys
from harness.keys.shadows import shadows_of
from harness.keys.system_reader import SystemKeyReader
from harness.keys.trust_store import TrustStore
from harness.model.key_source import DotenvSource, EnvSource, FileSource, PromptSource


def test_each_source_is_read_once_and_prompts_come_first(tmp_path):
    asked = []
    reader = SystemKeyReader({"A": "1"}, tmp_path, lambda prompt: asked.append(prompt) or "2")
    sources = [EnvSource("A"), PromptSource("p"), EnvSource("A"), EnvSource("GONE")]
    resolved = resolve_keys(sources, reader)
    assert list(resolved.secrets) == [PromptSource("p"), EnvSource("A")]
    assert asked == ["p: "]
    assert set(resolved.secrets) == {EnvSource("A"), PromptSource("p")}
    assert resolved.missing[EnvSource("GONE")].message == "environment variable GONE is not set"


def test_facts_tell_equal_values_and_missing_ones():
    one, two, gone = EnvSource("A"), EnvSource("B"), EnvSource("C")
    resolved = ResolvedKeys(
        {one: made_secret(1), two: made_secret(1)}, {gone: SourceError("not set", hint="set it")}
    )
    facts = key_facts((one, two, gone), resolved, {one: "s1", two: "s1"}, lambda *_: ("rival",))
    assert facts[one].same_as == ""
    assert facts[two].same_as == "env A"
    assert facts[one].shadows == ("rival",)
    assert facts[one].shape is not None
    assert facts[one].shape.length == 35
    assert (facts[gone].error, facts[gone].hint) == ("not set", "set it")


def shadows(source, environ, directory):
    secret = SystemKeyReader(environ, directory).read(source)
    return shadows_of(source, secret, environ, directory)


def test_an_environment_variable_hides_another_value_in_dotenv(tmp_path):
    (tmp_path / ".env").write_text(f"X=1\nK={made_key(1)}\n")
    environ = {"K": made_key(2)}
    assert shadows(EnvSource("K"), environ, tmp_path) == (
        ".env:2 has another value, which the environment hides",
    )
    assert shadows(DotenvSource(".env", "K"), environ, tmp_path) == (
        "the environment has another K, which hides this line from most loaders",
    )


def test_equal_values_shadow_nothing(tmp_path):
    (tmp_path / ".env").write_text(f"K={made_key(1)}\n")
    environ = {"K": made_key(1)}
    assert shadows(EnvSource("K"), environ, tmp_path) == ()
    assert shadows(DotenvSource(".env", "K"), environ, tmp_path) == ()


def test_a_name_that_stands_twice_names_the_line_that_loses(tmp_path):
    (tmp_path / ".env").write_text("K=a\nK=b\n")
    assert shadows(DotenvSource(".env", "K"), {}, tmp_path) == (
        "line 1 names it too and loses to line 2",
    )


def test_other_sources_have_no_rivals(tmp_path):
    (tmp_path / "key").write_text("x")
    assert shadows(FileSource("key"), {}, tmp_path) == ()
    assert shadows(EnvSource("K"), {"K": "1"}, tmp_path) == ()


@pytest.mark.parametrize("variable", ["XDG_STATE_HOME", "HOME"])
def test_trust_is_kept_by_hash_in_the_state_folder(tmp_path, variable):
    store = TrustStore.at_home({variable: str(tmp_path)})
    assert not store.holds("abc")
    assert store.keep("abc")
    assert TrustStore.at_home({variable: str(tmp_path)}).holds("abc")
    assert not store.holds("ab")
    assert store.path is not None
    assert store.path.stat().st_mode & 0o777 == 0o600


def test_without_a_home_nothing_is_kept():
    store = TrustStore.at_home({"HOME": "relative"})
    assert store.path is None
    assert not store.keep("abc")
    assert not store.holds("abc")


def test_a_state_folder_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "flip401").write_text("in the way")
    store = TrustStore.at_home({"XDG_STATE_HOME": str(tmp_path)})
    assert not store.keep("abc")
    assert not store.holds("abc")
