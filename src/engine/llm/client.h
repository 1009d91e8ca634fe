// Calls a model and sees to all that can go wrong on the way: the chain of models in their order,
// retries with jitter, circuit breakers, limits of speed, the budget, and replies that are kept.
// Borrows what it is given. Thread-safe; a call blocks its thread.
#pragma once

#include <atomic>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "engine/llm/call_limits.h"
#include "engine/llm/chat.h"
#include "engine/llm/circuit_breaker.h"
#include "engine/llm/look_up.h"
#include "engine/llm/pause.h"
#include "engine/llm/prices.h"
#include "engine/llm/providers/provider.h"
#include "engine/llm/reply_store.h"
#include "engine/llm/spending.h"

namespace testgen::llm {

struct RetryOptions {
  int retries = 3;  // after the first attempt, at each model
  std::chrono::milliseconds first_wait{500};
  std::chrono::milliseconds longest_wait{30'000};
};

// One attempt, for whoever watches.
struct Attempt {
  const ProviderPlace* place = nullptr;
  std::string model;
  const ChatRequest* request = nullptr;
  int retry_count = 0;  // of this model, in this call
};

struct AttemptEnd {
  const CallOutcome* outcome = nullptr;
  std::chrono::nanoseconds duration{0};
  std::optional<double> dollars;  // nothing: unknown
};

// Told what happens, on the thread of the call. All do nothing by default.
class CallWatch {
 public:
  virtual ~CallWatch() = default;
  // Gives headers for the provider, and for a gateway before it.
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> begin(const Attempt&) {
    return {};
  }
  virtual void end(const Attempt&, const AttemptEnd&) {}
  virtual void falls_back(const ProviderPlace& /*from*/) {}
  virtual void circuit(const ProviderPlace&, CircuitState) {}
  virtual void budget_warning(const BudgetWarning&) {}
  // The model called the tool, and got so many bytes of code.
  virtual void looked_up(LookUpOutcome, std::size_t /*bytes*/) {}
};

struct ModelChoice {
  std::shared_ptr<Provider> provider;  // shared by the models that it serves
  std::string model;
  std::optional<Price> price;
};

struct ClientOptions {
  CallLimits limits;
  RetryOptions retry;
  CircuitOptions circuit;
  RateOptions rate;        // of each provider
  std::uint64_t seed = 0;  // of the jitter
};

// A reply and who gave it.
struct Answer {
  ChatReply reply;
  std::string provider;
  std::string model;
  bool kept = false;  // from the store: nothing was sent
};

class ModelClient {
 public:
  ModelClient(std::vector<ModelChoice> chain, const ClientOptions& options, Spending& spending,
              const ReplyStore& store, const base::Clock& clock, Pause& pause);
  ~ModelClient();

  // `request.model` is filled in. The error is the last model's; ResourceExhausted when the
  // budget is used up.
  [[nodiscard]] base::Result<Answer> complete(ChatRequest request, CallWatch& watch,
                                              const std::stop_token& stop);

  [[nodiscard]] const std::vector<ModelChoice>& chain() const { return chain_; }
  [[nodiscard]] const Spending& spending() const { return spending_; }
  // How this model's calls went of late: false while its circuit is open. Half open counts as well:
  // when nobody asks, no call will ever close it.
  [[nodiscard]] bool seems_well(std::size_t choice) const;

 private:
  struct Lane;  // of one model of the chain
  [[nodiscard]] base::Result<Answer> ask(Lane& lane, const ChatRequest& request, CallWatch& watch,
                                         const std::stop_token& stop);
  [[nodiscard]] base::Result<Answer> call(Lane& lane, const std::string& key, ChatRequest request,
                                          CallWatch& watch, const std::stop_token& stop);
  [[nodiscard]] CallOutcome attempt(Lane& lane, const Attempt& about, ChatRequest& request,
                                    RateLimiter::Place turn, Spending::Reservation held,
                                    CallWatch& watch, const std::stop_token& stop);

  std::vector<ModelChoice> chain_;
  const ClientOptions options_;
  Spending& spending_;
  const ReplyStore& store_;
  const base::Clock& clock_;
  Pause& pause_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::atomic<std::uint64_t> calls_{0};
};

}  // namespace testgen::llm
