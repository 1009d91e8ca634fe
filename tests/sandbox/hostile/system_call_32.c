// claim: The filter cannot be passed by making 32-bit calls.
// inside: signalled
// outside: harmed
#include <sys/syscall.h>
#include <unistd.h>

#include "attempt.h"

int main(void) {
#if defined(__x86_64__)
  long result;
  // socket(AF_INET, SOCK_STREAM, 0), number 359 of the 32-bit table. SIGSYS ends us here.
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(359), "b"(2), "c"(1), "d"(0) : "memory");
  errno = (int)-result;
  report("make an IPv4 socket by int 0x80", result >= 0);
#else
  raise(SIGSYS);
#endif
  return 0;
}
