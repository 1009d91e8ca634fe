#include "engine/llm/spending.h"

#include <algorithm>

#include "engine/llm/budget.h"

namespace testgen::llm {

Spending::Spending(const SpendingLimits& limits, std::optional<DayLedger> ledger)
    : limits_(limits), ledger_(std::move(ledger)) {}

Spending::~Spending() {
  // Without it the synced file stays a little ahead, which is no loss.
  if (ledger_) (void)ledger_->rest();
}

base::Result<Spending::Reservation> Spending::reserve(const std::optional<double>& dollars,
                                                      std::uint64_t tokens,
                                                      const std::string& payer) {
  const bool of_payer = limits_.key_dollars > 0 && !payer.empty();
  const bool money = limits_.run_dollars > 0 || limits_.day_dollars > 0 || of_payer;
  if (money && !dollars) {
    return base::Error{base::ErrorCode::PermissionDenied,
                       "the model's price is unknown, so a budget in money cannot be kept",
                       "add it to a file for --llm-prices, or limit --llm-token-budget instead"};
  }
  const Amount bound{dollars.value_or(0), tokens};
  const std::lock_guard lock(mutex_);
  if (passes(spent_.dollars, bound.dollars, limits_.run_dollars)) {
    return used_up(dollars_text(spent_.dollars) + " of " + dollars_text(limits_.run_dollars) +
                   " in this run, and the next call may cost " + dollars_text(bound.dollars));
  }
  if (limits_.run_tokens > 0 && spent_.tokens + bound.tokens > limits_.run_tokens) {
    return used_up(std::to_string(spent_.tokens) + " of " + std::to_string(limits_.run_tokens) +
                   " tokens in this run, and the next call may take " +
                   std::to_string(bound.tokens));
  }
  std::string date;
  if ((limits_.day_dollars > 0 || of_payer) && ledger_) {
    TG_ASSIGN(const DayLedger::Totals totals, ledger_->reserve(bound.dollars, payer, day_limits()));
    note(totals, payer);
    date = totals.date;
  }
  spent_.dollars += bound.dollars;
  spent_.tokens += bound.tokens;
  return Reservation(*this, bound, payer, std::move(date));
}

void Spending::note(const DayLedger::Totals& totals, const std::string& payer) {
  day_total_ = totals.day;
  if (payer.empty() || limits_.key_dollars <= 0) return;
  if (date_ != totals.date) {
    payers_.clear();
    warned_payers_.clear();
  }
  date_ = totals.date;
  payers_[payer] = totals.payer;
}

void Spending::Reservation::settle(const Amount& spent) {
  Spending* owner = std::exchange(owner_, nullptr);
  if (owner != nullptr) owner->settle(bound_, spent, payer_, date_);
}

void Spending::settle(const Amount& bound, const Amount& spent, const std::string& payer,
                      const std::string& date) {
  const std::lock_guard lock(mutex_);
  spent_.dollars = std::max(0.0, spent_.dollars - bound.dollars + spent.dollars);
  spent_.tokens = spent_.tokens - std::min(spent_.tokens, bound.tokens) + spent.tokens;
  if (date.empty()) return;
  // When it cannot be written, the bound stays in the file: too much rather than too little.
  const auto totals = ledger_->settle(spent.dollars - bound.dollars, date, payer, day_limits());
  if (totals) note(*totals, payer);
}

Amount Spending::spent() const {
  const std::lock_guard lock(mutex_);
  return spent_;
}

double Spending::share_locked() const {
  double out = 0;
  if (limits_.run_dollars > 0) out = std::max(out, spent_.dollars / limits_.run_dollars);
  if (limits_.day_dollars > 0) out = std::max(out, day_total_ / limits_.day_dollars);
  if (limits_.run_tokens > 0) {
    out =
        std::max(out, static_cast<double>(spent_.tokens) / static_cast<double>(limits_.run_tokens));
  }
  return out;
}

double Spending::share() const {
  const std::lock_guard lock(mutex_);
  return share_locked();
}

std::optional<BudgetWarning> Spending::take_warning() {
  const std::lock_guard lock(mutex_);
  if (!warned_ && share_locked() >= limits_.warn_at) {
    warned_ = true;
    return BudgetWarning{share_locked(), ""};
  }
  for (const auto& [payer, dollars] : payers_) {
    const double share = dollars / limits_.key_dollars;
    if (share >= limits_.warn_at && warned_payers_.insert(payer).second) {
      return BudgetWarning{share, payer};
    }
  }
  return std::nullopt;
}

}  // namespace testgen::llm
