// claim: The program that the next run starts with cannot be overwritten through /proc.
// inside: refused
// outside: not tried: there is no init of ours outside
#include <fcntl.h>
#include <unistd.h>

#include "attempt.h"

int main(void) {
  report("open PID 1's program", open("/proc/1/exe", O_RDONLY) >= 0);
  report("open PID 1's program for writing", open("/proc/1/exe", O_RDWR) >= 0);
  report("execute PID 1's program", execl("/proc/1/exe", "x", (char*)0) == 0);
  report("open our own program for writing", open("/proc/self/exe", O_RDWR) >= 0);
  return 0;
}
