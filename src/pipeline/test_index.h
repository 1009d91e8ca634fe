// The test files below a folder, and which of them are about a module: those that import it, or
// import a package whose __init__.py does, or name it or its file in a text. Read once, then
// shared by any number of threads.
#pragma once

#include <filesystem>
#include <vector>

#include "analysis/test_file.h"
#include "base/clock.h"
#include "base/result.h"
#include "model/source_file.h"

namespace testgen::pipeline {

struct IndexedTestFile {
  std::filesystem::path path;  // absolute
  analysis::TestFile content;
};

class TestIndex {
 public:
  // `tests` is a folder or one file. NotFound when it is missing, NothingToDo when there is no
  // test file; files that are not Python are passed over.
  [[nodiscard]] static base::Result<TestIndex> read(const std::filesystem::path& tests,
                                                    const base::Clock& clock);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  // In the order of their paths; borrowed from the index.
  [[nodiscard]] std::vector<const IndexedTestFile*> about(const model::SourceFile& module,
                                                          const base::Clock& clock) const;

 private:
  std::filesystem::path folder_;
  std::vector<IndexedTestFile> files_;
};

}  // namespace testgen::pipeline
