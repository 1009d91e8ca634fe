// The default format. Its keys and their order are the specification's.
#include "telemetry/logging/line_format.h"
#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

class JsonFormat final : public LineFormat {
 public:
  explicit JsonFormat(const LogIdentity& identity)
      : heads_(for_each_event([&](const LogEventSpec& spec) {
          std::string head = "\",\"level\":\"" + std::string(to_string(spec.level())) +
                             "\",\"message\":\"" + std::string(spec.message) + "\",\"service\":";
          append_json_string(head, identity.service);
          return head + ",\"event\":\"" + std::string(spec.name) + "\"";
        })) {}

  void append(LineBuffer& out, const LogRecord& record) const override {
    out.append("{\"timestamp\":\"");
    append_timestamp(out, record.time);
    out.append(heads_[static_cast<std::size_t>(record.event)]);
    for (const LogField& field : record.fields) {
      out.append(",\"");
      out.append(field.key.text());
      out.append("\":");
      append_json_value(out, field);
    }
    if (record.suppressed > 0) {
      out.append(",\"suppressed\":");
      out.append_number(record.suppressed);
    }
    append_ids(out, record.context, ",\"trace_id\":\"", ",\"span_id\":\"");
    out.append("}\n");
  }

 private:
  EventTexts heads_;  // from the end of the timestamp to the fields
};

}  // namespace

std::unique_ptr<LineFormat> make_json_format(const LogIdentity& identity) {
  return std::make_unique<JsonFormat>(identity);
}

}  // namespace testgen::telemetry
