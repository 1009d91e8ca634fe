// testgen drill list | run ALERT | all: faults on purpose, and whether anybody is told.
#include <fmt/format.h>
#include <unistd.h>

#include "app/commands/commands.h"
#include "app/drills/drill_run.h"
#include "app/exit_codes.h"
#include "app/run.h"
#include "app/terminal.h"
#include "base/strings.h"
#include "service/auth/authenticator.h"

namespace testgen::app {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::string_view kRow = "{:<24}{:<10}{:>12}{:>12}{:>12}  {}\n";

std::string table_head() {
  return fmt::format(fmt::runtime(kRow), "alert", "severity", "fires (s)", "told (s)",
                     "resolves (s)", "told by");
}

std::string row(const DrillResult& result) {
  double last = 0;
  std::vector<std::string> names;
  for (const auto& [name, seconds] : result.to_notify) {
    names.push_back(name);
    last = std::max(last, seconds);
  }
  return fmt::format(fmt::runtime(kRow), result.alert, result.severity,
                     fmt::format("{:.1f}", result.to_fire), fmt::format("{:.1f}", last),
                     fmt::format("{:.1f}", result.to_resolve), base::join(names, ", "));
}

std::string list() {
  std::string out;
  for (const DrillSpec& drill : drills()) {
    out += fmt::format("{:<24}{:<10}{}{}\n", drill.alert, drill.severity, drill.what,
                       drill.fault == DrillFault::Command ? " (by --inject)"
                       : drill.fault == DrillFault::Disk  ? " (of --fill)"
                                                          : "");
  }
  return out;
}

base::Result<DrillSettings> settings_of(const Drill& action) {
  const config::Settings& settings = action.settings;
  DrillSettings out;
  std::string url = settings.server;
  while (url.ends_with('/')) url.pop_back();
  out.fault.service = {url, settings.api_token, settings.server_certificate};
  if (!settings.token_file.empty()) {
    auto token = service::read_token_file(settings.token_file);
    if (!token) return std::move(token).error().with_context("--token-file");
    out.fault.service.token = *std::move(token);
  }
  if (settings.inject.empty() != settings.lift.empty()) {
    return Error{ErrorCode::InvalidArgument, "a fault that is injected must be lifted",
                 "give both --inject and --lift"};
  }
  out.fault.instead = service::fault_named(action.fault);
  if (out.fault.instead && !settings.inject.empty()) {
    return Error{ErrorCode::InvalidArgument, "a drill has one fault", "give --fault or --inject"};
  }
  out.fault.data = settings.data;
  out.fault.fill = settings.fill;
  out.fault.inject = settings.inject;
  out.fault.lift = settings.lift;
  out.fault.prometheus = settings.prometheus;
  out.fault.alertmanager = settings.alertmanager;
  out.timeout = settings.drill_timeout;
  out.tell = [](const std::string& line) { write_out(STDERR_FILENO, line + "\n"); };
  return out;
}

base::Result<DrillResult> run_one(const DrillSpec& drill, DrillSettings settings) {
  // Should this process die, the service mends itself then.
  settings.fault.until = base::SystemClock().wall_now() + 2 * settings.timeout;
  return run_drill(drill, settings);
}

int run_all(const DrillSettings& settings) {
  std::string table = table_head();
  std::string left_out;
  std::optional<Error> failure;
  for (const DrillSpec& drill : drills()) {
    if (const std::string needed = needed_for(drill.fault, settings.fault); !needed.empty()) {
      left_out += fmt::format("left out: {}, which needs {}\n", drill.alert, needed);
      continue;
    }
    auto result = run_one(drill, settings);
    if (result) {
      table += row(*result);
    } else {
      (void)report_error(result.error());
      failure = std::move(result).error();
    }
  }
  const int printed = print(table + left_out);
  return failure ? exit_code_for(failure->code) : printed;
}

}  // namespace

int drill(const Drill& action) {
  if (!action.fault.empty() && action.verb != Drill::Verb::Run) {
    return report_error(Error{ErrorCode::InvalidArgument, "--fault is for one drill",
                              "write `testgen drill run ALERT --fault FAULT`"});
  }
  if (action.verb == Drill::Verb::List) return print(list());
  const auto settings = settings_of(action);
  if (!settings) return report_error(settings.error());
  if (action.verb == Drill::Verb::All) {
    if (action.settings.inject.empty()) return run_all(*settings);
    return report_error(Error{ErrorCode::InvalidArgument, "one command cannot cause every fault",
                              "use --inject with `testgen drill run`"});
  }
  const DrillSpec* const known = find_drill(action.name);
  if (known == nullptr) {
    return report_error(Error{ErrorCode::NotFound, "there is no drill \"" + action.name + "\"",
                              "`testgen drill list` names them"});
  }
  const auto result = run_one(*known, *settings);
  return result ? print(table_head() + row(*result)) : report_error(result.error());
}

}  // namespace testgen::app
