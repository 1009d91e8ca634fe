// claim: What is read-only stays read-only.
// inside: refused
// outside: not tried: it would change the host's mounts
#define _GNU_SOURCE
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attempt.h"

int main(void) {
  report("remount / writable", mount("", "/", "", MS_REMOUNT, 0) == 0);
  report("remount /usr writable", mount("", "/usr", "", MS_REMOUNT | MS_BIND, 0) == 0);
  report("remount /proc/sys writable", mount("", "/proc/sys", "", MS_REMOUNT | MS_BIND, 0) == 0);
  report("uncover /tmp", umount2("/tmp", MNT_DETACH) == 0);
  report("mount over /usr", mount("none", "/usr", "tmpfs", 0, "") == 0);
  report("swap the root", syscall(SYS_pivot_root, "/tmp", "/tmp") == 0);
  return 0;
}
