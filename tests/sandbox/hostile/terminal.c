// claim: Nothing can be typed into a terminal.
// inside: refused
// outside: harmed
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"

// EPERM comes from the filter. Any other answer means that the kernel was asked: it then
// depends on a setting (dev.tty.legacy_tiocsti) whether it types.
static int reached(long result) { return result == 0 || errno != EPERM; }

int main(void) {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) {
    report("open a terminal", 0);
    return 0;
  }
  if (fork() == 0) {
    setsid();
    const int ours = open(ptsname(terminal), O_RDWR);
    ioctl(ours, TIOCSCTTY, 0);
    errno = 0;
    report("type into our terminal", reached(ioctl(ours, TIOCSTI, "x")));
    // The kernel looks at the low half of the request only.
    errno = 0;
    report("type with the high half set", reached(syscall(SYS_ioctl, ours, 0x100000000UL | TIOCSTI, "x")));
    _exit(0);
  }
  wait(0);
  return 0;
}
