# claim: Signals to the parent do not disturb the sandbox.
# limits: wall_ms=5000
# inside: exited 5
# outside: probe killed
import os
import signal
import sys
import time

parent = os.getppid()
for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGCHLD, signal.SIGINT, signal.SIGKILL):
    try:
        os.kill(parent, number)
    except OSError:
        pass
time.sleep(0.3)  # time for the harm to be done
sys.exit(5)
