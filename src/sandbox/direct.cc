#include "sandbox/direct.h"

#include "base/process.h"
#include "sandbox/limits.h"
#include "sandbox/memory_file.h"
#include "sandbox/supervised_process.h"

namespace testgen::sandbox {
namespace {

base::Result<std::unique_ptr<Supervisor>> launch(const Request& request, Excess excess,
                                                 int niceness) {
  TG_ASSIGN(auto output, base::make_pipe());
  TG_ASSIGN(auto error, base::make_pipe());
  TG_ASSIGN(const auto input, memory_file("testgen-stdin", request.standard_input));
  base::SpawnRequest spawn;
  spawn.argv = request.argv;
  spawn.environment = request.environment;
  spawn.working_directory = request.working_directory;
  spawn.niceness = niceness;
  spawn.descriptors = request.descriptors;
  if (!request.standard_input.empty()) spawn.descriptors[0] = input.get();
  spawn.descriptors[1] = output.write_end.get();
  spawn.descriptors[2] = error.write_end.get();
  for (const auto& limit : resource_limits(request.limits, 0)) {
    // Counted over all of the user's processes, so it would fail at random.
    if (limit.resource == RLIMIT_NPROC) continue;
    spawn.resource_limits.emplace_back(limit.resource, limit.value.rlim_cur);
  }
  const auto started = std::chrono::steady_clock::now();
  TG_ASSIGN(auto child, base::spawn(spawn));
  Launch launched{.child = std::move(child),
                  .started = started,
                  .standard_output = std::move(output.read_end),
                  .standard_error = std::move(error.read_end)};
  return Supervisor::create(std::move(launched), request.limits, excess);
}

// A program that cannot be started is the program's failure, as it is in a real sandbox.
bool is_programs_fault(const base::Error& error) {
  return error.code == base::ErrorCode::NotFound || error.code == base::ErrorCode::PermissionDenied;
}

}  // namespace

base::Result<model::RunResult> DirectSandbox::run(const Request& request, std::stop_token stop) {
  const auto supervisor = launch(request, Excess::Kill, niceness_);
  if (!supervisor) {
    if (!is_programs_fault(supervisor.error())) return supervisor.error();
    model::RunResult result;
    result.exit_code = 127;
    result.standard_error = base::describe(supervisor.error()) + "\n";
    return result;
  }
  const std::stop_callback on_stop(
      stop, [&supervisor] { (*supervisor)->request_kill(model::Outcome::Cancelled); });
  return (*supervisor)->run();
}

base::Result<std::unique_ptr<Process>> DirectSandbox::start(const Request& request) {
  TG_ASSIGN(auto supervisor, launch(request, Excess::Discard, niceness_));
  return std::unique_ptr<Process>(std::make_unique<SupervisedProcess>(std::move(supervisor)));
}

}  // namespace testgen::sandbox
