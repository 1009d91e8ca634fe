// Any bytes around a known secret, in a field of a log line: every format stays one line of valid
// JSON, and the secret is not in it.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/check.h"
#include "support/secret_corpus.h"
#include "telemetry/logging/line_format.h"
#include "telemetry/logging/text_classes.h"

using namespace testgen;
using namespace testgen::telemetry;

namespace {

// What must not be found afterwards: all of a secret but an address, a scheme or a user's name.
std::string_view heart(std::string_view secret) {
  for (const std::string_view kept : {"Bearer ", "Basic ", "services/", "webhooks/", "://"}) {
    const std::size_t at = secret.find(kept);
    if (at == secret.npos) continue;
    secret.remove_prefix(at + kept.size());
    if (kept != "://") return secret;
    secret = secret.substr(0, secret.find('@'));
    return secret.substr(secret.find(':') + 1);  // npos + 1 is 0
  }
  return secret;
}

bool holds(const nlohmann::json& document, std::string_view secret) {
  if (document.is_string()) {
    return document.get_ref<const std::string&>().find(secret) != std::string::npos;
  }
  if (!document.is_structured()) return false;
  for (const auto& item : document) {
    if (holds(item, secret)) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3 || size > 3000) return 0;
  constexpr std::string_view kAround = " ,(\n\t<";
  const std::string_view secret = testing::kSecrets[data[0] % testing::kSecrets.size()];
  const char before = kAround[data[1] % kAround.size()];
  const std::string_view rest(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t middle = rest.size() / 2;
  std::string text(rest.substr(0, middle));
  text += before;
  text += secret;
  text += ' ';
  text += rest.substr(middle);

  TG_CHECK(classify(text) == classify_bytes(text));
  const LogField fields[]{{"error", text}, {"path", std::string_view(text)}};
  const SpanContext context;
  for (const LogFormat format : {LogFormat::Json, LogFormat::Ecs, LogFormat::Otel}) {
    static const LogIdentity identity;
    LineBuffer line;
    make_line_format(format, identity, false)
        ->append(line, {base::WallTime{}, LogEvent::JobFailed, context, fields, 0});
    TG_CHECK(line.text().find('\n') == line.text().size() - 1);
    const auto parsed = nlohmann::json::parse(line.text(), nullptr, false);
    TG_CHECK(!parsed.is_discarded());
    TG_CHECK(!holds(parsed, heart(secret)));
  }
  return 0;
}
