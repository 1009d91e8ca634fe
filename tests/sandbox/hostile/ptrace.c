// claim: Nothing can be traced.
// inside: refused
// outside: harmed
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"

int main(void) {
  char byte = 0;
  struct iovec ours = {&byte, 1};
  struct iovec theirs = {&byte, 1};
  report("read our parent's memory", process_vm_readv(getppid(), &ours, 1, &theirs, 1, 0) == 1);
  report("attach to our parent", ptrace(PTRACE_SEIZE, getppid(), 0, 0) == 0);
  const pid_t child = fork();
  if (child == 0) {
    report("be traced by our parent", ptrace(PTRACE_TRACEME, 0, 0, 0) == 0);
    fflush(stdout);
    _exit(0);
  }
  waitpid(child, 0, 0);
  return 0;
}
