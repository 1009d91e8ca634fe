// claim: A program cannot write its own verdict.
// inside: exited 9
// outside: exited 9
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void) {
  int64_t report[5];
  memset(report, 0, sizeof report);  // "finished", exit code 0
  for (int fd = 3; fd < 1024; ++fd) {
    (void)!write(fd, report, sizeof report);
    char path[64];
    snprintf(path, sizeof path, "/proc/1/fd/%d", fd);
    const int theirs = open(path, O_WRONLY | O_NONBLOCK);
    if (theirs >= 0) (void)!write(theirs, report, sizeof report);
  }
  return 9;
}
