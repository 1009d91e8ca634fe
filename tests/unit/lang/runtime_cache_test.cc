#include "lang/runtime_cache.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace testgen::lang {
namespace {

class CountingLanguage final : public Language {
 public:
  [[nodiscard]] std::string_view name() const override { return "counting"; }
  void locate(model::SourceFile&) const override {}
  [[nodiscard]] base::Result<Runtime> find_runtime(const RuntimeRequest& request,
                                                   const base::Clock&) const override {
    ++asked;
    if (request.explicit_path == "broken") {
      return base::Error{base::ErrorCode::Environment, "no such runtime", ""};
    }
    Runtime out;
    out.version = std::to_string(asked);
    return out;
  }
  mutable int asked = 0;
};

RuntimeRequest of(const char* file, const char* path = "") {
  RuntimeRequest request;
  request.project = file;
  request.explicit_path = path;
  return request;
}

TEST(RuntimeCache, AsksOnceAFolder) {
  RuntimeCache cache;
  CountingLanguage language;
  testing::FakeClock clock;
  EXPECT_EQ(cache.find(language, of("/shop/a.py"), clock)->version, "1");
  EXPECT_EQ(cache.find(language, of("/shop/b.py"), clock)->version, "1");
  EXPECT_EQ(cache.find(language, of("/other/b.py"), clock)->version, "2");
  EXPECT_EQ(cache.find(language, of("/shop/a.py", "/opt/python"), clock)->version, "3");
}

TEST(RuntimeCache, ForgetsAfterAMinute) {
  RuntimeCache cache;
  CountingLanguage language;
  testing::FakeClock clock;
  EXPECT_TRUE(cache.find(language, of("/shop/a.py"), clock));
  clock.advance(std::chrono::seconds(59));
  EXPECT_EQ(cache.find(language, of("/shop/a.py"), clock)->version, "1");
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(cache.find(language, of("/shop/a.py"), clock)->version, "2");
}

TEST(RuntimeCache, DoesNotRememberErrors) {
  RuntimeCache cache;
  CountingLanguage language;
  testing::FakeClock clock;
  EXPECT_FALSE(cache.find(language, of("/shop/a.py", "broken"), clock));
  EXPECT_FALSE(cache.find(language, of("/shop/a.py", "broken"), clock));
  EXPECT_EQ(language.asked, 2);
}

}  // namespace
}  // namespace testgen::lang
