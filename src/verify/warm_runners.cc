#include "verify/warm_runners.h"

namespace testgen::verify {
namespace {

using std::chrono::hours;

// What a good test does not notice. The first and the last keep today's date.
const std::array<RunEnvironment, WarmRunners::kHostile + 1>& environments() {
  static const std::array<RunEnvironment, WarmRunners::kHostile + 1> kEnvironments{{
      {"1", "UTC", "C.UTF-8", {}},
      {"31337", "America/St_Johns", "C", hours(24 * 45 + 7)},
      {"7", "Asia/Kathmandu", "C.UTF-8", -hours(24 * 400 + 5)},
      {"65537", "Pacific/Apia", "POSIX", hours(24 * 366 * 3 + 13)},
      {"0", "Europe/Berlin", "C.UTF-8", {}},
  }};
  return kEnvironments;
}

}  // namespace

WarmRunners::WarmRunners(sandbox::Sandbox& sandbox, RunnersSetup setup)
    : sandbox_(sandbox), setup_(std::move(setup)) {
  for (std::size_t i = 0; i <= kHostile; ++i) {
    if (auto runner = WarmRunner::start(sandbox_, setup_for(i))) runners_[i] = *std::move(runner);
  }
}

RunnerSetup WarmRunners::setup_for(std::size_t index) const {
  RunnerSetup out;
  out.interpreter = setup_.interpreter;
  out.read_only = setup_.read_only;
  out.hidden = setup_.hidden;
  out.framework = setup_.framework;
  out.environment = environments()[index];
  if (index == kHostile) out.measured = setup_.source;
  return out;
}

base::Status WarmRunners::run_hostile(std::size_t index, const RunRequest& request,
                                      RunReport& report) {
  auto& runner = runners_[index];
  if (runner == nullptr) {
    TG_ASSIGN(runner, WarmRunner::start(sandbox_, setup_for(index)));
  }
  auto status = runner->run(request, report);
  if (!status) runner.reset();
  return status;
}

base::Status WarmRunners::run_fresh(const RunRequest& request, RunReport& report) {
  auto status = run_hostile(kHostile, request, report);
  runners_[kHostile].reset();
  return status;
}

}  // namespace testgen::verify
