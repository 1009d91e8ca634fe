// Any text: what the parser accepts prints as text that it accepts again, as the same value.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "engine/explorer/value.h"

using namespace testgen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = engine::parse_literal(text, "mod");
  if (!value) return 0;
  TG_CHECK(engine::weight(*value) >= 1);
  const std::string printed = engine::render(*value);
  TG_CHECK(printed.find('\n') == std::string::npos);
  const auto again = engine::parse_literal(printed, "mod");
  TG_CHECK(again && engine::render(*again) == printed);
  return 0;
}
