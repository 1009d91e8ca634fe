#include "engine/llm/day_ledger.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <set>
#include <vector>

#include "base/file_system.h"
#include "base/random.h"
#include "base/unique_fd.h"
#include "support/fake_clock.h"

namespace testgen::llm {
namespace {

namespace fs = std::filesystem;
using testing::FakeClock;

constexpr double kCrumb = 1e-9;

class DayLedgerTest : public ::testing::Test {
 protected:
  [[nodiscard]] DayLedger ledger(std::string boot = "this boot") const {
    return {file_, clock_, std::move(boot)};
  }
  // As a process that starts now sees it.
  [[nodiscard]] double total(const std::string& payer = {}, std::string boot = "this boot") const {
    const auto totals = ledger(std::move(boot)).reserve(0, payer, {});
    EXPECT_TRUE(totals.has_value());
    return !totals ? -1 : payer.empty() ? totals->day : totals->payer;
  }
  [[nodiscard]] std::string synced() const { return *base::read_file(file_, 1U << 20U); }

  FakeClock clock_;
  base::TempDir folder_ = *base::TempDir::create("testgen-ledger");
  fs::path file_ = folder_.path() / "state" / "spent.json";
};

TEST_F(DayLedgerTest, AThousandCallsSyncAFewTimes) {
  const DayLimits limits{.day = 10, .payer = 0};
  DayLedger book = ledger();
  std::set<std::string> versions;
  for (int call = 0; call < 1'000; ++call) {
    const auto held = book.reserve(0.05, "", limits);
    ASSERT_TRUE(held.has_value()) << call;
    ASSERT_TRUE(book.settle(0.009 - 0.05, held->date, "", limits).has_value());
    versions.insert(synced());
  }
  EXPECT_NEAR(total(), 9.0, kCrumb);
  EXPECT_LE(versions.size(), 10U);
}

TEST_F(DayLedgerTest, APowerCutForgetsNothingAndBooksATenthAtMost) {
  constexpr double kBound = 0.02;
  const DayLimits limits{.day = 2, .payer = 1};
  base::Random random(11);
  int refused = 0;
  for (int cut = 0; cut < 40; ++cut) {
    if (cut % 10 == 0) fs::remove_all(file_.parent_path());
    const std::string boot = "boot " + std::to_string(cut);
    DayLedger book = ledger(boot);
    for (std::uint64_t calls = random.below(12); calls > 0; --calls) {
      const auto held = book.reserve(kBound, "k1", limits);
      if (!held) {
        ++refused;
        continue;
      }
      if (random.chance(0.8)) {
        ASSERT_TRUE(book.settle(kBound * random.unit() - kBound, held->date, "k1", limits));
      }
    }
    if (!fs::exists(file_)) continue;
    const double booked = total("", boot);
    const double of_payer = total("k1", boot);
    // Whatever is left of what was not synced.
    const fs::path moment = file_.string() + ".now";
    const std::string text = *base::read_file(moment, 1U << 20U);
    if (cut % 4 == 1) fs::remove(moment);
    if (cut % 4 == 2) fs::resize_file(moment, random.below(text.size()));
    if (cut % 4 == 3) {
      ASSERT_TRUE(base::write_file_atomic(moment, std::string(text.size(), '\0')));
    }
    const double after = total("", "another boot");
    EXPECT_GE(after, booked - kCrumb);
    EXPECT_LE(after, booked + limits.day * DayLedger::kAhead + kBound + kCrumb);
    EXPECT_LE(after, limits.day + kCrumb);
    EXPECT_GE(total("k1", "another boot"), of_payer - kCrumb);
    EXPECT_LE(total("k1", "another boot"),
              of_payer + limits.payer * DayLedger::kAhead + kBound + kCrumb);
  }
  EXPECT_GT(refused, 0);
}

// A process of its own; what it writes is read when it has ended.
template <class Work>
std::pair<pid_t, base::UniqueFd> fork_with_pipe(const Work& work) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    work(ends[1]);
    ::_exit(0);
  }
  ::close(ends[1]);
  return {child, base::UniqueFd(ends[0])};
}

std::string read_to_end(int fd) {
  std::string out;
  std::array<char, 4'096> part{};
  for (ssize_t got = 0; (got = ::read(fd, part.data(), part.size())) > 0;) {
    out.append(part.data(), static_cast<std::size_t>(got));
  }
  return out;
}

