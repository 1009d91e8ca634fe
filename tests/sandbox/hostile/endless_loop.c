// claim: The deadline ends a program that ignores every signal.
// limits: wall_ms=300
// inside: timed_out
// outside: timed_out
#include <signal.h>

int main(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, 0);
  for (int number = 1; number < 65; ++number) signal(number, SIG_IGN);
  for (volatile unsigned long i = 0;; ++i) {
  }
}
