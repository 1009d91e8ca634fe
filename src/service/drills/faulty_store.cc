#include "service/drills/faulty_store.h"

#include <utility>

namespace testgen::service {
namespace {

using base::Result;
using base::Status;
using base::WallTime;

class FaultyStore final : public storage::Store {
 public:
  FaultyStore(std::unique_ptr<storage::Store> inner, std::shared_ptr<const FaultBoard> board)
      : inner_(std::move(inner)), board_(std::move(board)) {}

  Result<storage::Enqueued> enqueue(const model::Job& job, std::uint64_t max_queued) override {
    return or_fail([&] { return inner_->enqueue(job, max_queued); });
  }
  Result<std::optional<model::Job>> claim(const std::string& owner, WallTime now,
                                          WallTime lease_until) override {
    return or_fail([&] { return inner_->claim(owner, now, lease_until); });
  }
  Status renew(const std::string& owner, const std::vector<std::string>& ids,
               WallTime lease_until) override {
    return or_fail([&] { return inner_->renew(owner, ids, lease_until); });
  }
  Status finish(const std::string& id, int attempt, const std::string& result_json,
                WallTime now) override {
    return or_fail([&] { return inner_->finish(id, attempt, result_json, now); });
  }
  Status fail(const std::string& id, int attempt, const std::string& error_json,
              WallTime now) override {
    return or_fail([&] { return inner_->fail(id, attempt, error_json, now); });
  }
  Status release(const std::string& id, int attempt) override {
    return or_fail([&] { return inner_->release(id, attempt); });
  }
  Status retry(const std::string& id, int attempt, WallTime not_before) override {
    return or_fail([&] { return inner_->retry(id, attempt, not_before); });
  }
  Result<model::Job> cancel(const std::string& id, WallTime now) override {
    return or_fail([&] { return inner_->cancel(id, now); });
  }
  Result<storage::Requeued> requeue_lost(WallTime now, Lost which,
                                         const storage::RetryPolicy& policy) override {
    return or_fail([&] { return inner_->requeue_lost(now, which, policy); });
  }
  Result<std::uint64_t> forget_ended_before(WallTime time) override {
    return or_fail([&] { return inner_->forget_ended_before(time); });
  }
  Status remove(const std::string& id) override {
    return or_fail([&] { return inner_->remove(id); });
  }
  Result<std::optional<storage::Rating>> rate(const storage::Rating& rating) override {
    return or_fail([&] { return inner_->rate(rating); });
  }
  Result<std::vector<storage::RatingCount>> ratings() override {
    return or_fail([&] { return inner_->ratings(); });
  }
  Result<std::vector<storage::Alert>> note_alerts(
      const std::vector<storage::Alert>& alerts) override {
    return or_fail([&] { return inner_->note_alerts(alerts); });
  }
  Result<model::Job> get(const std::string& id) override {
    return or_fail([&] { return inner_->get(id); });
  }
  Result<std::vector<model::Job>> list(const storage::JobFilter& filter) override {
    return or_fail([&] { return inner_->list(filter); });
  }
  Result<storage::JobCounts> counts() override {
    return or_fail([&] { return inner_->counts(); });
  }
  Result<std::vector<MinuteRow>> load_minutes(std::int64_t first) override {
    return or_fail([&] { return inner_->load_minutes(first); });
  }
  Status save_minutes(const std::vector<MinuteRow>& rows, std::int64_t forget_before) override {
    return or_fail([&] { return inner_->save_minutes(rows, forget_before); });
  }
  Status check() override {
    return or_fail([&] { return inner_->check(); });
  }

 private:
  template <class Call>
  auto or_fail(const Call& call) -> decltype(call()) {
    if (!board_->on(Fault::StoreFails)) return call();
    return base::Error{base::ErrorCode::Io, "the database refuses: a drill has broken it",
                       "it ends by itself"};
  }

  std::unique_ptr<storage::Store> inner_;
  std::shared_ptr<const FaultBoard> board_;
};

}  // namespace

std::unique_ptr<storage::Store> make_faulty(std::unique_ptr<storage::Store> store,
                                            std::shared_ptr<const FaultBoard> board) {
  return std::make_unique<FaultyStore>(std::move(store), std::move(board));
}

}  // namespace testgen::service
