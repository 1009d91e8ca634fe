#include "sandbox/bubblewrap.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/process.h"
#include "sandbox/diagnosis.h"
#include "sandbox/init/image.h"
#include "sandbox/limits.h"
#include "sandbox/memory_file.h"
#include "sandbox/seccomp_policy.h"
#include "sandbox/supervised_process.h"

namespace testgen::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr const char* kNobody = "65534";

using Arguments = std::vector<std::string>;

void append(Arguments& to, std::initializer_list<std::string> more) {
  to.insert(to.end(), more.begin(), more.end());
}

// Namespaces and privileges. Root needs no user namespace, and must not have one: in it the
// unprivileged id that init drops to would not exist.
void append_privileges(Arguments& to, const Isolation& isolation) {
  if (isolation.privilege != Privilege::Root) {
    append(to, {"--unshare-user"});
    if (isolation.forbid_user_namespaces) append(to, {"--disable-userns"});
    if (isolation.rename_root) append(to, {"--uid", kNobody, "--gid", kNobody});
    append(to, {"--cap-drop", "ALL"});
    return;
  }
  append(to, {"--cap-drop", "ALL"});
  // What init needs to change its user. It keeps none of them.
  append(to, {"--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"});
}

void append_folder(Arguments& to, const FolderStep& step, int& empty_fd) {
  const std::string path = step.path.string();
  switch (step.kind) {
    case FolderStep::Kind::Folder:
      append(to, {"--perms", "0755", "--dir", path});
      break;
    case FolderStep::Kind::ReadOnly:
      append(to, {"--ro-bind", path, path});
      break;
    case FolderStep::Kind::Writable:
      append(to, {"--bind", path, path});
      break;
    case FolderStep::Kind::Symlink:
      append(to, {"--symlink", step.target, path});
      break;
    case FolderStep::Kind::Empty:
      append(to, {"--perms", "0444", "--ro-bind-data", std::to_string(empty_fd++), path});
      break;
  }
}

base::Status check_request(const Request& request) {
  const auto refuse = [](const std::string& why) {
    return base::Error{base::ErrorCode::Internal, "bad sandbox request: " + why, ""};
  };
  if (request.argv.empty() || !request.argv[0].starts_with('/')) {
    return refuse("the program needs an absolute path");
  }
  for (const auto& entry : request.environment) {
    if (entry.find('=') == std::string::npos || entry.starts_with('=')) {
      return refuse("environment entry without a name: " + entry);
    }
  }
  if (!request.descriptors.empty() && request.descriptors.begin()->first < 3) {
    return refuse("descriptors 0 to 2 belong to the sandbox");
  }
  return {};
}

// Only bubblewrap's own; the program's is set with --setenv, so that nothing in it (LD_PRELOAD)
// acts on bubblewrap itself.
Arguments builder_environment() {
  return {"PATH=/usr/bin:/bin", "LC_ALL=C"};
}

// The child's descriptor numbers of what the program itself must not see, past all of its own.
struct PrivateDescriptors {
  explicit PrivateDescriptors(const Request& request) {
    int next = 10;
    if (!request.descriptors.empty())
      next = std::max(next, request.descriptors.rbegin()->first + 1);
    seccomp = next++;
    image = next++;
    report = next++;
    control = next++;
    empty = next;
  }
  int seccomp;
  int image;
  int report;
  int control;
  int empty;  // the first of as many as there are hidden files
};

// init/main.cc says what they mean. `runner` is set when init itself has to change its user.
Arguments init_arguments(const Request& request, const PrivateDescriptors& numbers,
                         const UidLease* runner) {
  const rlim_t ours = 1;  // init
  Arguments to = {"/proc/self/fd/" + std::to_string(numbers.image)};
  append(to, {"report=" + std::to_string(numbers.report)});
  append(to, {"control=" + std::to_string(numbers.control)});
  append(to, {"image=" + std::to_string(numbers.image)});
  if (runner != nullptr) {
    append(to, {"uid=" + std::to_string(runner->uid()), "gid=" + std::to_string(runner->gid())});
  }
  append(to, {"directory=" + request.working_directory});
  append(to, {"memory=" + std::to_string(request.limits.tree_memory_bytes)});
  for (const auto& limit : resource_limits(request.limits, ours)) {
    append(to, {"limit=" + std::to_string(limit.resource) + ":" +
                std::to_string(limit.value.rlim_cur) + ":" + std::to_string(limit.value.rlim_max)});
  }
  append(to, {"--"});
  to.insert(to.end(), request.argv.begin(), request.argv.end());
  return to;
}

