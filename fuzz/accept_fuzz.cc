// Any bytes as the Accept headers of a scrape: the answer is one of the formats, and the same
// with blanks around it. The first line is Accept, the rest Accept-Encoding.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "telemetry/metrics/exposition.h"

using namespace testgen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string accept(text.substr(0, text.find('\n')));
  const std::string encoding(text.substr(std::min(accept.size() + 1, text.size())));
  const auto format = telemetry::negotiate_exposition(accept);
  TG_CHECK(!telemetry::content_type(format).empty());
  TG_CHECK(telemetry::negotiate_exposition("  " + accept + "\t") == format);
  if (accept.find(',') == std::string::npos) {
    TG_CHECK(telemetry::negotiate_exposition(accept + "," + accept) == format);
  }
  if (telemetry::accepts_gzip(encoding)) {
    TG_CHECK(encoding.find_first_of("gG*") != std::string::npos);
  }
  return 0;
}
