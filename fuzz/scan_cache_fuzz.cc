// Any bytes in place of a kept report: refused, or a report that is written as it was read.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "scan/cache/codec.h"

using namespace testgen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto report = scan::decode_report(bytes);
  if (!report) return 0;
  const std::string written = scan::encode_report(*report);
  const auto again = scan::decode_report(written);
  TG_CHECK(again && scan::encode_report(*again) == written);
  TG_CHECK(again->findings.size() == report->findings.size());
  return 0;
}