bool can_forbid_user_namespaces(const std::string& program) {
  auto probe = base::spawn(
      {.argv = {program, "--unshare-user", "--disable-userns", "--ro-bind", "/", "/", "/bin/true"},
       .environment = builder_environment()});
  if (!probe) return false;
  const auto status = probe->wait_until(std::chrono::steady_clock::now() + 10s);
  return status && status->signal == 0 && status->exit_code == 0;
}

}  // namespace

std::vector<std::string> isolation_arguments(const Isolation& isolation, const Request& request,
                                             const std::vector<FolderStep>& folders, int seccomp_fd,
                                             int empty_fd) {
  const std::string room = std::to_string(request.limits.temporary_bytes);
  Arguments to;
  // Nothing of the host's network, processes, shared memory or host name.
  append(to, {"--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts"});
  append(to, {"--unshare-cgroup-try", "--hostname", "sandbox"});
  append_privileges(to, isolation);
  // No terminal, and no life after ours. Our init is PID 1, so that all time is counted.
  append(to, {"--new-session", "--die-with-parent", "--as-pid-1"});
  // The system, read-only.
  append(to, {"--ro-bind", "/usr", "/usr"});
  append(to, {"--symlink", "usr/bin", "/bin", "--symlink", "usr/sbin", "/sbin"});
  append(to, {"--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64"});
  append(to, {"--perms", "0755", "--dir", "/etc"});
  append(to, {"--ro-bind-try", "/etc/alternatives", "/etc/alternatives"});
  append(to, {"--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"});
  append(to, {"--ro-bind-try", "/etc/localtime", "/etc/localtime"});
  // Its own processes, and the harmless devices.
  append(to, {"--proc", "/proc", "--dev", "/dev"});
  // The only places to write, both private, bounded and gone at the end.
  append(to, {"--perms", "1777", "--size", room, "--tmpfs", "/dev/shm"});
  append(to, {"--perms", "1777", "--size", room, "--tmpfs", "/tmp"});
  // What the request shows.
  for (const auto& step : folders) append_folder(to, step, empty_fd);
  // Whatever bubblewrap made itself is memory without a bound: close it, last.
  append(to, {"--remount-ro", "/dev", "--remount-ro", "/"});
  append(to, {"--chdir", "/"});
  append(to, {"--seccomp", std::to_string(seccomp_fd)});
  append(to, {"--clearenv"});
  for (const auto& entry : request.environment) {
    const auto equals = entry.find('=');
    append(to, {"--setenv", entry.substr(0, equals), entry.substr(equals + 1)});
  }
  return to;
}

BubblewrapSandbox::BubblewrapSandbox(std::string program, int niceness)
    : program_(std::move(program)), niceness_(niceness) {}

base::Result<const BubblewrapSandbox::Prepared*> BubblewrapSandbox::prepare() {
  const std::lock_guard lock(mutex_);
  if (prepared_) return &*prepared_;
  const bool is_path = program_.find('/') != std::string::npos;
  const auto found = is_path ? std::optional(program_) : base::find_executable(program_);
  if (!found || ::access(found->c_str(), X_OK) != 0) return missing_program(program_);
  Prepared prepared;
  prepared.program = *found;
  prepared.isolation.privilege = current_privilege();
  prepared.isolation.forbid_user_namespaces =
      prepared.isolation.privilege == Privilege::User && can_forbid_user_namespaces(*found);
  prepared.isolation.rename_root =
      prepared.isolation.privilege == Privilege::User && ::geteuid() == 0;
  TG_ASSIGN(prepared.seccomp, seccomp_filter());
  TG_ASSIGN(prepared.init_image, open_init_image());
  prepared_ = std::move(prepared);
  return &*prepared_;
}

