// The lines of a log file, plain or gzip, one at a time and without holding the file. With
// follow(), lines that are added later as well, through rotation by renaming and by truncation.
// Single-threaded.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace testgen::operations {

class LineSource {
 public:
  static constexpr std::size_t kLongest = std::size_t{1} << 20U;  // bytes of a line

  // "-" is standard input.
  [[nodiscard]] static base::Result<LineSource> open(const std::string& path);
  LineSource(LineSource&&) noexcept;
  LineSource& operator=(LineSource&&) noexcept;
  ~LineSource();

  // The next line without its end; nothing when there is none now. A last line without an end
  // counts once the file is finished, which with `more_to_come` it is not.
  [[nodiscard]] base::Result<std::optional<std::string>> next(bool more_to_come = false);

  // Lines longer than kLongest, which are left out.
  [[nodiscard]] std::size_t too_long() const;
  [[nodiscard]] const std::string& path() const { return path_; }

  // When the name now leads to another file, or the file was cut short: goes on there, once what
  // was left of the old one has been read. False while nothing changed.
  [[nodiscard]] base::Result<bool> reopen_if_rotated();

 private:
  struct Inflater;
  LineSource(std::string path, base::UniqueFd fd);
  base::Result<bool> fill();  // false: nothing more for now

  std::string path_;
  base::UniqueFd fd_;
  std::unique_ptr<Inflater> inflater_;
  bool begun_ = false;
  bool skipping_ = false;  // in a line that is too long
  std::string buffer_;
  std::size_t at_ = 0;  // of the first byte not given out
  std::size_t too_long_ = 0;
};

}  // namespace testgen::operations