TEST_F(DayLedgerTest, AKilledProcessHasBookedWhatItSpent) {
  const DayLimits limits{.day = 1'000, .payer = 0};
  for (int round = 0; round < 5; ++round) {
    const double before = total();
    auto [child, pipe] = fork_with_pipe([&](int out) {
      DayLedger book = ledger();
      while (true) {
        const auto held = book.reserve(0.01, "", limits);
        if (!held || !book.settle(0.004 - 0.01, held->date, "", limits)) return;
        if (::write(out, "x", 1) != 1) return;
      }
    });
    std::array<char, 100> seen{};
    for (std::size_t got = 0; got < seen.size();) {
      const ssize_t more = ::read(pipe.get(), seen.data(), seen.size() - got);
      ASSERT_GT(more, 0) << "it ended by itself";
      got += static_cast<std::size_t>(more);
    }
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    const double calls = 100.0 + static_cast<double>(read_to_end(pipe.get()).size());
    EXPECT_GE(total(), before + 0.004 * calls - kCrumb);
    EXPECT_LE(total(), before + 0.004 * calls + 0.01 + limits.day * DayLedger::kAhead + kCrumb);
  }
}

TEST_F(DayLedgerTest, ProcessesTogetherNeverPassTheLimitAndBookNothingTwice) {
  const DayLimits limits{.day = 3, .payer = 0};
  std::vector<std::pair<pid_t, base::UniqueFd>> processes;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    processes.push_back(fork_with_pipe([&, seed](int out) {
      DayLedger book = ledger();
      base::Random random(seed);
      double booked = 0;
      while (true) {
        const auto held = book.reserve(0.03, "", limits);
        if (!held) break;
        booked += 0.03;
        if (held->day > limits.day + kCrumb) booked += 1'000;
        if (random.chance(0.2)) continue;  // a stream that broke: the bound stays
        const double spent = 0.03 * random.unit();
        if (!book.settle(spent - 0.03, held->date, "", limits)) break;
        booked += spent - 0.03;
      }
      (void)book.rest();
      if (::write(out, &booked, sizeof booked) < 0) ::_exit(1);
    }));
  }
  double booked = 0;
  for (auto& [child, pipe] : processes) {
    const std::string text = read_to_end(pipe.get());
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    double of_child = 0;
    ASSERT_EQ(text.size(), sizeof of_child);
    std::copy(text.begin(), text.end(), reinterpret_cast<char*>(&of_child));
    booked += of_child;
  }
  EXPECT_LE(booked, limits.day + kCrumb);
  EXPECT_GT(booked, limits.day - 0.03);
  EXPECT_NEAR(total(), booked, kCrumb) << "booked twice, or not at all";
  EXPECT_NEAR(total("", "another boot"), booked, kCrumb) << "nobody is at work: nothing is ahead";
}

TEST_F(DayLedgerTest, YesterdaysMoneyIsNotGivenBackToday) {
  const DayLimits limits{.day = 1, .payer = 0};
  DayLedger book = ledger();
  const auto late = book.reserve(0.5, "", limits);
  const auto dear = book.reserve(0.2, "", limits);
  clock_.advance(std::chrono::hours(24));
  ASSERT_TRUE(book.reserve(0.6, "", limits).has_value());
  ASSERT_TRUE(book.settle(-0.4, late->date, "", limits).has_value());
  EXPECT_DOUBLE_EQ(total(), 0.6);
  ASSERT_TRUE(book.settle(0.1, dear->date, "", limits).has_value());
  EXPECT_DOUBLE_EQ(total(), 0.7) << "what is billed beyond the bound is";
}

TEST_F(DayLedgerTest, AtRestTheSyncedFileHasTheFigures) {
  const DayLimits limits{.day = 1, .payer = 1};
  DayLedger book = ledger();
  const auto held = book.reserve(0.5, "k1", limits);
  ASSERT_TRUE(book.settle(-0.25, held->date, "k1", limits).has_value());
  EXPECT_EQ(synced().find("0.25"), std::string::npos);
  ASSERT_TRUE(book.rest().has_value());
  EXPECT_EQ(synced(), "{\"day\":\"2023-11-14\",\"dollars\":0.25,\"keys\":{\"k1\":0.25}}\n");
  EXPECT_DOUBLE_EQ(total("k1", "another boot"), 0.25);
}

TEST_F(DayLedgerTest, ARemovedFileBeginsAnew) {
  DayLedger book = ledger();
  ASSERT_TRUE(book.reserve(0.5, "", {.day = 1, .payer = 0}).has_value());
  fs::remove(file_);
  EXPECT_DOUBLE_EQ(total(), 0.0);
}

TEST_F(DayLedgerTest, AFileThatWasWrittenByHandCounts) {
  DayLedger book = ledger();
  ASSERT_TRUE(book.reserve(0.5, "", {.day = 1, .payer = 0}).has_value());
  ASSERT_TRUE(
      base::write_file_atomic(file_, "{\"day\":\"2023-11-14\",\"dollars\":0.9}").has_value());
  EXPECT_DOUBLE_EQ(total(), 0.9);
}

TEST_F(DayLedgerTest, WhereNobodySaysWhichBootItIsAllIsSynced) {
  const DayLimits limits{.day = 1, .payer = 0};
  DayLedger book = ledger("");
  const auto held = book.reserve(0.5, "", limits);
  EXPECT_NE(synced().find("0.5"), std::string::npos);
  ASSERT_TRUE(book.settle(-0.25, held->date, "", limits).has_value());
  EXPECT_NE(synced().find("0.25"), std::string::npos);
  EXPECT_DOUBLE_EQ(total("", ""), 0.25);
}

TEST(DayLedger, ThisMachineSaysWhichBootItIs) {
  EXPECT_EQ(DayLedger::this_boot().size(), 36U);
  EXPECT_EQ(DayLedger::this_boot(), DayLedger::this_boot());
}

}  // namespace
}  // namespace testgen::llm