base::Result<std::unique_ptr<Supervisor>> BubblewrapSandbox::launch(const Request& request,
                                                                    Excess excess) {
  TG_TRY(check_request(request));
  TG_ASSIGN(const Prepared* prepared, prepare());
  const Privilege privilege = prepared->isolation.privilege;

  std::optional<UidLease> identity;
  if (privilege != Privilege::User) {
    TG_ASSIGN(identity, UidLease::take());
  }
  TG_ASSIGN(const auto folders, plan_folders(request, identity ? &*identity : nullptr));
  TG_ASSIGN(auto output, base::make_pipe());
  TG_ASSIGN(auto error, base::make_pipe());
  TG_ASSIGN(auto report, base::make_pipe());
  TG_ASSIGN(auto control, base::make_pipe());
  TG_ASSIGN(auto seccomp, memory_file("testgen-seccomp", prepared->seccomp));
  TG_ASSIGN(auto input, memory_file("testgen-stdin", request.standard_input));

  const PrivateDescriptors numbers(request);
  base::SpawnRequest spawn;
  spawn.environment = builder_environment();
  spawn.working_directory = "/";
  spawn.niceness = niceness_;
  spawn.descriptors = request.descriptors;
  if (!request.standard_input.empty()) spawn.descriptors[0] = input.get();
  spawn.descriptors[1] = output.write_end.get();
  spawn.descriptors[2] = error.write_end.get();
  spawn.descriptors[numbers.seccomp] = seccomp.get();
  spawn.descriptors[numbers.image] = prepared->init_image.get();
  spawn.descriptors[numbers.report] = report.write_end.get();
  spawn.descriptors[numbers.control] = control.read_end.get();
  const auto hidden = std::count_if(folders.begin(), folders.end(), [](const FolderStep& step) {
    return step.kind == FolderStep::Kind::Empty;
  });
  const base::UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  for (int i = 0; i < hidden; ++i) spawn.descriptors[numbers.empty + i] = nothing.get();
  if (privilege == Privilege::RootWithoutMount) {
    spawn.uid = identity->uid();
    spawn.gid = identity->gid();
  }
  spawn.argv =
      isolation_arguments(prepared->isolation, request, folders, numbers.seccomp, numbers.empty);
  spawn.argv.insert(spawn.argv.begin(), prepared->program);
  spawn.argv.emplace_back("--");
  for (auto& argument :
       init_arguments(request, numbers, privilege == Privilege::Root ? &*identity : nullptr)) {
    spawn.argv.push_back(std::move(argument));
  }

  const auto started = std::chrono::steady_clock::now();
  TG_ASSIGN(auto child, base::spawn(spawn));
  Launch launch{.child = std::move(child),
                .started = started,
                .standard_output = std::move(output.read_end),
                .standard_error = std::move(error.read_end),
                .report = std::move(report.read_end),
                .control = std::move(control.write_end),
                .identity = std::move(identity)};
  return Supervisor::create(std::move(launch), request.limits, excess);
}

base::Result<model::RunResult> BubblewrapSandbox::run(const Request& request,
                                                      std::stop_token stop) {
  TG_ASSIGN(const auto supervisor, launch(request, Excess::Kill));
  const std::stop_callback on_stop(
      stop, [&supervisor] { supervisor->request_kill(model::Outcome::Cancelled); });
  return supervisor->run();
}

base::Result<std::unique_ptr<Process>> BubblewrapSandbox::start(const Request& request) {
  TG_ASSIGN(auto supervisor, launch(request, Excess::Discard));
  return std::unique_ptr<Process>(std::make_unique<SupervisedProcess>(std::move(supervisor)));
}

base::Status BubblewrapSandbox::check() {
  Request request;
  request.argv = {"/bin/true"};
  TG_ASSIGN(const auto result, run(request, {}));
  if (result.succeeded()) return {};
  return base::Error{base::ErrorCode::Environment,
                     "/bin/true does not work in the sandbox: " + result.standard_error, ""};
}

}  // namespace testgen::sandbox
