#include "engine/llm/client.h"

#include <algorithm>
#include <map>

#include "base/strings.h"
#include "net/retry.h"

namespace testgen::llm {
namespace {

std::optional<double> bound_of(const std::optional<Price>& price, const ChatRequest& request) {
  if (!price) return std::nullopt;
  return most_of(*price, token_bound(request), request.max_output_tokens);
}

// Servers say so in many words, but all with 400 or 404 and the word.
bool refuses_tools(const ChatRequest& request, const CallFailure& failure) {
  return !request.tools.empty() && (failure.status == 400 || failure.status == 404) &&
         base::to_lower(failure.message).find("tool") != std::string::npos;
}

// Of the provider: our own mistakes and what cannot be helped by waiting do not open a circuit.
bool speaks_against_provider(const CallFailure& failure) {
  return failure.retriable && failure.kind != FailureKind::RateLimited;
}

base::Error error_of(const ProviderPlace& place, const std::string& model,
                     const CallFailure& failure) {
  base::ErrorCode code = base::ErrorCode::Unavailable;
  std::string hint = "`testgen llm check` says what is reachable";
  if (failure.cancelled) {
    code = base::ErrorCode::Cancelled;
    hint.clear();
  } else if (failure.kind == FailureKind::Timeout) {
    code = base::ErrorCode::Timeout;
  } else if (failure.kind == FailureKind::Authentication) {
    code = base::ErrorCode::Unauthenticated;
    hint = "`testgen llm check` says where the key is looked for";
  }
  return {code, place.name + ":" + model + ": " + failure.message, hint};
}

}  // namespace

struct ModelClient::Lane {
  const ModelChoice& choice;
  CircuitBreaker breaker;
  std::shared_ptr<RateLimiter> limiter;    // of the provider, shared by its models
  std::atomic<bool> without_tools{false};  // it has refused them
};

ModelClient::ModelClient(std::vector<ModelChoice> chain, const ClientOptions& options,
                         Spending& spending, const ReplyStore& store, const base::Clock& clock,
                         Pause& pause)
    : chain_(std::move(chain)),
      options_(options),
      spending_(spending),
      store_(store),
      clock_(clock),
      pause_(pause) {
  std::map<const Provider*, std::shared_ptr<RateLimiter>> limiters;
  for (const ModelChoice& choice : chain_) {
    auto& limiter = limiters[choice.provider.get()];
    if (!limiter) limiter = std::make_shared<RateLimiter>(options_.rate, clock_, pause_);
    lanes_.push_back(std::unique_ptr<Lane>(
        new Lane{choice, CircuitBreaker(options_.circuit, clock_), limiter, false}));
  }
}

ModelClient::~ModelClient() = default;

bool ModelClient::seems_well(std::size_t choice) const {
  return choice < lanes_.size() && lanes_[choice]->breaker.state() != CircuitState::Open;
}

base::Result<Answer> ModelClient::complete(ChatRequest request, CallWatch& watch,
                                           const std::stop_token& stop) {
  if (lanes_.empty()) {
    return base::Error{base::ErrorCode::InvalidArgument, "no model is configured",
                       "name one with --llm, such as --llm ollama:qwen2.5-coder"};
  }
  base::Error last;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    Lane& lane = *lanes_[i];
    request.model = lane.choice.model;
    auto answer = ask(lane, request, watch, stop);
    if (answer) return answer;
    last = std::move(answer).error();
    // Another model costs money too, and stopping means all of them.
    if (last.code == base::ErrorCode::Cancelled ||
        last.code == base::ErrorCode::ResourceExhausted) {
      return last;
    }
    if (i + 1 < lanes_.size()) watch.falls_back(lane.choice.provider->place());
  }
  return last;
}

base::Result<Answer> ModelClient::ask(Lane& lane, const ChatRequest& request, CallWatch& watch,
                                      const std::stop_token& stop) {
  const ProviderPlace& place = lane.choice.provider->place();
  const std::string key =
      store_.mode() == StoreMode::Off ? "" : ReplyStore::key_of(place.name, request);
  if (store_.reads()) {
    if (auto found = store_.find(key)) {
      return Answer{*std::move(found), place.name, request.model, true};
    }
    if (store_.mode() == StoreMode::Replay) {
      return base::Error{base::ErrorCode::NotFound,
                         place.name + ":" + request.model + ": no recorded reply to this request",
                         "record it with --llm-replies-mode record"};
    }
  }
  ChatRequest sent = request;
  if (lane.without_tools) sent.tools.clear();
  return call(lane, key, std::move(sent), watch, stop);
}

