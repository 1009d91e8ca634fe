// testgen support-bundle: one archive for those who help, and a list of what is in it.
#include <fmt/format.h>
#include <sys/stat.h>

#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/run.h"
#include "app/server_access.h"
#include "app/version.h"
#include "base/clock.h"
#include "base/file_system.h"
#include "base/gzip.h"
#include "emit/report_layout.h"
#include "operations/bundle/bundle.h"

namespace testgen::app {
namespace {

// The table of settings knows which are secrets; their values are not in `texts`.
std::string settings_text(const config::Resolved& resolved) {
  std::string out;
  for (const auto& [name, value] : resolved.texts) {
    const auto origin = resolved.origins.find(name);
    out += fmt::format("{}: {}  # {}\n", name, emit::printable(value),
                       origin == resolved.origins.end() ? "" : emit::printable(origin->second));
  }
  return out;
}

}  // namespace

int support_bundle(const SupportBundle& action) {
  const config::Settings& settings = action.resolved.settings;
  auto options = server_options(settings);
  if (!options) return report_error(options.error());
  options->timeout = std::chrono::seconds(10);
  net::HttpClient client;
  const operations::HttpSource service(*std::move(options), client);
  const base::WallTime now = base::SystemClock().wall_now();
  const operations::Bundle bundle = operations::collect_bundle(
      service, {std::string(version()), settings_text(action.resolved), settings.log_file}, now);
  const std::string day = base::format_rfc3339(now).substr(0, 10);
  const std::string file =
      action.output.empty() ? fmt::format("testgen-support-{}.tar.gz", day) : action.output;
  const auto seconds = static_cast<std::int64_t>(base::unix_seconds(now));
  const mode_t before = ::umask(077);  // for its owner
  auto written = base::write_file_atomic(file, base::gzip(operations::tar(bundle.files, seconds)));
  ::umask(before);
  if (!written) {
    return report_error(std::move(written).error().with_context("cannot write the bundle"));
  }
  std::string text = fmt::format("{}:\n", emit::printable(file));
  bool whole = true;
  for (const operations::BundleEntry& entry : bundle.entries) {
    text += fmt::format("  {} {:<18} {}\n", entry.there ? "+" : "-", entry.name, entry.what);
    whole = whole && entry.there;
  }
  text +=
      fmt::format("{} secrets were taken out. Look at it before you send it.\n", bundle.redacted);
  if (!whole) text += "What is marked - could not be had; the archive says why.\n";
  const int printed = print(text);
  return printed != kSuccess ? printed : whole ? kSuccess : kIncomplete;
}

}  // namespace testgen::app
