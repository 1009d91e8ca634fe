// Texts on their way into a log line: cut to a length worth reading, without secrets, valid UTF-8
// and, inside JSON, escaped. Every format writes foreign text through here.
#pragma once

#include <string>
#include <string_view>

#include "telemetry/logging/line_buffer.h"

namespace testgen::telemetry {

// A log line is for reading; what is longer than this belongs elsewhere.
inline constexpr std::size_t kMaxLogTextBytes = 8192;

// Appends a quoted JSON string.
void append_clean_json(LineBuffer& out, std::string_view text);

// The same without escapes, for formats that have none. Borrowed where the text is clean as it
// is, which nearly all are: it must outlive this. Otherwise a copy.
class CleanText {
 public:
  explicit CleanText(std::string_view text);
  CleanText(const CleanText&) = delete;
  CleanText& operator=(const CleanText&) = delete;
  [[nodiscard]] std::string_view view() const { return view_; }

 private:
  std::string copy_;
  std::string_view view_;
};

}  // namespace testgen::telemetry
