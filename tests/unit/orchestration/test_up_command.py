"""The servers behind `kaw up`."""

from orchestration.cli.up import server_commands


def test_web_server_and_daemon_load_this_pipeline():
    servers = {command[0]: command[1:] for command in server_commands(3999)}
    assert set(servers) == {"dagster_webserver", "dagster._daemon"}
    for arguments in servers.values():
        assert arguments[arguments.index("-m") + 1] == "orchestration.definitions"


def test_the_ui_is_for_this_machine_only():
    web = server_commands(3999)[0]
    assert web[web.index("-h") + 1] == "127.0.0.1"
    assert web[web.index("-p") + 1] == "3999"
