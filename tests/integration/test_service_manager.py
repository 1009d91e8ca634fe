"""What a service manager hears from the real service, over a socket of the test's own as systemd would give it one."""
import signal
import socket

from servers import Testgen


def test_systemd_hears_of_every_turn(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)
        heard = []

        def hear(word):
            while not heard or not heard[-1].startswith(word):
                heard.append(manager.recv(4096).decode())
            return heard[-1]
        with Testgen(tmp_path / "serve", "--workers", "1", "--drain-timeout", "1s", env={
                "NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "200000"}) as service:
            hear("READY=1")
            hear("WATCHDOG=1")
            service.process.send_signal(signal.SIGHUP)
            assert int(hear("RELOADING=1").split("MONOTONIC_USEC=")[1]) > 0
            hear("READY=1")
            service.process.send_signal(signal.SIGTERM)
            hear("STOPPING=1")
            assert service.process.wait(20) == 0


def test_a_watchdog_of_another_process_is_left_alone(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)
        with Testgen(tmp_path / "serve", "--workers", "1", "--drain-timeout", "1s", env={
                "NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}):
            pass
        manager.setblocking(False)
        heard = [manager.recv(4096), manager.recv(4096)]
        assert heard == [b"READY=1\n", b"STOPPING=1\n"]
