// claim: Closing every descriptor changes nothing about what is reported.
// inside: exited 3
// outside: exited 3
#include <unistd.h>

int main(void) {
  for (int fd = 0; fd < 4096; ++fd) close(fd);
  usleep(50 * 1000);
  return 3;
}
