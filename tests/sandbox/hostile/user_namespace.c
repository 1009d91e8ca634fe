// claim: No new namespaces, by any call.
// inside: refused
// outside: harmed
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"

static long spawn_in(unsigned long flags) {
  const long child = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
  if (child == 0) _exit(0);
  if (child > 0) waitpid((pid_t)child, 0, 0);
  return child;
}

int main(void) {
  report("clone a user namespace", spawn_in(CLONE_NEWUSER) > 0);
  report("clone user and network namespaces", spawn_in(CLONE_NEWUSER | CLONE_NEWNET) > 0);
  uint64_t arguments[8] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD, 0, 0, 0};
  const long child = syscall(SYS_clone3, arguments, sizeof arguments);
  if (child == 0) _exit(0);
  report("clone3 a user namespace", child > 0);
  report("unshare mounts", unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0);
  report("unshare a user namespace", unshare(CLONE_NEWUSER) == 0);
  return 0;
}
