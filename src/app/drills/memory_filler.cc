#include "app/drills/memory_filler.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "base/strings.h"

namespace testgen::app {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

constexpr double kFull = 0.95;
constexpr std::size_t kMebibyte = 1U << 20U;
constexpr std::size_t kBlock = 16 * kMebibyte;
// The service reads its group once in a while; what we see is a little old.
constexpr std::chrono::milliseconds kPause{20};
constexpr const char* kRoot = "/sys/fs/cgroup";

// The folder that controls the memory of a process, of version 1 or 2.
fs::path group_of(const std::string& process) {
  std::ifstream file("/proc/" + process + "/cgroup");
  fs::path unified;
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    if (controllers == "memory") return fs::path(kRoot + ("/memory" + group));
    if (controllers.empty()) unified = fs::path(kRoot + group);
  }
  return unified;
}

base::Status join(const fs::path& group) {
  std::ofstream out(group / "cgroup.procs");
  out << ::getpid() << '\n';
  if (out.flush()) return {};
  return Error{ErrorCode::Environment, "cannot join " + group.string(),
               "run the drill as root, on the service's own machine"};
}

}  // namespace

base::Result<std::unique_ptr<MemoryFiller>> MemoryFiller::fill(
    pid_t process, const std::function<base::Result<MemoryUse>()>& look) {
  TG_ASSIGN(MemoryUse use, look());
  const auto machine =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  if (use.limit <= 0 || use.limit >= machine) {
    return Error{ErrorCode::Environment, "the service has no memory limit of its own",
                 "give it one (MemoryMax= in its unit), or the drill would fill the machine"};
  }
  std::unique_ptr<MemoryFiller> filler(new MemoryFiller(group_of("self")));
  TG_TRY(join(group_of(std::to_string(process))));
  // Straight towards the goal, and by small steps near it: past the limit the kernel kills.
  while (use.used < kFull * use.limit) {
    const auto missing = static_cast<std::size_t>(kFull * use.limit - use.used);
    const std::size_t bytes = std::clamp(missing / 2, kMebibyte, kBlock);
    filler->blocks_.push_back(std::make_unique<char[]>(bytes));
    std::memset(filler->blocks_.back().get(), 1, bytes);
    const double before = use.used;
    for (int tries = 0; tries < 500 && use.used <= before; ++tries) {
      std::this_thread::sleep_for(kPause);
      TG_ASSIGN(use, look());
    }
  }
  return filler;
}

MemoryFiller::~MemoryFiller() {
  (void)join(back_);  // where even that fails, the memory goes with the process
}

}  // namespace testgen::app
