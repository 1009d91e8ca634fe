// Takes the lines of a log and gives back those that match, written as asked. Lines that are no
// JSON object are counted, never lost in silence. Single-threaded.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "operations/logs/expression.h"

namespace testgen::operations {

enum class LogOutput : std::uint8_t {
  Text,  // time, level, message, then field=value
  Json,  // the line as it is, or an object of the fields asked for
  Csv,   // the fields asked for, under a line with their names
};

struct LogQueryOptions {
  std::string where;
  std::vector<std::string> fields;  // empty: all
  LogOutput output = LogOutput::Text;
};

class LogQuery {
 public:
  // InvalidArgument for a condition that is none, and for CSV without fields.
  [[nodiscard]] static base::Result<LogQuery> create(const LogQueryOptions& options);

  // The line to print, with its end; nothing when it does not match or cannot be read.
  [[nodiscard]] std::optional<std::string> take(std::string_view line, std::string_view where);
  // What comes before the first.
  [[nodiscard]] std::string header() const;

  struct Counts {
    std::size_t lines = 0;
    std::size_t matched = 0;
    std::size_t unreadable = 0;
    std::string first_unreadable;  // "file:line"
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  LogQuery(Expression where, const LogQueryOptions& options);
  Expression where_;
  std::vector<std::string> fields_;
  LogOutput output_;
  Counts counts_;
};

}  // namespace testgen::operations
