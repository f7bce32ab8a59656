import subprocess

from support.command_line import ROOT, CommandLine


def test_a_disk_that_takes_no_more_is_one_line(cli: CommandLine):
    shown = f"{ROOT}/cassettes/shown/deepseek-401.lab.yaml"
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device, not a file
        done = subprocess.run(
            cli.argv("diff", f"{shown}#baseline", "key=dotenv"),
            env=cli.environment,
            cwd=cli.directory,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "error: cannot write the result to stdout: no space left on device\n"
