// Runs a fuzzer's seeds as a plain test, so that what a fuzzer once found stays mended in every
// build. FUZZ_SEEDS is the folder.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/file_system.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace testgen {
namespace {

TEST(FuzzSeeds, PassTheFuzzersChecks) {
  std::vector<std::filesystem::path> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(FUZZ_SEEDS)) {
    seeds.push_back(entry.path());
  }
  std::sort(seeds.begin(), seeds.end());
  ASSERT_GT(seeds.size(), 3U);
  for (const auto& path : seeds) {
    SCOPED_TRACE(path.filename().string());
    const auto bytes = base::read_file(path, 1U << 20U);
    ASSERT_TRUE(bytes.has_value());
    EXPECT_NO_THROW(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes->data()),
                                           bytes->size()));
  }
}

}  // namespace
}  // namespace testgen
