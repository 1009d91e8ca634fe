// Calls a provider again and again through the engine's client, with all that a run has on the way:
// limits, budget, retries, breaker, prices, metrics and a span. Prints nanoseconds, a line a call.
//   llm_call_bench URL CALLS [--keep]
// --keep: with a day's budget of ten dollars in a file, and every reply recorded.
#include <charconv>
#include <cstring>
#include <iostream>

#include "base/file_system.h"
#include "engine/llm/client.h"
#include "engine/llm/providers/http_provider.h"
#include "net/http_client.h"
#include "pipeline/observed_calls.h"
#include "telemetry/telemetry.h"

using namespace testgen;

namespace {

int fail(const base::Error& error) {
  std::cerr << error.message << "\n";
  return 1;
}

llm::ChatRequest request_number(int number) {
  llm::ChatRequest request;
  request.system = "You write tests.";
  std::string prompt = "# " + std::to_string(number) + "\n";
  for (int i = 0; i < 500; ++i) prompt += "x = 1\n";
  request.messages = {{llm::Role::User, std::move(prompt)}};
  return request;
}

int run(const std::string& url, int calls, bool keep) {
  const base::SystemClock clock;
  auto telemetry = telemetry::Telemetry::create(telemetry::TelemetryOptions::quiet(), clock);
  if (!telemetry) return fail(telemetry.error());
  auto folder = base::TempDir::create("testgen-llm-bench");
  if (!folder) return fail(folder.error());
  net::HttpClient http;
  auto provider = llm::make_http_provider(
      {"compatible", url, "sk-none"},
      llm::make_protocol(llm::ProtocolKind::OpenAiChat, {.max_tokens_old_name = true}), http,
      clock);
  if (!provider) return fail(provider.error());
  llm::SpendingLimits limits{.run_dollars = 1e6};
  std::optional<llm::DayLedger> ledger;
  if (keep) {
    limits.day_dollars = 10;
    ledger.emplace(folder->path() / "spent.json", clock);
  }
  llm::Spending spending(limits, std::move(ledger));
  const llm::ReplyStore store(keep ? llm::StoreMode::Record : llm::StoreMode::Off,
                              folder->path() / "replies",
                              [](std::string_view text) { return std::string(text); });
  llm::SystemPause pause;
  llm::ModelClient client({{std::shared_ptr<llm::Provider>(*std::move(provider)), "good-model",
                            llm::Price{.input = 1, .cached = 1, .output = 2}}},
                          {}, spending, store, clock, pause);
  pipeline::ObservedCalls watch(**telemetry, {}, spending, {});
  for (int i = 0; i < calls; ++i) {
    const auto start = clock.steady_now();
    const auto answer = client.complete(request_number(i), watch, {});
    const auto end = clock.steady_now();
    if (!answer) return fail(answer.error());
    if (answer->reply.text.find("test_19") == std::string::npos) return 1;
    std::cout << std::chrono::nanoseconds(end - start).count() << "\n";
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  int calls = 0;
  const char* end = argv[2] + std::strlen(argv[2]);
  if (std::from_chars(argv[2], end, calls).ptr != end || calls < 1) return 2;
  return run(argv[1], calls, argc > 3 && std::strcmp(argv[3], "--keep") == 0);
}
