// A provider that says what a test tells it to, and a pause that lets no time pass but on the fake
// clock. Thread-safe where noted.
#pragma once

#include <deque>
#include <functional>
#include <mutex>

#include "engine/llm/pause.h"
#include "engine/llm/providers/provider.h"
#include "support/fake_clock.h"

namespace testgen::testing {

// Moves the clock to the time that is waited for. Thread-safe.
class FakePause final : public llm::Pause {
 public:
  explicit FakePause(FakeClock& clock) : clock_(clock) {}
  bool until(base::SteadyTime when, std::stop_token stop) override {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.steady_now();
    if (when > now) {
      waits_.push_back(when - now);
      clock_.advance(when - now);
    }
    return !stop.stop_requested();
  }
  [[nodiscard]] std::vector<std::chrono::nanoseconds> waits() const { return waits_; }

 private:
  FakeClock& clock_;
  std::mutex mutex_;
  std::vector<std::chrono::nanoseconds> waits_;
};

// Thread-safe when the function is.
class FakeProvider final : public llm::Provider {
 public:
  using Answer = std::function<llm::CallOutcome(const llm::ChatRequest&)>;
  FakeProvider(std::string name, Answer answer)
      : place_{std::move(name), "models.test", 443}, answer_(std::move(answer)) {}

  const llm::ProviderPlace& place() const override { return place_; }
  llm::CallOutcome complete(const llm::ChatRequest& request, const llm::CallLimits&,
                            const llm::OnChunk&, std::stop_token) override {
    {
      const std::lock_guard lock(mutex_);
      asked_.push_back(request);
    }
    return answer_(request);
  }
  llm::ModelList list_models(std::chrono::milliseconds, std::stop_token) override {
    return {true, true, "", {"m"}};
  }
  [[nodiscard]] std::vector<llm::ChatRequest> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  llm::ProviderPlace place_;
  Answer answer_;
  mutable std::mutex mutex_;
  std::vector<llm::ChatRequest> asked_;
};

inline llm::CallOutcome says(std::string text, std::uint64_t input = 10, std::uint64_t output = 5) {
  llm::CallOutcome out;
  out.reply.text = std::move(text);
  out.reply.stop = llm::StopReason::Finished;
  out.reply.usage = {.input = input, .output = output, .reported = true};
  return out;
}

inline llm::CallOutcome fails(llm::FailureKind kind, bool retriable = true, bool billed = false) {
  llm::CallOutcome out;
  out.failure = llm::CallFailure{
      .kind = kind, .message = "told to fail", .retriable = retriable, .may_be_billed = billed};
  return out;
}

}  // namespace testgen::testing
