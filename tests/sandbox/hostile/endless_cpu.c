// claim: The limit on CPU time ends a program that ignores the warning.
// limits: cpu_s=1 wall_ms=8000
// inside: cpu_exceeded
// outside: not tried: the limit is the same
#include <signal.h>

int main(void) {
  signal(SIGXCPU, SIG_IGN);
  for (volatile unsigned long i = 0;; ++i) {
  }
}
