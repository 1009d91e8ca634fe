#include "telemetry/metrics/cells.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace testgen::telemetry {
namespace {

TEST(CellStore, SumsOverAllThreadsExactly) {
  CellStore store;
  const std::uint32_t counted = store.reserve(1);
  const std::uint32_t summed = store.reserve(1);
  constexpr int kThreads = 8;
  constexpr int kAdds = 100'000;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < kAdds; ++i) {
          store.add(counted, 1);
          store.add_double(summed, 0.5);
        }
      });
    }
    // A reader in the middle sees some count on the way, never more than there will be.
    EXPECT_LE(store.view().sum(counted), std::uint64_t{kThreads} * kAdds);
  }
  EXPECT_EQ(store.view().sum(counted), std::uint64_t{kThreads} * kAdds);
  EXPECT_DOUBLE_EQ(store.view().sum_double(summed), kThreads * kAdds * 0.5);
}

TEST(CellStore, ThreadsThatComeAndGoShareTheSameMemory) {
  CellStore store;
  const std::uint32_t cell = store.reserve(1);
  for (int i = 0; i < 100; ++i) std::thread([&] { store.add(cell, 1); }).join();
  EXPECT_EQ(store.view().sum(cell), 100U);
  EXPECT_EQ(store.slab_count(), 1U);
}

TEST(CellStore, StoresDoNotMix) {
  CellStore one;
  const std::uint32_t cell_one = one.reserve(1);
  CellStore two;
  const std::uint32_t cell_two = two.reserve(1);
  for (int i = 0; i < 10; ++i) {
    one.add(cell_one, 1);
    two.add(cell_two, 2);
  }
  EXPECT_EQ(one.view().sum(cell_one), 10U);
  EXPECT_EQ(two.view().sum(cell_two), 20U);
}

TEST(CellStore, AThreadMayOutliveTheStore) {
  auto store = std::make_unique<CellStore>();
  const std::uint32_t cell = store->reserve(1);
  store->add(cell, 1);  // this thread holds a lease now
  store.reset();
  CellStore next;
  const std::uint32_t other = next.reserve(1);
  next.add(other, 1);
  EXPECT_EQ(next.view().sum(other), 1U);
}

TEST(CellStore, KeepsNeighboursInOneChunkAndEndsAtItsLimit) {
  CellStore store;
  (void)store.reserve(CellStore::kChunkCells - 1);
  EXPECT_EQ(store.reserve(2), CellStore::kChunkCells);
  for (std::uint32_t i = 2; i < CellStore::kMaxChunks; ++i) {
    ASSERT_EQ(store.reserve(CellStore::kChunkCells), i * CellStore::kChunkCells);
  }
  EXPECT_EQ(store.reserve(1), CellStore::kNoCells);
}

}  // namespace
}  // namespace testgen::telemetry
