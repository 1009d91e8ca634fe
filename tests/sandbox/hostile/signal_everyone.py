# claim: Signals to everyone reach nobody outside.
# inside: exited 6
# outside: victim killed
import os
import signal
import sys

for number in (signal.SIGTERM, signal.SIGKILL):
    try:
        os.kill(-1, number)
    except OSError:
        pass  # nobody else there
sys.exit(6)
