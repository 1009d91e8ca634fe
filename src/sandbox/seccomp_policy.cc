#include "sandbox/seccomp_policy.h"

#include <linux/sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>

#include "base/unique_fd.h"

namespace testgen::sandbox {
namespace {

// Refused with EPERM. Names that this machine's libseccomp does not know are skipped: its
// kernel interface cannot reach them by name, and newer calls of these families are few.
constexpr std::array kRefused = {
    // Looking into or steering other processes.
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "kcmp",
    "pidfd_getfd",
    "process_madvise",
    // New namespaces and changes to the file system tree.
    "unshare",
    "setns",
    "mount",
    "umount",
    "umount2",
    "pivot_root",
    "chroot",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "move_mount",
    "open_tree",
    "mount_setattr",
    "name_to_handle_at",
    "open_by_handle_at",
    "quotactl",
    "quotactl_fd",
    "swapon",
    "swapoff",
    // Kernel interfaces with a long record of holes.
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "lookup_dcookie",
    "nfsservctl",
    "vm86",
    "vm86old",
    "modify_ldt",
    "iopl",
    "ioperm",
    "fanotify_init",
    // The machine itself.
    "reboot",
    "syslog",
    "acct",
    "settimeofday",
    "stime",
    "clock_settime",
    "clock_settime64",
    "adjtimex",
    "clock_adjtime",
    "sethostname",
    "setdomainname",
    "vhangup",
    // Memory that belongs to no process, so that no resource limit counts it.
    "shmget",
    "memfd_secret",
};

// Refused as if the kernel were older, so that libraries fall back: clone3 hides its flags from
// filters, io_uring performs calls that no filter sees, and files without a name fill memory
// that no limit counts.
constexpr std::array kUnknown = {"clone3", "io_uring_setup", "io_uring_enter", "io_uring_register",
                                 "memfd_create"};

constexpr std::uint64_t kNamespaceFlags = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                          CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
                                          CLONE_NEWNET;

// ioctl requests that type into the terminal of whoever started us. The kernel reads 32 bits
// of the request, so only those are compared.
constexpr std::array<std::uint64_t, 2> kTerminalInjection = {TIOCSTI, TIOCLINUX};
constexpr std::uint64_t kLow32 = 0xffffffffU;

class Builder {
 public:
  Builder() : context_(::seccomp_init(SCMP_ACT_ALLOW), &::seccomp_release) {}

  [[nodiscard]] bool valid() const { return context_ != nullptr && result_ == 0; }
  [[nodiscard]] int result() const { return result_; }

  void refuse(const char* name, int error) {
    const int number = ::seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) return;
    note(::seccomp_rule_add(context_.get(), SCMP_ACT_ERRNO(error), number, 0));
  }

  void refuse_when(const char* name, int error, const scmp_arg_cmp& condition) {
    note(::seccomp_rule_add_array(context_.get(), SCMP_ACT_ERRNO(error),
                                  ::seccomp_syscall_resolve_name(name), 1, &condition));
  }

  base::Result<std::string> program() {
    const base::UniqueFd file(::memfd_create("testgen-seccomp", MFD_CLOEXEC));
    if (!file) return base::system_error("cannot create a file in memory", errno);
    note(::seccomp_export_bpf(context_.get(), file.get()));
    if (!valid()) return base::system_error("cannot build the seccomp filter", -result_);
    std::string bytes(static_cast<std::size_t>(::lseek(file.get(), 0, SEEK_END)), '\0');
    if (::pread(file.get(), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
      return base::system_error("cannot read the seccomp filter back", errno);
    }
    return bytes;
  }

 private:
  void note(int result) {
    // EOPNOTSUPP and EDOM: this architecture has no such call.
    if (result < 0 && result != -EOPNOTSUPP && result != -EDOM && result_ == 0) result_ = result;
  }

  std::unique_ptr<void, decltype(&::seccomp_release)> context_;
  int result_ = 0;
};

}  // namespace

base::Result<std::string> seccomp_filter() {
  Builder filter;
  if (!filter.valid()) return base::system_error("cannot create a seccomp filter", ENOMEM);
  for (const char* name : kRefused) filter.refuse(name, EPERM);
  for (const char* name : kUnknown) filter.refuse(name, ENOSYS);
  // Local sockets only. The network namespace has no way out either; this keeps the code that
  // parses other families' packets out of reach.
  filter.refuse_when("socket", EAFNOSUPPORT, SCMP_A0(SCMP_CMP_NE, AF_UNIX));
  filter.refuse_when("socketpair", EAFNOSUPPORT, SCMP_A0(SCMP_CMP_NE, AF_UNIX));
  for (std::uint64_t flag = 1; flag <= kLow32; flag <<= 1U) {
    if ((kNamespaceFlags & flag) == 0) continue;
    filter.refuse_when("clone", EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));
  }
  for (const std::uint64_t request : kTerminalInjection) {
    filter.refuse_when("ioctl", EPERM, SCMP_A1(SCMP_CMP_MASKED_EQ, kLow32, request));
  }
  return filter.program();
}

}  // namespace testgen::sandbox
