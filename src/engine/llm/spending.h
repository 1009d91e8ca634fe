// What models may cost: money and tokens, in a run, in a day, and for one payer (an API key of the
// service) in a day. The upper bound of a call is
// reserved before it is made and settled once by what its reply reports; a broken stream that
// reports nothing keeps the bound. So what is spent never passes a limit, whatever fails and
// however many call at once. Days are those of UTC. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/result.h"
#include "engine/llm/day_ledger.h"

namespace testgen::llm {

struct SpendingLimits {
  double run_dollars = 0;  // 0: no limit, here and below
  double day_dollars = 0;
  double key_dollars = 0;  // of one payer in a day
  std::uint64_t run_tokens = 0;
  double warn_at = 0.8;  // share of a limit that is worth a warning
};

struct Amount {
  double dollars = 0;
  std::uint64_t tokens = 0;
};

struct BudgetWarning {
  double share = 0;   // of the limit that is used
  std::string payer;  // whose limit it is; empty: of all together
};

class Spending {
 public:
  // With a limit for a day there must be a ledger. Reservations must not outlive it.
  Spending(const SpendingLimits& limits, std::optional<DayLedger> ledger);
  ~Spending();
  Spending(const Spending&) = delete;
  Spending& operator=(const Spending&) = delete;

  class Reservation {
   public:
    Reservation() = default;
    Reservation(Spending& owner, Amount bound, std::string payer, std::string date)
        : owner_(&owner), bound_(bound), payer_(std::move(payer)), date_(std::move(date)) {}
    Reservation(Reservation&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)),
          bound_(other.bound_),
          payer_(std::move(other.payer_)),
          date_(std::move(other.date_)) {}
    Reservation& operator=(Reservation&&) = delete;
    // Unsettled: nothing is known of what it cost, so the whole bound counts.
    ~Reservation() = default;
    // Once; later calls do nothing.
    void settle(const Amount& spent);
    void release() { settle({}); }

   private:
    Spending* owner_ = nullptr;
    Amount bound_;
    std::string payer_;
    std::string date_;  // of the ledger's day that it is booked to
  };

  // ResourceExhausted when it would pass a limit. With a limit on money, a call whose price is
  // unknown (no bound) is refused: PermissionDenied.
  [[nodiscard]] base::Result<Reservation> reserve(const std::optional<double>& dollars,
                                                  std::uint64_t tokens,
                                                  const std::string& payer = {});

  // Reserved and settled together.
  [[nodiscard]] Amount spent() const;
  // The largest share of any limit that is used; 0 without limits.
  [[nodiscard]] double share() const;
  // Once for each limit, and for each payer once a day, when its warning share is passed.
  [[nodiscard]] std::optional<BudgetWarning> take_warning();
  [[nodiscard]] const SpendingLimits& limits() const { return limits_; }

 private:
  void settle(const Amount& bound, const Amount& spent, const std::string& payer,
              const std::string& date);
  [[nodiscard]] DayLimits day_limits() const { return {limits_.day_dollars, limits_.key_dollars}; }
  void note(const DayLedger::Totals& totals, const std::string& payer);
  [[nodiscard]] double share_locked() const;

  const SpendingLimits limits_;
  mutable std::mutex mutex_;
  std::optional<DayLedger> ledger_;
  Amount spent_;
  double day_total_ = 0;
  bool warned_ = false;
  std::string date_;                      // of what follows
  std::map<std::string, double> payers_;  // dollars of the day, of those who paid here
  std::set<std::string> warned_payers_;
};

}  // namespace testgen::llm
