#include "engine/llm/spending.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include "base/file_system.h"
#include "base/unique_fd.h"
#include "engine/llm/providers/json_reading.h"

namespace testgen::llm {
namespace {

constexpr std::uint64_t kMaxLedger = 1U << 20U;
// Sums of doubles: what is given back must not leave a crumb that refuses the last call.
constexpr double kCrumb = 1e-9;

std::string dollars_text(double dollars) {
  std::array<char, 40> text{};
  (void)std::snprintf(text.data(), text.size(), "$%.4f", dollars);
  return text.data();
}

base::Error exhausted(const std::string& what) {
  return {base::ErrorCode::ResourceExhausted, "the budget for models is used up: " + what,
          "raise --llm-budget, --llm-day-budget, --llm-key-budget or --llm-token-budget, or go on "
          "without a model"};
}

bool passes(double total, double dollars, double limit) {
  return dollars > 0 && limit > 0 && total + dollars > limit + kCrumb;
}

}  // namespace

base::Result<DayLedger::Totals> DayLedger::add(double dollars, const std::string& payer,
                                               const SpendingLimits& limits) {
  std::error_code ignored;
  std::filesystem::create_directories(file_.parent_path(), ignored);
  const std::filesystem::path lock_file = file_.string() + ".lock";
  const base::UniqueFd lock(::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock || ::flock(lock.get(), LOCK_EX) != 0) {
    return base::system_error("cannot lock " + lock_file.string(), errno);
  }
  const std::string today = base::format_rfc3339(clock_.wall_now()).substr(0, 10);
  Totals total{.date = today};
  Json payers = Json::object();
  if (std::filesystem::exists(file_, ignored)) {
    TG_ASSIGN(const std::string text, base::read_file(file_, kMaxLedger));
    const Json json = parse_json(text);
    if (!json.is_object() || !member(json, "dollars").is_number()) {
      return base::Error{base::ErrorCode::InvalidInput,
                         "what was spent on models today cannot be read: " + file_.string(),
                         "remove the file to begin anew"};
    }
    if (text_of(member(json, "day")) == today) {
      total.day = member(json, "dollars").get<double>();
      if (member(json, "keys").is_object()) payers = member(json, "keys");
    }
  }
  if (const Json& paid = member(payers, payer.c_str()); paid.is_number()) {
    total.payer = paid.get<double>();
  }
  if (passes(total.day, dollars, limits.day_dollars)) {
    return exhausted(dollars_text(total.day) + " of " + dollars_text(limits.day_dollars) +
                     " today");
  }
  if (!payer.empty() && passes(total.payer, dollars, limits.key_dollars)) {
    return exhausted(dollars_text(total.payer) + " of " + dollars_text(limits.key_dollars) +
                     " today for the key " + payer);
  }
  // What is given back after midnight was yesterday's.
  total.day = std::max(0.0, total.day + dollars);
  total.payer = std::max(0.0, total.payer + dollars);
  if (!payer.empty()) payers[payer] = total.payer;
  Json document{{"day", today}, {"dollars", total.day}};
  if (!payers.empty()) document["keys"] = std::move(payers);
  TG_TRY(base::write_file_atomic(file_, dump_json(document) + "\n"));
  return total;
}

Spending::Spending(const SpendingLimits& limits, std::optional<DayLedger> ledger)
    : limits_(limits), ledger_(std::move(ledger)) {}

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
  if (limits_.run_dollars > 0 && spent_.dollars + bound.dollars > limits_.run_dollars + kCrumb) {
    return exhausted(dollars_text(spent_.dollars) + " of " + dollars_text(limits_.run_dollars) +
                     " in this run, and the next call may cost " + dollars_text(bound.dollars));
  }
  if (limits_.run_tokens > 0 && spent_.tokens + bound.tokens > limits_.run_tokens) {
    return exhausted(std::to_string(spent_.tokens) + " of " + std::to_string(limits_.run_tokens) +
                     " tokens in this run, and the next call may take " +
                     std::to_string(bound.tokens));
  }
  if ((limits_.day_dollars > 0 || of_payer) && ledger_) {
    TG_ASSIGN(const DayLedger::Totals totals, ledger_->add(bound.dollars, payer, limits_));
    note(totals, payer);
  }
  spent_.dollars += bound.dollars;
  spent_.tokens += bound.tokens;
  return Reservation(*this, bound, payer);
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
  if (owner != nullptr) owner->settle(bound_, spent, payer_);
}

void Spending::settle(const Amount& bound, const Amount& spent, const std::string& payer) {
  const std::lock_guard lock(mutex_);
  spent_.dollars = std::max(0.0, spent_.dollars - bound.dollars + spent.dollars);
  spent_.tokens = spent_.tokens - std::min(spent_.tokens, bound.tokens) + spent.tokens;
  const bool of_payer = limits_.key_dollars > 0 && !payer.empty();
  if ((limits_.day_dollars <= 0 && !of_payer) || !ledger_) return;
  // When it cannot be written, the bound stays in the file: too much rather than too little.
  // What was spent is booked whatever the limit: a provider may bill more than it should.
  if (const auto totals = ledger_->add(spent.dollars - bound.dollars, payer, SpendingLimits{})) {
    note(*totals, payer);
  }
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
