#include "app/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/terminal.h"
#include "app/version.h"
#include "emit/report_layout.h"

namespace testgen::app {
namespace {

struct Runner {
  int operator()(const PrintText& action) const { return print(action.text); }
  int operator()(const Generate& action) const { return generate(action); }
  int operator()(const Analyze& action) const { return analyze(action); }
  int operator()(const Serve& action) const { return serve(action); }
  int operator()(const Doctor& action) const {
    return action.what.empty() ? doctor(action) : doctor_live(action);
  }
  int operator()(const ShowConfig& action) const { return show_config(action); }
  int operator()(const Keys& action) const { return keys(action); }
  int operator()(const Env& action) const { return env(action); }
  int operator()(const Trace& action) const { return trace(action); }
  int operator()(const LlmCheck& action) const { return llm_check(action); }
  int operator()(const Scan& action) const { return scan_code(action); }
  int operator()(const BaselineCommand& action) const { return scan_baseline(action); }
  int operator()(const RulesCommand& action) const { return rules(action); }
  int operator()(const Ops& action) const { return ops(action); }
  int operator()(const Top& action) const { return top(action); }
  int operator()(const SupportBundle& action) const { return support_bundle(action); }
  int operator()(const Logs& action) const { return logs(action); }
  int operator()(const Drill& action) const { return drill(action); }
  int operator()(const TelemetrySchema&) const { return telemetry_schema(); }
};

}  // namespace

int print(std::string_view text) {
  if (write_out(STDOUT_FILENO, text)) return kSuccess;
  return report_error(base::system_error("cannot write to standard output", errno));
}

int run(const Action& action) {
  return std::visit(Runner{}, action);
}

int report_error(const base::Error& error) {
  std::string text = fmt::format("testgen: {}\n", emit::printable(error.message));
  if (!error.hint.empty()) text += fmt::format("  {}\n", emit::printable(error.hint));
  write_out(STDERR_FILENO, text);
  return exit_code_for(error.code);
}

int report_bug(const std::exception& bug) {
  write_out(STDERR_FILENO,
            fmt::format("testgen: internal error: {}\n"
                        "  this is a bug in testgen {}; please report it with the command used\n",
                        emit::printable(bug.what()), version()));
  return kInternal;
}

}  // namespace testgen::app
