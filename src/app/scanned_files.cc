#include "app/scanned_files.h"

#include <optional>

#include "scan/cache/codec.h"
#include "service/cache/result_cache.h"

namespace testgen::app {
namespace {

constexpr std::uint64_t kEntryBytes = 256;  // of an entry beside its report

// Of the name, a report depends on the last part alone.
std::string_view last_part(std::string_view name) {
  return name.substr(name.rfind('/') + 1);  // npos + 1 is 0
}

}  // namespace

scan::FileReport ScannedFiles::scan(const scan::Rules& rules, std::string_view tenant,
                                    std::string_view name, std::string_view text) {
  const std::string key = service::cache_key({rules.version(), tenant, last_part(name), text});
  std::optional<scan::FileReport> known;
  {
    const std::lock_guard lock(mutex_);
    if (const std::string* bytes = kept_.find(key)) known = scan::decode_report(*bytes);
  }
  if (known) {
    known->file = name;
    for (scan::Finding& finding : known->findings) finding.file = name;
    return *std::move(known);
  }
  scan::FileReport report = scan::scan_file(rules, name, text);
  if (report.error) return report;
  std::string bytes = scan::encode_report(report);
  const std::uint64_t weight = bytes.size() + kEntryBytes;
  const std::lock_guard lock(mutex_);
  kept_.put(key, std::move(bytes), weight);
  return report;
}

}  // namespace testgen::app
