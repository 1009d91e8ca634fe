#include "service/observed_store.h"

#include <utility>

#include "service/active_trace.h"
#include "telemetry/tracing/propagation.h"

namespace testgen::service {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;
using base::WallTime;

bool is_refusal(ErrorCode code) {
  return code == ErrorCode::Conflict || code == ErrorCode::NotFound ||
         code == ErrorCode::InvalidArgument;
}

class ObservedStore final : public storage::Store {
 public:
  ObservedStore(std::unique_ptr<storage::Store> inner, telemetry::Telemetry& telemetry)
      : inner_(std::move(inner)), telemetry_(telemetry) {}

  Result<storage::Enqueued> enqueue(const model::Job& job, std::uint64_t max_queued) override {
    return timed("enqueue", [&] { return inner_->enqueue(job, max_queued); });
  }
  Result<std::optional<model::Job>> claim(const std::string& owner, WallTime now,
                                          WallTime lease_until) override {
    const WallTime begun = telemetry_.clock().wall_now();
    auto claimed = timed("claim", [&] { return inner_->claim(owner, now, lease_until); });
    if (claimed && *claimed) {
      // Only now it is known whose trace this was for.
      const auto trace = telemetry::unpack_context((*claimed)->traceparent);
      if (trace.valid()) start("claim", trace, begun).end();
    }
    return claimed;
  }
  Status renew(const std::string& owner, const std::vector<std::string>& ids,
               WallTime lease_until) override {
    return timed("renew", [&] { return inner_->renew(owner, ids, lease_until); });
  }
  Status finish(const std::string& id, int attempt, const std::string& result_json,
                WallTime now) override {
    return timed("finish", [&] { return inner_->finish(id, attempt, result_json, now); });
  }
  Status fail(const std::string& id, int attempt, const std::string& error_json,
              WallTime now) override {
    return timed("fail", [&] { return inner_->fail(id, attempt, error_json, now); });
  }
  Status release(const std::string& id, int attempt) override {
    return timed("release", [&] { return inner_->release(id, attempt); });
  }
  Status retry(const std::string& id, int attempt, WallTime not_before) override {
    return timed("retry", [&] { return inner_->retry(id, attempt, not_before); });
  }
  Result<model::Job> cancel(const std::string& id, WallTime now) override {
    return timed("cancel", [&] { return inner_->cancel(id, now); });
  }
  Result<storage::Requeued> requeue_lost(WallTime now, Lost which,
                                         const storage::RetryPolicy& policy) override {
    return timed("requeue", [&] { return inner_->requeue_lost(now, which, policy); });
  }
  Result<std::uint64_t> forget_ended_before(WallTime time) override {
    return timed("forget", [&] { return inner_->forget_ended_before(time); });
  }
  Status remove(const std::string& id) override {
    return timed("remove", [&] { return inner_->remove(id); });
  }
  Result<std::optional<storage::Rating>> rate(const storage::Rating& rating) override {
    return timed("rate", [&] { return inner_->rate(rating); });
  }
  Result<std::vector<storage::RatingCount>> ratings() override {
    return timed("counts", [&] { return inner_->ratings(); });
  }
  Result<std::vector<storage::Alert>> note_alerts(
      const std::vector<storage::Alert>& alerts) override {
    return timed("alert", [&] { return inner_->note_alerts(alerts); });
  }
  Result<model::Job> get(const std::string& id) override {
    return timed("get", [&] { return inner_->get(id); });
  }
  Result<std::vector<model::Job>> list(const storage::JobFilter& filter) override {
    return timed("list", [&] { return inner_->list(filter); });
  }
  Result<storage::JobCounts> counts() override {
    return timed("counts", [&] { return inner_->counts(); });
  }
  Result<std::vector<MinuteRow>> load_minutes(std::int64_t first) override {
    return timed("history", [&] { return inner_->load_minutes(first); });
  }
  Status save_minutes(const std::vector<MinuteRow>& rows, std::int64_t forget_before) override {
    return timed("history", [&] { return inner_->save_minutes(rows, forget_before); });
  }
  Status check() override {
    return timed("check", [&] { return inner_->check(); });
  }

 private:
  // A span of the trace that is worked for. Where there is none, only a failure is worth one.
  template <class Call>
  auto timed(std::string_view operation, const Call& call) -> decltype(call()) {
    const telemetry::SpanContext& trace = ActiveTrace::current();
    telemetry::Span span = trace.valid() ? start(operation, trace) : telemetry::Span();
    const WallTime begun_at = telemetry_.clock().wall_now();
    const base::SteadyTime begun = telemetry_.clock().steady_now();
    auto result = call();
    const std::chrono::duration<double> spent = telemetry_.clock().steady_now() - begun;
    const telemetry::Metrics& metrics = telemetry_.metrics();
    metrics.database_operation_duration_seconds.with(operation).observe(spent.count(), trace);
    if (!result && !is_refusal(result.error().code)) {
      metrics.database_errors_total.with(operation).add();
      if (!span.recording()) span = start(operation, trace, begun_at);
      span.set("error.type", base::to_string(result.error().code));
      span.record_exception(base::to_string(result.error().code), result.error().message);
    }
    return result;
  }

  telemetry::Span start(std::string_view operation, const telemetry::SpanContext& trace,
                        std::optional<WallTime> begun = std::nullopt) {
    telemetry::Span span = telemetry_.tracer().start("db." + std::string(operation),
                                                     telemetry::SpanKind::Client, trace, begun);
    span.set("db.system.name", "sqlite");
    span.set("db.operation.name", operation);
    return span;
  }

  std::unique_ptr<storage::Store> inner_;
  telemetry::Telemetry& telemetry_;
};

class StoreHistory final : public telemetry::SloHistory {
 public:
  explicit StoreHistory(std::shared_ptr<storage::Store> store) : store_(std::move(store)) {}

  Result<std::vector<Minute>> load(std::int64_t first) override {
    TG_ASSIGN(auto rows, store_->load_minutes(first));
    std::vector<Minute> minutes;
    minutes.reserve(rows.size());
    for (auto& row : rows) minutes.push_back({row.minute, std::move(row.figures)});
    return minutes;
  }
  Status save(std::span<const Minute> minutes, std::int64_t forget_before) override {
    std::vector<storage::Store::MinuteRow> rows;
    rows.reserve(minutes.size());
    for (const Minute& minute : minutes) rows.push_back({minute.index, minute.figures});
    return store_->save_minutes(rows, forget_before);
  }

 private:
  std::shared_ptr<storage::Store> store_;
};

}  // namespace

std::unique_ptr<storage::Store> observe(std::unique_ptr<storage::Store> store,
                                        telemetry::Telemetry& telemetry) {
  return std::make_unique<ObservedStore>(std::move(store), telemetry);
}

std::shared_ptr<telemetry::SloHistory> slo_history(std::shared_ptr<storage::Store> store) {
  return std::make_shared<StoreHistory>(std::move(store));
}

}  // namespace testgen::service
