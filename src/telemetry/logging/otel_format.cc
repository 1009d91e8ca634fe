// OpenTelemetry's file format: each line is an OTLP document of one log record, which the
// collector's otlpjsonfile receiver reads.
#include "telemetry/logging/line_format.h"
#include "telemetry/logging/otel_record.h"
#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

std::string text_attribute(std::string_view key, const std::string& value) {
  std::string out = "{\"key\":\"" + std::string(key) + "\",\"value\":{\"stringValue\":";
  append_json_string(out, value);
  return out + "}}";
}

class OtelFormat final : public LineFormat {
 public:
  explicit OtelFormat(const LogIdentity& identity) {
    std::string resource = text_attribute("service.name", identity.service);
    if (!identity.version.empty()) {
      resource += "," + text_attribute("service.version", identity.version);
    }
    if (!identity.environment.empty()) {
      resource += "," + text_attribute("deployment.environment.name", identity.environment);
    }
    head_ = "{\"resourceLogs\":[{\"resource\":{\"attributes\":[" + resource +
            "]},\"scopeLogs\":[{\"scope\":{\"name\":\"testgen\"},\"logRecords\":[";
  }

  void append(LineBuffer& out, const LogRecord& record) const override {
    out.append(head_);
    record_.append(out, record);
    out.append("]}]}]}\n");
  }

 private:
  std::string head_;  // up to the record
  OtelRecord record_;
};

}  // namespace

std::unique_ptr<LineFormat> make_otel_format(const LogIdentity& identity) {
  return std::make_unique<OtelFormat>(identity);
}

}  // namespace testgen::telemetry
