"""A canary beside a real key: its denial is what it is for."""

from support.command_line import CommandLine
from support.local_server import Reply, Seen, local_server
from support.scenario_texts import bearer_text

AXES = "\n  key: {keyring: {env: MADE_KEY}, canary: {canary: true}}"


def test_its_denial_says_how_it_arrived_and_asks_nobody_to_correct_it(cli: CommandLine):
    good = cli.env["MADE_KEY"] = cli.key()

    def answer(seen: Seen) -> Reply:
        key = seen.headers.get("authorization", "").removeprefix("Bearer ")
        if key == good:
            return Reply(200)
        return Reply(401, f'{{"error":"Your api key: ****{key[-4:]} is invalid"}}'.encode())

    with local_server(answer) as server:
        cli.write("asked.yaml", bearer_text(server.url, axes=AXES))
        run = cli("run", "asked.yaml", "--trust", "--format", "json").run
    (finding,) = run["findings"]
    assert finding["code"] == "K31"
    assert "It arrived as it was sent." in finding["explanation"]
    again = cli("replay", run["cassette"], "--format", "json").run
    assert again["findings"] == run["findings"]
