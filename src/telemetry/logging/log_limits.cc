#include "telemetry/logging/log_limits.h"

#include <algorithm>
#include <list>
#include <string>
#include <vector>

#include "telemetry/logging/clean_text.h"

namespace testgen::telemetry {
namespace {

// Not in the middle of a character. `text` is valid UTF-8 and longer.
std::string_view first_bytes(std::string_view text, std::size_t bytes) {
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  return text.substr(0, bytes);
}

// Where the value is a text that will be shown, and longer than the limit.
const std::string_view* long_text(const LogField& field, std::size_t limit) {
  const auto* text = std::get_if<std::string_view>(&field.value.data());
  return text != nullptr && text->size() > limit && !field.key.secret() ? text : nullptr;
}

}  // namespace

LimitedFields::LimitedFields(const LogLimits& limits, Metrics& metrics)
    : limits_(limits),
      too_many_(metrics.log_fields_cut_total.with("too_many")),
      too_long_(metrics.log_fields_cut_total.with("too_long")) {}

std::span<const LogField> LimitedFields::within(std::span<const LogField> fields) const {
  const bool fits = fields.size() <= limits_.fields &&
                    std::none_of(fields.begin(), fields.end(), [this](const LogField& field) {
                      return long_text(field, limits_.text_bytes) != nullptr;
                    });
  return fits ? fields : cut(fields);
}

std::span<const LogField> LimitedFields::cut(std::span<const LogField> fields) const {
  thread_local std::vector<LogField> kept;
  thread_local std::list<std::string> texts;  // a list: views of them stay valid
  kept.clear();
  texts.clear();
  if (fields.size() > limits_.fields) {
    too_many_.add(fields.size() - limits_.fields);
    fields = fields.first(limits_.fields);
  }
  for (const LogField& field : fields) {
    const std::string_view* text = long_text(field, limits_.text_bytes);
    if (text == nullptr) {
      kept.push_back(field);
      continue;
    }
    too_long_.add();
    // Cleaned before it is cut: half of a secret is not known for one any more.
    const CleanText clean(*text);
    const bool short_now = clean.view().size() <= limits_.text_bytes;
    const std::string_view within =
        short_now ? clean.view() : first_bytes(clean.view(), limits_.text_bytes);
    kept.push_back({field.key, texts.emplace_back(within)});
  }
  return kept;
}

}  // namespace testgen::telemetry
