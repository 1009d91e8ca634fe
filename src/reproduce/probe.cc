#include "reproduce/probe.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "reproduce/probe_source.h"
#include "reproduce/test_file.h"

namespace testgen::reproduce {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kAnAttempt{3'000};
constexpr milliseconds kImport{20'000};
constexpr milliseconds kLongest{120'000};

}  // namespace

base::Result<ProbeReply> probe(sandbox::Sandbox& sandbox, const ProbeRequest& request,
                               const std::stop_token& stop) {
  nlohmann::json document = {{"file", std::string(kRunFolder) + "/attempts.py"},
                             {"preamble", request.preamble},
                             {"seconds", std::chrono::duration<double>(kAnAttempt).count()},
                             {"attempts", nlohmann::json::array()}};
  for (const Attempt& attempt : *request.attempts) {
    document["attempts"].push_back({{"body", body_of(attempt)},
                                    {"recorder", attempt.recorder},
                                    {"marker", attempt.marker},
                                    {"anywhere", attempt.anywhere}});
  }
  sandbox::Request run;
  run.argv = {request.interpreter, "-s", "-c", std::string(kProbeSource)};
  run.environment = {"PATH=/usr/bin:/bin",       "HOME=/tmp", "LANG=C.UTF-8",
                     "LC_ALL=C.UTF-8",           "TZ=UTC",    "PYTHONHASHSEED=0",
                     "PYTHONDONTWRITEBYTECODE=1"};
  run.read_only = request.read_only;
  run.standard_input = document.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  run.limits.wall =
      std::min(kLongest, kImport + kAnAttempt * static_cast<long>(request.attempts->size()));
  TG_ASSIGN(const model::RunResult ended, sandbox.run(run, stop));
  if (ended.outcome == model::Outcome::SetupFailed) {
    return base::Error{base::ErrorCode::Environment,
                       "the sandbox did not start: " + ended.standard_error.substr(0, 300),
                       "testgen doctor tells what this machine lacks"};
  }
  return read_probe_reply(ended.standard_output, request.attempts->size());
}

}  // namespace testgen::reproduce
