// Any text as a file of any language (the first byte says which), scanned with every rule: places
// lie in the text, the cache gives back what it is given, and the prefilter hides nothing.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "scan/cache/codec.h"
#include "scan/line_table.h"
#include "scan/scan.h"

using namespace testgen;

namespace {

constexpr std::array<std::string_view, 11> kNames{"a.py", "a.js", "a.ts", "a.tsx", "a.java", "a.go",
                                                  "a.cs", "a.rs", "a.c",  "a.cc",  "a.h"};

const scan::Rules& rules() {
  static const auto loaded = scan::Rules::load({.folder = "", .audit = true, .only = {}});
  TG_CHECK(loaded);
  return **loaded;
}

void check(const scan::Place& place, const scan::LineTable& lines) {
  const auto last = lines.line_of(static_cast<std::uint32_t>(lines.text().size()));
  TG_CHECK(place.line >= 1 && place.line <= place.end_line && place.end_line <= last);
  TG_CHECK(place.column >= 1 && place.column <= lines.line(place.line).size() + 1);
  TG_CHECK(place.end_column >= 1 && place.end_column <= lines.line(place.end_line).size() + 1);
  TG_CHECK(place.line < place.end_line || place.column <= place.end_column);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view name = kNames.at(data[0] % kNames.size());
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const scan::FileReport report = scan::scan_file(rules(), name, text);
  if (report.error) return 0;
  TG_CHECK(report.broken_bytes <= text.size());
  const scan::LineTable lines(text);
  for (const scan::Finding& one : report.findings) {
    check(one.place, lines);
    for (const scan::FlowStep& step : one.flow) check(step.place, lines);
    for (const scan::Edit& edit : one.edits) check(edit.place, lines);
    TG_CHECK(one.fingerprint.size() == 20 && !one.title.empty());
  }
  const std::string bytes = scan::encode_report(report);
  const auto back = scan::decode_report(bytes);
  TG_CHECK(back && scan::encode_report(*back) == bytes);
  scan::FileReport whole = scan::scan_file(rules(), name, text, {.limits = {}, .prefilter = false});
  scan::FileReport found = report;
  for (scan::FileReport* const one : {&whole, &found}) {
    one->parsed = true;
    one->broken_bytes = 0;
    one->faults = 0;
    one->notes.clear();
  }
  TG_CHECK(scan::encode_report(whole) == scan::encode_report(found));
  return 0;
}
