// Any bytes as a condition, and any as the line it is asked about: it is refused with a place, or
// parses, and then its own text parses to the same and gives the same answer.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/check.h"
#include "operations/logs/expression.h"
#include "operations/logs/log_query.h"

using namespace testgen;
using namespace testgen::operations;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 20'000) return 0;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::string_view condition = all.substr(0, all.find('\n'));
  const std::string_view line = all.substr(std::min(all.size(), condition.size() + 1));
  const auto parsed = Expression::parse(condition);
  if (!parsed) {
    TG_CHECK(parsed.error().message.find("at character ") != std::string::npos);
    return 0;
  }
  const auto again = Expression::parse(parsed->text());
  TG_CHECK(again.has_value());
  TG_CHECK(again->text() == parsed->text());
  const auto document = nlohmann::json::parse(line, nullptr, false);
  if (document.is_object()) TG_CHECK(parsed->matches(document) == again->matches(document));
  auto query = LogQuery::create({.where = std::string(condition)});
  TG_CHECK(query.has_value());
  if (const auto text = query->take(line, "fuzz:1")) {
    TG_CHECK(text->find('\n') == text->size() - 1);
  }
  return 0;
}
