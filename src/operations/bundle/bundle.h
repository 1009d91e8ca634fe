// What somebody who helps from afar needs to see of a service, in one archive: settings, the end of
// the log, metrics, health, work in progress, version, and facts of the machine. Secrets are
// taken out of every text by their names and by their shapes, and nothing of users' code is in it.
// What cannot be had is said in the archive. Blocks for as long as the service takes.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "operations/bundle/tar.h"
#include "operations/sources/http_source.h"

namespace testgen::operations {

struct BundleRequest {
  std::string version;   // of this program
  std::string settings;  // in force, a line each, secrets already left out
  std::string log;       // file; empty: none
};

struct BundleEntry {
  std::string name;
  std::string what;  // for the list of contents
  bool there = true;
};

struct Bundle {
  std::vector<TarFile> files;  // CONTENTS.txt first
  std::vector<BundleEntry> entries;
  std::size_t redacted = 0;  // secrets taken out
};

[[nodiscard]] Bundle collect_bundle(const HttpSource& service, const BundleRequest& request,
                                    base::WallTime now);

// The text without its secrets; adds to `redacted`.
[[nodiscard]] std::string clean(std::string_view text, std::size_t& redacted);

// The last whole lines of a file, about `most` bytes of them.
[[nodiscard]] base::Result<std::string> last_lines(const std::string& path, std::size_t most);

}  // namespace testgen::operations
