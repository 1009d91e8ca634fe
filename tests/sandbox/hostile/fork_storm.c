// claim: A fork bomb is stopped by the limit and gone after the deadline.
// limits: wall_ms=700 processes=64
// arguments: {token}
// inside: timed_out
// outside: not tried: it would take the machine down
#include <signal.h>
#include <unistd.h>

int main(void) {
  signal(SIGTERM, SIG_IGN);
  while (1) fork();
}
