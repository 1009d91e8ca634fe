// Puts generated files into the user's folder without ever destroying a person's work. The
// first line of each file seals the rest with a hash: a file whose seal is intact is ours to
// replace; one that was edited, or never was ours, is left alone and the new text goes beside
// it under another name. A seal may name the kind of tests below it: those of one kind never
// replace those of another, whatever their files are called. A Writer belongs to one run and is
// thread-safe.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/report.h"

namespace testgen::emit {

enum class WriteOutcome {
  Created,
  Replaced,   // an older file of ours
  Unchanged,  // the same text was there already
  Beside,     // the wanted name was taken by something that is not ours to replace
};

[[nodiscard]] std::string_view to_string(WriteOutcome outcome);

struct WrittenFile {
  std::filesystem::path path;  // with the output folder in front
  WriteOutcome outcome = WriteOutcome::Created;
  std::string note;  // why it went beside; else empty
};

class Writer {
 public:
  Writer(std::filesystem::path folder, std::string tool_version)
      : folder_(std::move(folder)), tool_version_(std::move(tool_version)) {}

  // Atomic: the old file or the new one is there, whole. Two files of one run never share a
  // name. An Error (read-only folder, full disk) concerns this file only. `kind` is one word, or
  // empty for tests of a module.
  [[nodiscard]] base::Result<WrittenFile> write(const model::GeneratedFile& file,
                                                std::string_view kind = "");

  // Another text for a file that this run has written and nobody has changed since; without text
  // it goes. An Error leaves it as it was.
  [[nodiscard]] base::Status rewrite(const std::filesystem::path& path, std::string_view content);

 private:
  std::filesystem::path folder_;
  std::string tool_version_;
  std::mutex mutex_;
  std::set<std::filesystem::path> taken_;  // names this run has used
};

// The file of ours that a run would replace at `folder`/`relative` or, where that is somebody
// else's or of another kind, beside it: the text below the seal is as it was written. Nothing when
// there is none.
[[nodiscard]] std::optional<std::string> intact_text(const std::filesystem::path& folder,
                                                     const std::filesystem::path& relative,
                                                     std::string_view kind = "");

enum class Seal { Absent, Intact, Broken };

// `content` with the sealing line before it; comments begin with `comment` ("#", "//").
[[nodiscard]] std::string seal(std::string_view content, std::string_view comment,
                               std::string_view tool_version, std::string_view kind = "");
[[nodiscard]] Seal check_seal(std::string_view text);

}  // namespace testgen::emit
