// What an OTLP receiver answers, in both encodings, and the pushback it may ask for.
#include <cstdint>
#include <cstdlib>

#include "base/strings.h"
#include "net/retry.h"
#include "telemetry/export/otlp_response.h"

using namespace testgen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto protocol :
       {telemetry::OtlpProtocol::HttpProtobuf, telemetry::OtlpProtocol::HttpJson}) {
    const auto partial = telemetry::parse_partial_success(protocol, text);
    if (partial && base::find_invalid_utf8(partial->message) != std::string_view::npos) {
      std::abort();
    }
  }
  const auto delay = net::parse_retry_after(text, base::WallTime(std::chrono::seconds(1)));
  if (delay && (delay->count() < 0 || *delay > std::chrono::hours(24))) std::abort();
  return 0;
}
