// Runs untrusted programs. A Request says what to run, Limits how much it may use, and what it
// may see is fixed policy: no network, a read-only file system, a private bounded /tmp, no
// capabilities, its own PID namespace, and death on the deadline. What the program did comes
// back as a model::RunResult; an Error means that the sandbox itself could not be used.
// Implementations are thread-safe.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/run_result.h"

namespace testgen::sandbox {

struct Limits {
  std::chrono::milliseconds wall{10'000};    // then the whole tree is killed
  std::chrono::seconds cpu{60};              // RLIMIT_CPU a process
  std::uint64_t memory_bytes = 2ULL << 30U;  // RLIMIT_AS a process
  // Resident, of all processes together; looked at 20 times a second, then all are killed.
  // Not without a sandbox.
  std::uint64_t tree_memory_bytes = 4ULL << 30U;
  std::uint64_t file_bytes = 64ULL << 20U;       // RLIMIT_FSIZE
  std::uint64_t temporary_bytes = 64ULL << 20U;  // of the private /tmp, and of /dev/shm
  std::uint64_t processes = 64;                  // RLIMIT_NPROC, for the whole tree
  std::uint64_t open_files = 256;                // RLIMIT_NOFILE
  std::uint64_t output_bytes = 4ULL << 20U;      // stdout and stderr, each
};

struct Request {
  std::vector<std::string> argv;         // argv[0] absolute, as seen inside
  std::vector<std::string> environment;  // KEY=VALUE, the whole of it
  // Host folders and files, shown at the same path. When we are root, the program has a user id
  // of its own: it reads what everyone may read, and `writable` folders are handed to it
  // (chown of what we own in them; concurrent runs must not share one).
  std::vector<std::filesystem::path> read_only;
  std::vector<std::filesystem::path> writable;
  // Files of `read_only` that look empty inside, whatever link leads to them; not many, for each
  // is a mount. Spelled as they are shown. Only where Sandbox::hides().
  std::vector<std::filesystem::path> hidden;
  std::string working_directory = "/tmp";
  std::string standard_input;
  std::map<int, int> descriptors;  // inside → ours (borrowed); 3 and up
  Limits limits;
};

// A running sandboxed program whose extra descriptors the caller talks to.
// Destruction kills the whole tree.
class Process {
 public:
  virtual ~Process() = default;
  // Waits until the deadline; nothing when it still runs then.
  [[nodiscard]] virtual bool wait_until(base::SteadyTime deadline) = 0;
  // SIGKILL to everything inside; result() then says TimedOut or Cancelled.
  virtual void kill(model::Outcome reason) = 0;
  // What it did; only after it has ended. Output past the limit was thrown away.
  [[nodiscard]] virtual model::RunResult result() = 0;
};

class Sandbox {
 public:
  virtual ~Sandbox() = default;
  // Runs to the end, the deadline, or the caller's request to stop.
  [[nodiscard]] virtual base::Result<model::RunResult> run(const Request& request,
                                                           std::stop_token stop) = 0;
  // Starts and returns at once; Limits::wall still kills it.
  [[nodiscard]] virtual base::Result<std::unique_ptr<Process>> start(const Request& request) = 0;
  // Proves that isolation works on this machine, by running /bin/true in it.
  [[nodiscard]] virtual base::Status check() = 0;
  // Whether Request::hidden holds.
  [[nodiscard]] virtual bool hides() const { return true; }
  // "bubblewrap" or "none"; for logs and reports.
  [[nodiscard]] virtual std::string name() const = 0;
};

}  // namespace testgen::sandbox
