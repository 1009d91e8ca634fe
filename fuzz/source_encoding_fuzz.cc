// Any bytes: what the loader accepts is valid UTF-8 with one kind of line end.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/strings.h"
#include "source/encoding.h"

using namespace testgen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text =
      source::decode_python(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!text) {
    TG_CHECK(!text.error().message.empty());
    return 0;
  }
  TG_CHECK(base::find_invalid_utf8(*text) == std::string_view::npos);
  TG_CHECK(text->find('\r') == std::string::npos);
  return 0;
}
