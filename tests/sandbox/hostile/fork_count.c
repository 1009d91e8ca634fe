// claim: No more processes than the limit.
// limits: processes=20
// inside: refused
// outside: harmed
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "attempt.h"

int main(void) {
  pid_t children[60];
  int count = 0;
  while (count < 60) {
    const pid_t child = fork();
    if (child == 0) {
      pause();
      _exit(0);
    }
    if (child < 0) break;
    children[count++] = child;
  }
  report("more than 20 processes", count > 20);
  for (int i = 0; i < count; ++i) kill(children[i], SIGKILL);
  return 0;
}
