// claim: Calls without an honest use do not reach the kernel.
// inside: refused
// outside: harmed
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attempt.h"

// Every call is made with arguments that do nothing. EPERM or ENOSYS is a refusal; any other
// answer means that the kernel looked at it.
#define TRY(name, ...)                                               \
  do {                                                               \
    errno = 0;                                                       \
    const long result = syscall(SYS_##name, __VA_ARGS__);            \
    report(#name, result >= 0 || (errno != EPERM && errno != ENOSYS)); \
  } while (0)

int main(void) {
  char handle[256] = {0};
  int mount_id = 0;
  TRY(name_to_handle_at, AT_FDCWD, "/", handle, &mount_id, 0);
  TRY(open_by_handle_at, -1, handle, 0);
  TRY(bpf, 0, 0, 0);
  TRY(perf_event_open, 0, 0, 0, 0, 0);
  TRY(userfaultfd, 1);
  TRY(keyctl, 0, -3, 0, 0, 0);
  TRY(add_key, 0, 0, 0, 0, 0);
  TRY(request_key, 0, 0, 0, 0);
  TRY(io_uring_setup, 1, 0);
  TRY(io_uring_enter, -1, 0, 0, 0, 0, 0);
  TRY(io_uring_register, -1, 0, 0, 0);
  TRY(process_vm_readv, 0, 0, 0, 0, 0, 0);
  TRY(process_vm_writev, 0, 0, 0, 0, 0, 0);
  TRY(kcmp, getpid(), getpid(), 0, 0, 0);
  TRY(pidfd_getfd, -1, 0, 0);
  TRY(setns, -1, 0);
  TRY(memfd_create, "hostile", 0);
  TRY(shmget, 0, 4096, 01600);
  TRY(kexec_load, 0, 0, 0, ~0UL);
  TRY(init_module, 0, 0, 0);
  TRY(finit_module, -1, 0, 0);
  TRY(settimeofday, 0, 0);
  TRY(swapon, 0, 0);
  TRY(acct, 0);
  TRY(syslog, 10, 0, 0);
  TRY(fanotify_init, 0, 0);
  return 0;
}
