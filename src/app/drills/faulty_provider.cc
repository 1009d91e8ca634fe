#include "app/drills/faulty_provider.h"

#include <algorithm>
#include <utility>

namespace testgen::app {
namespace {

using service::Fault;
using std::chrono::milliseconds;

constexpr milliseconds kLook{50};  // as often as the board reads its file

class FaultyProvider final : public llm::Provider {
 public:
  FaultyProvider(std::unique_ptr<llm::Provider> inner,
                 std::shared_ptr<const service::FaultBoard> board, const base::Clock& clock,
                 llm::Pause& pause)
      : inner_(std::move(inner)), board_(std::move(board)), clock_(clock), pause_(pause) {}

  const llm::ProviderPlace& place() const override { return inner_->place(); }

  llm::CallOutcome complete(const llm::ChatRequest& request, const llm::CallLimits& limits,
                            const llm::OnChunk& on_chunk, std::stop_token stop) override {
    const base::SteadyTime start = clock_.steady_now();
    switch (wait_while_stalled(start + std::min(limits.first_token, limits.whole), stop)) {
      case Stall::Stopped:
        return failed({.message = "stopped", .cancelled = true});
      case Stall::TooLong:
        return failed({.kind = llm::FailureKind::Timeout,
                       .message = "no token came in time: a drill stalls the provider",
                       .retriable = true});
      case Stall::Over:
        break;
    }
    if (board_->on(Fault::ModelFails)) {
      return failed({.kind = llm::FailureKind::Unavailable,
                     .message = "the provider does not answer: a drill has broken it",
                     .retriable = true});
    }
    // What the stall took is gone from the limits, which begin with the call.
    const std::chrono::nanoseconds waited = clock_.steady_now() - start;
    llm::CallLimits left = limits;
    left.first_token = rest(limits.first_token, waited);
    left.whole = rest(limits.whole, waited);
    llm::CallOutcome out = inner_->complete(request, left, on_chunk, std::move(stop));
    if (out.reply.first_token) *out.reply.first_token += waited;
    return out;
  }

  llm::ModelList list_models(milliseconds timeout, std::stop_token stop) override {
    const base::SteadyTime start = clock_.steady_now();
    if (wait_while_stalled(start + timeout, stop) != Stall::Over) {
      return unreachable("no answer came in time: a drill stalls the provider");
    }
    if (board_->on(Fault::ModelFails)) {
      return unreachable("the provider does not answer: a drill has broken it");
    }
    return inner_->list_models(rest(timeout, clock_.steady_now() - start), std::move(stop));
  }

 private:
  enum class Stall { Over, TooLong, Stopped };

  Stall wait_while_stalled(base::SteadyTime deadline, const std::stop_token& stop) {
    while (board_->on(Fault::ModelStalls)) {
      const base::SteadyTime now = clock_.steady_now();
      if (now >= deadline) return Stall::TooLong;
      if (!pause_.until(std::min<base::SteadyTime>(now + kLook, deadline), stop)) {
        return Stall::Stopped;
      }
    }
    return Stall::Over;
  }

  // At least a millisecond: none would be no limit to some.
  static milliseconds rest(milliseconds limit, std::chrono::nanoseconds waited) {
    return std::max(limit - std::chrono::duration_cast<milliseconds>(waited), milliseconds(1));
  }

  static llm::CallOutcome failed(llm::CallFailure failure) {
    llm::CallOutcome out;
    out.failure = std::move(failure);
    return out;
  }

  static llm::ModelList unreachable(std::string problem) {
    llm::ModelList out;
    out.problem = std::move(problem);
    return out;
  }

  std::unique_ptr<llm::Provider> inner_;
  std::shared_ptr<const service::FaultBoard> board_;
  const base::Clock& clock_;
  llm::Pause& pause_;
};

}  // namespace

std::unique_ptr<llm::Provider> make_faulty(std::unique_ptr<llm::Provider> provider,
                                           std::shared_ptr<const service::FaultBoard> board,
                                           const base::Clock& clock, llm::Pause& pause) {
  return std::make_unique<FaultyProvider>(std::move(provider), std::move(board), clock, pause);
}

}  // namespace testgen::app
