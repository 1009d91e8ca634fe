#include "service/cache/result_cache.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <thread>

#include "base/file_system.h"
#include "support/fake_clock.h"

namespace testgen::service {
namespace {

namespace fs = std::filesystem;

std::string key(int number) {
  return cache_key({"1.0", "generate", std::to_string(number)});
}

class ResultCacheTest : public ::testing::Test {
 protected:
  void SetUp() override { open(); }
  void open(std::uint64_t disk = 1U << 20U, std::uint64_t memory = 1U << 20U) {
    cache_.reset();
    auto opened = ResultCache::open(
        {.folder = folder_.path() / "cache", .max_disk_bytes = disk, .max_memory_bytes = memory},
        *telemetry_);
    ASSERT_TRUE(opened) << opened.error().message;
    cache_ = std::move(*opened);
  }
  std::string get(int number) {
    const auto text = cache_->get(key(number), {});
    return text == nullptr ? "" : *text;
  }
  void put(int number, std::string value) { cache_->put(key(number), std::move(value), {}); }
  fs::path file(int number) const {
    return folder_.path() / "cache" / key(number).substr(0, 2) / key(number);
  }

  base::SystemClock clock_;
  std::unique_ptr<telemetry::Telemetry> telemetry_ =
      *telemetry::Telemetry::create(telemetry::TelemetryOptions::quiet(), clock_);
  base::TempDir folder_ = *base::TempDir::create("cache");
  std::unique_ptr<ResultCache> cache_;
};

TEST_F(ResultCacheTest, KeepsResultsInMemoryOnDiskAndOverARestart) {
  EXPECT_EQ(get(1), "");
  put(1, "one");
  EXPECT_EQ(get(1), "one");
  open();
  EXPECT_EQ(get(1), "one");
  EXPECT_EQ(telemetry_->metrics().cache_hits_total.value(), 2U);
  EXPECT_EQ(telemetry_->metrics().cache_misses_total.value(), 1U);
  EXPECT_EQ(telemetry_->metrics().cache_size_bytes.value(),
            static_cast<double>(fs::file_size(file(1))));
}

// What several services would see of one Redis.
class Shared final : public SharedCache {
 public:
  base::Result<std::optional<std::string>> get(const std::string& key) override {
    ++asked;
    if (down) return base::Error{base::ErrorCode::Unavailable, "it is down", ""};
    const auto found = entries.find(key);
    return found == entries.end() ? std::nullopt : std::optional(found->second);
  }
  base::Status put(const std::string& key, const std::string& value,
                   std::chrono::milliseconds) override {
    if (down) return base::Error{base::ErrorCode::Unavailable, "it is down", ""};
    entries[key] = value;
    return {};
  }
  base::Status remove(const std::string& key) override {
    entries.erase(key);
    return {};
  }
  base::Status check(base::SteadyTime) override { return {}; }

