# claim: Set-user-id programs give nothing.
# arguments: {setuid}
# inside: refused
# outside: harmed
import subprocess
import sys

from attempt import attempt


def become_root():
    uid = subprocess.run([sys.argv[1]], capture_output=True, text=True, check=True).stdout.strip()
    if uid != "0":
        raise PermissionError(f"still user {uid}")


attempt("become root through a set-user-id program", become_root)
