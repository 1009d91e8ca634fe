// Elastic Common Schema: @timestamp, log.level and message first, fields under the schema's own
// names where it has one and under testgen.* where it has none.
#include <unistd.h>

#include <array>

#include "telemetry/logging/line_format.h"
#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

constexpr std::string_view kEcsVersion = "8.10.0";

struct EcsName {
  std::string_view key;
  std::string_view name;
};
constexpr std::array<EcsName, 10> kEcsNames{{{"error", "error.message"},
                                             {"error_type", "error.type"},
                                             {"file_path", "file.path"},
                                             {"method", "http.request.method"},
                                             {"path", "url.path"},
                                             {"peer", "client.address"},
                                             {"request_id", "http.request.id"},
                                             {"response_bytes", "http.response.body.bytes"},
                                             {"status", "http.response.status_code"},
                                             {"url", "url.full"}}};

// The level as Elastic's own formatters write it.
std::string_view ecs_level(LogLevel level) {
  switch (level) {
    case LogLevel::Debug:
      return "debug";
    case LogLevel::Info:
      return "info";
    case LogLevel::Warning:
      return "warn";
    case LogLevel::Error:
      return "error";
    case LogLevel::Critical:
      return "fatal";
  }
  return "fatal";
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

class EcsFormat final : public LineFormat {
 public:
  explicit EcsFormat(const LogIdentity& identity) {
    std::string common = ",\"ecs.version\":\"" + std::string(kEcsVersion) +
                         "\",\"process.pid\":" + std::to_string(::getpid());
    const auto add = [&common](std::string_view name, const std::string& text) {
      if (text.empty()) return;
      common += ",\"" + std::string(name) + "\":";
      append_json_string(common, text);
    };
    add("host.hostname", host_name());
    add("service.name", identity.service);
    add("service.version", identity.version);
    add("service.environment", identity.environment);
    add("event.dataset", identity.service);
    heads_ = for_each_event([&](const LogEventSpec& spec) {
      return "\",\"log.level\":\"" + std::string(ecs_level(spec.level())) + "\",\"message\":\"" +
             std::string(spec.message) + "\"" + common + ",\"event.action\":\"" +
             std::string(spec.name) + "\"";
    });
  }

  void append(LineBuffer& out, const LogRecord& record) const override {
    out.append("{\"@timestamp\":\"");
    append_timestamp(out, record.time);
    out.append(heads_[static_cast<std::size_t>(record.event)]);
    for (const LogField& field : record.fields) append_field(out, field);
    if (record.suppressed > 0) {
      out.append(",\"testgen.suppressed\":");
      out.append_number(record.suppressed);
    }
    append_ids(out, record.context, ",\"trace.id\":\"", ",\"span.id\":\"");
    out.append("}\n");
  }

 private:
  static void append_field(LineBuffer& out, const LogField& field) {
    const std::string_view key = field.key.text();
    if (key == "duration_ms") {
      if (const double* ms = std::get_if<double>(&field.value.data())) {
        constexpr double kNanosecondsInOne = 1e6;
        out.append(",\"event.duration\":");
        out.append_number(static_cast<std::int64_t>(*ms * kNanosecondsInOne));
        return;
      }
    }
    out.append(",\"");
    const auto* known = std::find_if(kEcsNames.begin(), kEcsNames.end(),
                                     [&](const EcsName& name) { return name.key == key; });
    if (known != kEcsNames.end()) {
      out.append(known->name);
    } else {
      out.append("testgen.");
      out.append(key);
    }
    out.append("\":");
    append_json_value(out, field);
  }

  EventTexts heads_;
};

}  // namespace

std::unique_ptr<LineFormat> make_ecs_format(const LogIdentity& identity) {
  return std::make_unique<EcsFormat>(identity);
}

}  // namespace testgen::telemetry
