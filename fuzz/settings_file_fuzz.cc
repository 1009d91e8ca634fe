// Any bytes as a settings file: reading and resolving end with settings within their limits, or
// with an error about usage that names the file.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "config/resolve.h"

using namespace testgen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto entries = config::parse_settings(text, "fuzzed.yaml");
  const auto check = [](const base::Error& error) {
    TG_CHECK(error.code == base::ErrorCode::InvalidArgument);
    TG_CHECK(error.message.starts_with("fuzzed.yaml:"));
  };
  if (!entries) {
    check(entries.error());
    return 0;
  }
  for (const bool trusted : {false, true}) {
    config::Sources sources;
    sources.files.push_back({"fuzzed.yaml", trusted, "project", *entries});
    const auto resolved = config::resolve(sources);
    const auto faults = config::find_faults(sources);
    for (const base::Error& fault : faults) check(fault);
    // What is refused has a fault; a fault may be of a line that does not win.
    TG_CHECK(resolved.has_value() || !faults.empty());
    if (!resolved) {
      check(resolved.error());
      continue;
    }
    TG_CHECK(resolved->settings.jobs <= 64);
    TG_CHECK(resolved->settings.budget.count() >= 100);
    TG_CHECK(resolved->settings.coverage_target <= 100);
    TG_CHECK(!resolved->settings.unsafe_no_sandbox);
    if (!trusted) TG_CHECK(resolved->settings.python.empty());
  }
  return 0;
}
