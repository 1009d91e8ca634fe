// The file of a log: opened for appending, opened again after something else rotated it away, and
// rotated by itself when it is too large or too old: app.log becomes app.log.1, that app.log.2.
// Used by the writer's thread alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace testgen::telemetry {

struct LogFileOptions {
  std::filesystem::path path;            // created with mode 0640
  std::uint64_t max_bytes = 0;           // rotate before it would grow past this; 0: never
  std::chrono::milliseconds max_age{0};  // rotate when it was begun longer ago; 0: never
  unsigned keep = 5;                     // rotated files that stay
};

class LogFile {
 public:
  [[nodiscard]] static base::Result<LogFile> open(const LogFileOptions& options,
                                                  const base::Clock& clock);

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const std::filesystem::path& path() const { return options_.path; }
  // When it fails, the old file stays in use.
  base::Status reopen();
  // Rotates when it is due. The longest start of `lines` that fits, ending with a line; at least
  // one line.
  [[nodiscard]] std::string_view fitting(std::string_view lines, base::Status& rotated);
  void wrote(std::size_t bytes) { size_ += bytes; }
  // Takes back the start of a line whose rest could not be written.
  void cut_torn_line(std::size_t bytes);

 private:
  LogFile(const LogFileOptions& options, const base::Clock& clock)
      : options_(options), clock_(&clock) {}
  [[nodiscard]] base::Status rotate();
  [[nodiscard]] std::filesystem::path rotated_name(unsigned number) const;

  LogFileOptions options_;
  const base::Clock* clock_;
  base::UniqueFd fd_;
  std::uint64_t size_ = 0;
  base::WallTime begun_{};
};

}  // namespace testgen::telemetry
