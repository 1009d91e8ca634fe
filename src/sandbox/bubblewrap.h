// The real sandbox: bubblewrap builds the namespaces, our init (init/main.cc) runs inside as
// PID 1, a Supervisor watches from outside. What is isolated, and how, is the list in
// isolation_arguments(); read it aloud. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "sandbox/folders.h"
#include "sandbox/identity.h"
#include "sandbox/sandbox.h"
#include "sandbox/supervisor.h"

namespace testgen::sandbox {

// What of the isolation depends on this machine and on who we are.
struct Isolation {
  Privilege privilege = Privilege::User;
  bool forbid_user_namespaces = false;  // --disable-userns works here; seccomp refuses them too
  bool rename_root = false;             // we are a root that cannot become anyone else
};

// bubblewrap's options, without the program. `seccomp_fd` is the child's descriptor number, and
// from `empty_fd` on there is one that has nothing to read for each file that is hidden.
[[nodiscard]] std::vector<std::string> isolation_arguments(const Isolation& isolation,
                                                           const Request& request,
                                                           const std::vector<FolderStep>& folders,
                                                           int seccomp_fd, int empty_fd);

class BubblewrapSandbox final : public Sandbox {
 public:
  // `program` is a path, or a name looked up on PATH. `niceness`: how much what runs gives way to
  // us, 0 to 19.
  explicit BubblewrapSandbox(std::string program = "bwrap", int niceness = 0);

  [[nodiscard]] base::Result<model::RunResult> run(const Request& request,
                                                   std::stop_token stop) override;
  [[nodiscard]] base::Result<std::unique_ptr<Process>> start(const Request& request) override;
  [[nodiscard]] base::Status check() override;
  [[nodiscard]] std::string name() const override { return "bubblewrap"; }

 private:
  // What every run needs and none changes; prepared once, by the first.
  struct Prepared {
    std::string program;
    Isolation isolation;
    std::string seccomp;
    base::UniqueFd init_image;
  };

  [[nodiscard]] base::Result<const Prepared*> prepare();
  [[nodiscard]] base::Result<std::unique_ptr<Supervisor>> launch(const Request& request,
                                                                 Excess excess);

  std::string program_;
  const int niceness_;
  std::mutex mutex_;
  std::optional<Prepared> prepared_;
};

}  // namespace testgen::sandbox
