// Calls one provider once and prints what came of it as JSON, for tests that bring the server:
//   llm_probe PROVIDER URL FIRST_TOKEN_MS WHOLE_MS  < prompt
// The key is taken from PROBE_KEY.
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "engine/llm/providers/http_provider.h"
#include "engine/llm/providers/presets.h"

int main(int argc, char** argv) {
  using namespace testgen;
  if (argc != 5) return 2;
  const llm::ProviderPreset* preset = llm::find_preset(argv[1]);
  if (preset == nullptr) return 2;
  const char* key = std::getenv("PROBE_KEY");
  const base::SystemClock clock;
  net::HttpClient http;
  auto provider =
      llm::make_http_provider({argv[1], argv[2], key == nullptr ? "" : key},
                              llm::make_protocol(preset->protocol, preset->options), http, clock);
  if (!provider) {
    std::cout << nlohmann::json{{"refused", provider.error().message}} << "\n";
    return 0;
  }
  llm::ChatRequest request;
  request.model = "good-model";
  request.system = "You answer.";
  request.messages = {
      {llm::Role::User,
       {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()}}};
  request.tools = {{"f", "Does it.", "x", "What to do it with."}};
  llm::CallLimits limits;
  limits.first_token = std::chrono::milliseconds(std::atoi(argv[3]));
  limits.whole = std::chrono::milliseconds(std::atoi(argv[4]));
  std::string streamed;
  const auto start = clock.steady_now();
  const llm::CallOutcome outcome =
      (*provider)->complete(request, limits, [&](std::string_view text) { streamed += text; }, {});
  const std::chrono::duration<double> seconds = clock.steady_now() - start;
  const llm::ChatReply& reply = outcome.reply;
  nlohmann::json out{{"text", reply.text},
                     {"streamed", streamed},
                     {"stop", llm::to_string(reply.stop)},
                     {"refusal", reply.refusal},
                     {"id", reply.id},
                     {"model", reply.model},
                     {"reported", reply.usage.reported},
                     {"input", reply.usage.input},
                     {"output", reply.usage.output},
                     {"cached", reply.usage.cached},
                     {"first_token", reply.first_token.has_value()},
                     {"seconds", seconds.count()},
                     {"failure", nullptr}};
  for (const llm::ToolCall& call : reply.calls) {
    out["calls"].push_back({call.id, call.name, call.arguments, call.signature});
  }
  if (outcome.failure) {
    out["failure"] = {{"kind", llm::to_string(outcome.failure->kind)},
                      {"message", outcome.failure->message},
                      {"status", outcome.failure->status},
                      {"retriable", outcome.failure->retriable},
                      {"retry_after_ms", outcome.failure->retry_after
                                             ? nlohmann::json(outcome.failure->retry_after->count())
                                             : nlohmann::json()}};
  }
  std::cout << out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
  return 0;
}
