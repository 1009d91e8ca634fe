// claim: The file system tree cannot be changed.
// inside: refused
// outside: harmed as root
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "attempt.h"

int main(void) {
  report("change the root to itself", chroot("/") == 0);
  report("open a new file system", syscall(SYS_fsopen, "tmpfs", 0) >= 0);
  report("take a copy of the tree", syscall(SYS_open_tree, AT_FDCWD, "/", 1) >= 0);
  report("make a device", mknod("/tmp/hostile-device", S_IFBLK | 0600, makedev(254, 0)) == 0);
  unlink("/tmp/hostile-device");
  return 0;
}
