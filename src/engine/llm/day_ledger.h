// What was spent on models today, in files that processes share. The figures of the moment are
// written at each change and not synced, so that a call does not wait for the disk; a second file,
// which is synced, says how much it may be at most, a tenth of a limit ahead. So a crash never
// forgets what was booked: a killed process loses nothing, and each power cut, or kill while the
// second file is written, books at most that tenth too much, and what calls that were under way
// then had reserved. Days are those of UTC. Processes are kept apart by a lock; within one, one
// thread at a time.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/result.h"

namespace testgen::llm {

// Dollars in a day, of all together and of each payer; 0: no limit.
struct DayLimits {
  double day = 0;
  double payer = 0;
};

class DayLedger {
 public:
  // The share of a limit that is booked ahead in the synced file.
  static constexpr double kAhead = 0.1;

  // Which start of the machine this is; empty when nobody says.
  [[nodiscard]] static std::string this_boot();

  // The synced file, beside which FILE.now has the figures of the moment. Both and their folders
  // are made when something is spent. Figures of another boot are those that may be lost; without
  // a boot each change is synced.
  DayLedger(std::filesystem::path file, const base::Clock& clock, std::string boot = this_boot())
      : file_(std::move(file)), clock_(clock), boot_(std::move(boot)) {}

  struct Totals {
    std::string date;
    double day = 0;
    double payer = 0;  // of the day
  };
  // Adds if the day's totals stay within the limits; the totals after it, or ResourceExhausted.
  // An empty payer is nobody in particular. A file that cannot be read or written is an error:
  // money is not guessed.
  [[nodiscard]] base::Result<Totals> reserve(double dollars, const std::string& payer,
                                             const DayLimits& limits);
  // What was reserved on that date cost so much more, or less when negative. More is booked
  // whatever the limits: a provider may bill more than it should. What was reserved on another day
  // is not given back to this one.
  [[nodiscard]] base::Result<Totals> settle(double difference, const std::string& date,
                                            const std::string& payer, const DayLimits& limits);
  // Nothing is spent from here for now: the synced file gets the figures of the moment.
  [[nodiscard]] base::Status rest();

 private:
  struct Figures {
    double day = 0;
    std::map<std::string, double> payers;
    friend bool operator==(const Figures&, const Figures&) = default;
  };
  struct Book {
    std::string date;
    std::string synced_text;  // of the synced file
    Figures most;             // as that file has it
    Figures now;
  };

  [[nodiscard]] std::string today() const;
  [[nodiscard]] base::Result<Book> open(int moment) const;
  [[nodiscard]] base::Result<Totals> change(int moment, Book& book, double dollars,
                                            const std::string& payer, const DayLimits& limits);
  [[nodiscard]] base::Status write_synced(Book& book) const;
  [[nodiscard]] base::Status write_moment(int moment, const Book& book) const;

  std::filesystem::path file_;
  const base::Clock& clock_;
  std::string boot_;
  bool used_ = false;
};

}  // namespace testgen::llm
