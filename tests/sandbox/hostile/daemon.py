# claim: A process that left its session and its parents does not outlive the run.
# arguments: {token}
# inside: exited 0
# outside: survivor
import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for fd in range(3):
            os.close(fd)
        time.sleep(60)
    os._exit(0)
os.wait()
