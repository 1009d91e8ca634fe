#include "app/scan_flags.h"

#include <string>
#include <utility>

namespace testgen::app {
namespace {

base::Error usage_error(std::string message, std::string hint) {
  return {base::ErrorCode::InvalidArgument, std::move(message), std::move(hint)};
}

base::Status check_fix(const config::Settings& settings, bool baseline) {
  if (settings.dry_run && !settings.fix) {
    return usage_error("scan --dry-run shows what --fix would change", "give --fix, too");
  }
  if (settings.fix && baseline) {
    return usage_error("scan baseline changes no files", "leave --fix out");
  }
  if (settings.fix && !settings.server.empty()) {
    return usage_error("--fix needs the rules that found something, and a service keeps its own",
                       "leave --server out");
  }
  return {};
}

base::Status check_reproduce(const config::Settings& settings, bool baseline) {
  if (!settings.reproduce) return {};
  if (settings.fix) {
    return usage_error("--reproduce is about findings as they are, and --fix mends them",
                       "give one of them, then the other");
  }
  if (baseline) return usage_error("scan baseline writes no tests", "leave --reproduce out");
  if (!settings.server.empty()) {
    return usage_error("--reproduce runs the code on this machine, and a service scans elsewhere",
                       "leave --server out");
  }
  return {};
}

}  // namespace

base::Status check_scan(const config::Settings& settings, bool baseline) {
  TG_TRY(check_fix(settings, baseline));
  return check_reproduce(settings, baseline);
}

}  // namespace testgen::app