base::Result<Answer> ModelClient::call(Lane& lane, const std::string& key, ChatRequest request,
                                       CallWatch& watch, const std::stop_token& stop) {
  const ProviderPlace& place = lane.choice.provider->place();
  net::Backoff backoff(options_.retry.first_wait, options_.retry.longest_wait,
                       options_.seed + calls_++);
  CallFailure failure{.message = "its circuit is open after failures in a row"};
  for (int retry = 0; retry <= options_.retry.retries; ++retry) {
    if (!lane.breaker.allow()) break;
    const base::SteadyTime deadline = clock_.steady_now() + options_.limits.whole;
    RateLimiter::Place turn =
        lane.limiter->enter(token_estimate(request) + request.max_output_tokens, deadline, stop);
    if (!turn) {
      lane.breaker.undecided();
      failure = {.kind = FailureKind::RateLimited,
                 .message = "our own limit of calls left no room in time",
                 .cancelled = stop.stop_requested()};
      break;
    }
    auto held = spending_.reserve(bound_of(lane.choice.price, request),
                                  token_bound(request) + request.max_output_tokens, request.payer);
    if (!held) {
      lane.breaker.undecided();
      return std::move(held).error();
    }
    if (const auto warning = spending_.take_warning()) watch.budget_warning(*warning);
    const Attempt about{&place, request.model, &request, retry};
    CallOutcome outcome =
        attempt(lane, about, request, std::move(turn), *std::move(held), watch, stop);
    if (!outcome.failure) {
      // A reply that cannot be kept is still a reply.
      (void)store_.keep(key, place.name, request, outcome.reply);
      return Answer{std::move(outcome.reply), place.name, request.model, false};
    }
    failure = *std::move(outcome.failure);
    if (refuses_tools(request, failure)) {
      lane.without_tools = true;
      request.tools.clear();
      --retry;  // it is another request, not the same again
      continue;
    }
    if (!failure.retriable || failure.cancelled || retry == options_.retry.retries) break;
    // A provider that asks for more time than we have is left for the next model.
    const auto wait = std::max(backoff.next(), failure.retry_after.value_or(base::Milliseconds(0)));
    if (wait > options_.limits.whole) break;
    if (!pause_.until(clock_.steady_now() + wait, stop)) {
      failure.cancelled = true;
      break;
    }
  }
  return error_of(place, request.model, failure);
}

CallOutcome ModelClient::attempt(Lane& lane, const Attempt& about, ChatRequest& request,
                                 RateLimiter::Place /*turn*/, Spending::Reservation held,
                                 CallWatch& watch, const std::stop_token& stop) {
  const ProviderPlace& place = *about.place;
  request.headers = watch.begin(about);
  const base::SteadyTime start = clock_.steady_now();
  CallOutcome outcome = lane.choice.provider->complete(request, options_.limits, nullptr, stop);
  AttemptEnd end{&outcome, clock_.steady_now() - start, std::nullopt};
  const Usage& usage = outcome.reply.usage;
  const bool ended_well = !outcome.failure;
  if (usage.reported) {
    end.dollars = cost_of(lane.choice.price, usage);
    // Usage that a broken stream reported on its way may be only a part of what is billed.
    if (ended_well) held.settle({end.dollars.value_or(0), usage.input + usage.output});
  } else if (!ended_well && !outcome.failure->may_be_billed) {
    held.release();
    end.dollars = 0;
  }
  if (ended_well) {
    lane.breaker.succeeded();
  } else if (speaks_against_provider(*outcome.failure)) {
    lane.breaker.failed();
  } else {
    lane.breaker.undecided();
  }
  watch.end(about, end);
  watch.circuit(place, lane.breaker.state());
  return outcome;
}

}  // namespace testgen::llm
