// Short ways to put what a check saw into an item of a report. For the checks of this folder.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "operations/doctor/doctor.h"

namespace testgen::operations {

constexpr Bar at_most(double limit) {
  return {Bound::AtMost, limit};
}
constexpr Bar at_least(double limit) {
  return {Bound::AtLeast, limit};
}

class Finding {
 public:
  Finding(std::string id, std::string title, std::string advice)
      : item_{std::move(id), std::move(title), {}, std::move(advice)} {}

  // A value, judged by its bar; without one, that there is nothing to judge, or that it is unknown.
  void figure(std::string name, std::optional<double> value, Unit unit, Bar bar = {},
              std::string of = "", std::string note = "");
  void idle(std::string name, std::string note) {
    add(std::move(name), Verdict::NotApplicable, std::move(note));
  }
  void unknown(std::string name, std::string note) {
    add(std::move(name), Verdict::Unknown, std::move(note));
  }
  // What was seen, in words.
  void said(std::string name, Verdict verdict, std::string note) {
    add(std::move(name), verdict, std::move(note));
  }
  [[nodiscard]] Item item() && { return std::move(item_); }

 private:
  void add(std::string name, Verdict verdict, std::string note) {
    Figure out;
    out.name = std::move(name);
    out.verdict = verdict;
    out.note = std::move(note);
    item_.figures.push_back(std::move(out));
  }
  Item item_;
};

// The checks, one function an area.
[[nodiscard]] Section memory_checks(const Observation& seen);
[[nodiscard]] Section slow_checks(const Observation& seen);
[[nodiscard]] Section llm_checks(const Observation& seen);
[[nodiscard]] Section service_checks(const Observation& seen);

}  // namespace testgen::operations
