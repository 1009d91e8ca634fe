#include "engine/traced/trace_run.h"

#include "base/file_system.h"
#include "engine/traced/trace_report.h"
#include "engine/traced/trace_source.h"

namespace testgen::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxReport = 16U << 20U;

}  // namespace

base::Result<model::TracedTests> trace_tests(sandbox::Sandbox& sandbox, const TraceRequest& request,
                                             const std::stop_token& stop) {
  TG_ASSIGN(const base::TempDir folder, base::TempDir::create("testgen-trace"));
  const fs::path report = folder.path() / "calls.jsonl";
  sandbox::Request run;
  run.argv = {request.interpreter,
              "-s",
              "-c",
              std::string(kTraceSource),
              request.root.string(),
              request.plan.source_path.string(),
              request.plan.module_name,
              request.plan.alias,
              report.string(),
              std::to_string(request.calls)};
  for (const fs::path& file : request.test_files) run.argv.push_back(file.string());
  run.environment = {"PATH=/usr/bin:/bin",
                     "HOME=/tmp",
                     "LANG=C.UTF-8",
                     "LC_ALL=C.UTF-8",
                     "TZ=UTC",
                     "PYTHONHASHSEED=0",
                     "PYTHONDONTWRITEBYTECODE=1",
                     "PYTHONPATH=" + request.import_root.string() + ":" + request.root.string()};
  run.read_only = request.read_only;
  run.writable = {folder.path()};
  run.working_directory = request.root.string();
  run.limits.wall = request.deadline;
  TG_ASSIGN(const model::RunResult ended, sandbox.run(run, stop));
  if (ended.outcome == model::Outcome::SetupFailed) {
    return base::Error{base::ErrorCode::Environment,
                       "the sandbox did not start: " + ended.standard_error.substr(0, 300),
                       "testgen doctor tells what this machine lacks"};
  }
  const auto text = base::read_file(report, kMaxReport);
  return text ? read_trace_report(*text, *request.module) : model::TracedTests{};
}

}  // namespace testgen::engine
