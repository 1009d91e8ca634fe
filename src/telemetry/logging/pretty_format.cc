// For people: 2026-11-22T17:30:00.123Z INFO     message key=value trace_id=…
#include "telemetry/logging/line_format.h"

namespace testgen::telemetry {
namespace {

std::string_view color_of(LogLevel level) {
  switch (level) {
    case LogLevel::Debug:
      return "\x1b[2m";
    case LogLevel::Info:
      return "\x1b[32m";
    case LogLevel::Warning:
      return "\x1b[33m";
    case LogLevel::Error:
      return "\x1b[31m";
    case LogLevel::Critical:
      return "\x1b[1;31m";
  }
  return "";
}

class PrettyFormat final : public LineFormat {
 public:
  explicit PrettyFormat(bool color)
      : key_begin_(color ? " \x1b[2m" : " "), key_end_(color ? "=\x1b[0m" : "=") {
    heads_ = for_each_event([&](const LogEventSpec& spec) {
      constexpr std::size_t kLevelWidth = 9;
      const std::string_view level = to_string(spec.level());
      std::string head = " ";
      if (color) head += color_of(spec.level());
      head += level;
      if (color) head += "\x1b[0m";
      head.append(kLevelWidth - level.size(), ' ');
      return head + std::string(spec.message);
    });
  }

  void append(LineBuffer& out, const LogRecord& record) const override {
    append_timestamp(out, record.time);
    out.append(heads_[static_cast<std::size_t>(record.event)]);
    for (const LogField& field : record.fields) {
      begin_field(out, field.key.text());
      append_json_value(out, field);
    }
    if (record.suppressed > 0) {
      begin_field(out, "suppressed");
      out.append_number(record.suppressed);
    }
    if (record.context.trace_id.valid()) {
      begin_field(out, "trace_id");
      append_hex(out, record.context.trace_id.bytes);
    }
    out.append('\n');
  }

 private:
  void begin_field(LineBuffer& out, std::string_view key) const {
    out.append(key_begin_);
    out.append(key);
    out.append(key_end_);
  }

  std::string_view key_begin_;
  std::string_view key_end_;
  EventTexts heads_;
};

}  // namespace

std::unique_ptr<LineFormat> make_pretty_format(bool color) {
  return std::make_unique<PrettyFormat>(color);
}

}  // namespace testgen::telemetry
