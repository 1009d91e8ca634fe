// Reads one source file within limits. Thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"
#include "model/source_file.h"

namespace testgen::source {

struct LoadLimits {
  std::uint64_t max_bytes = std::uint64_t{2} << 20U;
};

// Path, language and text; the module's name and import root are the language's to find.
// Errors: NotFound, PermissionDenied, InvalidInput (folder, binary, wrong encoding), TooLarge,
// Unsupported (language or encoding), NothingToDo (empty).
[[nodiscard]] base::Result<model::SourceFile> load(const std::filesystem::path& path,
                                                   const LoadLimits& limits = {});

}  // namespace testgen::source