  std::map<std::string, std::string> entries;
  int asked = 0;
  bool down = false;
};

TEST_F(ResultCacheTest, AServiceFindsWhatAnotherHasKept) {
  const auto shared = std::make_shared<Shared>();
  const auto service = [&](const char* name) {
    return *ResultCache::open({.folder = folder_.path() / name, .shared = shared}, *telemetry_);
  };
  const auto first = service("first");
  const auto second = service("second");
  first->put(key(1), "one", {});
  const auto found = second->get(key(1), {});
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(*found, "one");
  EXPECT_EQ(telemetry_->metrics().cache_hits_total.value(), 1U);
  EXPECT_EQ(shared->asked, 1);
  EXPECT_NE(second->get(key(1), {}), nullptr);  // its own by now
  EXPECT_NE(second->get_at_once(key(1), {}), nullptr);
  EXPECT_EQ(shared->asked, 1);
  second->remove(key(1));
  EXPECT_TRUE(shared->entries.empty());
}

TEST_F(ResultCacheTest, ASharedEntryThatWasAlteredIsAMiss) {
  const auto shared = std::make_shared<Shared>();
  const auto cache =
      *ResultCache::open({.folder = folder_.path() / "one", .shared = shared}, *telemetry_);
  cache->put(key(1), "one", {});
  const auto other =
      *ResultCache::open({.folder = folder_.path() / "two", .shared = shared}, *telemetry_);
  shared->entries[key(1)].back() = 'x';
  EXPECT_EQ(other->get(key(1), {}), nullptr);
}

TEST_F(ResultCacheTest, WhileTheSharedOneIsDownItsOwnIsEnough) {
  const auto shared = std::make_shared<Shared>();
  shared->down = true;
  const auto cache =
      *ResultCache::open({.folder = folder_.path() / "one", .shared = shared}, *telemetry_);
  cache->put(key(1), "one", {});
  EXPECT_NE(cache->get(key(1), {}), nullptr);
  EXPECT_EQ(cache->get(key(2), {}), nullptr);
}

TEST_F(ResultCacheTest, TheKeyDependsOnEveryPartAndOnWhereItEnds) {
  EXPECT_NE(cache_key({"1", "ab", "c"}), cache_key({"1", "a", "bc"}));
  EXPECT_NE(cache_key({"1", "a", "b"}), cache_key({"2", "a", "b"}));
  EXPECT_EQ(cache_key({"1", "a", "b"}), cache_key({"1", "a", "b"}));
}

TEST_F(ResultCacheTest, DropsTheLongestUnusedPastTheBound) {
  open(/*disk=*/3000, /*memory=*/1U << 20U);
  for (int i = 0; i < 3; ++i) put(i, std::string(800, static_cast<char>('a' + i)));
  EXPECT_NE(get(0), "");  // 1 is now the longest unused
  put(3, std::string(800, 'd'));
  EXPECT_EQ(get(1), "");
  EXPECT_FALSE(fs::exists(file(1)));
  EXPECT_NE(get(0), "");
  EXPECT_NE(get(3), "");
  EXPECT_LE(telemetry_->metrics().cache_size_bytes.value(), 3000);
  put(4, std::string(5000, 'e'));  // never fits, and pushes nothing out
  EXPECT_EQ(get(4), "");
  EXPECT_NE(get(0), "");
}

TEST_F(ResultCacheTest, ReadsFromDiskWhatNoLongerFitsInMemory) {
  open(/*disk=*/1U << 20U, /*memory=*/100);
  put(1, std::string(90, 'a'));
  put(2, std::string(90, 'b'));
  EXPECT_EQ(get(1), std::string(90, 'a'));
  EXPECT_EQ(get(2), std::string(90, 'b'));
}

TEST_F(ResultCacheTest, DamagedEntriesAreMissesAndGo) {
  for (const std::string& damage :
       {std::string("testgen-cache-2 0000"), std::string(),
        std::string("testgen-cache-2 ") + std::string(64, '0') + "\nwrong"}) {
    put(1, "one");
    open();
    std::ofstream(file(1), std::ios::trunc) << damage;
    EXPECT_EQ(get(1), "");
    EXPECT_FALSE(fs::exists(file(1)));
  }
  put(1, "one");
  open();
  fs::remove(file(1));
  EXPECT_EQ(get(1), "");
  EXPECT_EQ(telemetry_->metrics().cache_size_bytes.value(), 0);
}

TEST_F(ResultCacheTest, ClearsAwayHalfWrittenFilesAtStart) {
  put(1, "one");
  const fs::path half = file(1).parent_path() / ("." + key(1) + ".abc.tmp");
  std::ofstream(half) << "half";
  open();
  EXPECT_FALSE(fs::exists(half));
  EXPECT_EQ(get(1), "one");
}

TEST_F(ResultCacheTest, ADiskThatFailsCostsOnlyTheCache) {
  fs::remove_all(folder_.path() / "cache");
  std::ofstream(folder_.path() / "cache") << "a file in the way";
  put(1, "one");
  EXPECT_EQ(get(1), "");
}

TEST_F(ResultCacheTest, ServesManyThreads) {
  open(/*disk=*/20'000, /*memory=*/5'000);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < 50; ++i) {
        const std::string value(500, static_cast<char>('a' + i % 26));
        put(i, value);
        const std::string read = get(i);
        EXPECT_TRUE(read.empty() || read == value);
      }
    });
  }
}

TEST_F(ResultCacheTest, ForgetsWhatIsTooOldAndWhatIsRemoved) {
  testing::FakeClock clock;
  const auto telemetry = *telemetry::Telemetry::create(telemetry::TelemetryOptions::quiet(), clock);
  const CacheOptions options{.folder = folder_.path() / "aging", .max_age = std::chrono::hours(10)};
  auto cache = *ResultCache::open(options, *telemetry);
  cache->put(key(1), "one", {});
  cache->put(key(2), "two", {});
  clock.advance(std::chrono::hours(9));
  EXPECT_NE(cache->get(key(1), {}), nullptr) << "use does not make it younger";
  clock.advance(std::chrono::hours(2));
  EXPECT_EQ(cache->get(key(1), {}), nullptr);
  cache = *ResultCache::open(options, *telemetry);
  EXPECT_EQ(cache->get(key(2), {}), nullptr) << "a restart neither";
  cache->put(key(3), "three", {});
  cache->remove(key(3));
  EXPECT_EQ(cache->get(key(3), {}), nullptr);
  EXPECT_EQ(telemetry->metrics().cache_size_bytes.value(), 0);
}

}  // namespace
}  // namespace testgen::service
