#include "telemetry/metrics/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "support/fake_clock.h"
#include "telemetry/metrics/expose_model.h"
#include "telemetry/metrics/exposition.h"
#include "telemetry/metrics/metrics.h"

namespace testgen::telemetry {
namespace {

const MetricSpec* row(std::string_view name) {
  const auto all = catalogue();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> label_names(const MetricSpec& spec) {
  std::vector<std::string> names;
  for (const auto& label : spec.labels) names.push_back(label.name);
  return names;
}

// The specification's names and labels, exactly as written there.
TEST(Catalogue, HasTheFixedNames) {
  using Names = std::vector<std::string>;
  const std::vector<std::tuple<const char*, MetricType, Names>> fixed{
      {"testgen_requests_total", MetricType::Counter, {"method", "endpoint", "status"}},
      {"testgen_request_duration_seconds", MetricType::Histogram, {}},
      {"testgen_active_requests", MetricType::Gauge, {}},
      {"testgen_tests_generated_total", MetricType::Counter, {"language"}},
      {"testgen_security_issues_total", MetricType::Counter, {"severity"}},
      {"testgen_llm_requests_total", MetricType::Counter, {"provider", "status"}},
      {"testgen_llm_tokens_total", MetricType::Counter, {"provider", "type"}},
      {"testgen_generation_duration_seconds", MetricType::Histogram, {"language"}},
      {"testgen_file_size_bytes", MetricType::Histogram, {}},
      {"testgen_test_quality_score", MetricType::Histogram, {}},
      {"testgen_cache_hits_total", MetricType::Counter, {}},
      {"testgen_cache_misses_total", MetricType::Counter, {}},
      {"testgen_cache_size_bytes", MetricType::Gauge, {}},
      {"testgen_errors_total", MetricType::Counter, {"type", "component"}},
      {"testgen_llm_errors_total", MetricType::Counter, {"provider", "error_type"}},
      {"testgen_sla_availability_percent", MetricType::Gauge, {"window"}},
      {"testgen_sla_response_time_seconds", MetricType::Gauge, {"window"}},
      {"testgen_sla_error_rate_percent", MetricType::Gauge, {"window"}},
      {"testgen_request_size_bytes", MetricType::Histogram, {}},
      {"testgen_response_size_bytes", MetricType::Histogram, {}},
      {"testgen_queue_wait_seconds", MetricType::Histogram, {}},
  };
  for (const auto& [name, type, labels] : fixed) {
    const MetricSpec* spec = row(name);
    ASSERT_NE(spec, nullptr) << name;
    EXPECT_EQ(spec->type, type) << name;
    EXPECT_EQ(label_names(*spec), labels) << name;
    EXPECT_TRUE(spec->fixed) << name;
    // The 30 days have no label; the shorter windows are labelled twins.
    if (labels == Names{"window"}) {
      EXPECT_EQ(spec->labels[0].values.front(), "") << name;
    }
  }
  const auto all = catalogue();
  const auto count =
      std::count_if(all.begin(), all.end(), [](const auto& row) { return row.fixed; });
  EXPECT_EQ(static_cast<std::size_t>(count), fixed.size() + 2) << "and the two ratio twins";
}

TEST(Catalogue, RowsAreWellFormed) {
  std::set<std::string> seen;
  std::size_t cells = 0;
  for (const MetricSpec& spec : catalogue()) {
    SCOPED_TRACE(spec.name);
    EXPECT_TRUE(seen.insert(spec.name).second);
    EXPECT_FALSE(spec.help.empty());
    EXPECT_FALSE(spec.help.ends_with('.'));
    EXPECT_FALSE(spec.feature.empty());
    const bool counter =
        spec.type == MetricType::Counter || spec.type == MetricType::ObservedCounter;
    EXPECT_EQ(spec.name.ends_with("_total"), counter);
    if (!spec.unit.empty()) {
      const std::string family = counter ? spec.name.substr(0, spec.name.size() - 6) : spec.name;
      EXPECT_TRUE(family.ends_with("_" + spec.unit));
    }
    EXPECT_EQ(spec.type == MetricType::Histogram, !spec.bounds.empty());
    std::size_t known = 1;
    for (const auto& label : spec.labels) known *= label.values.size();
    EXPECT_LE(known, spec.series_cap);
    cells += (spec.series_cap + 1) * (spec.bounds.size() + 2);
  }
  // Even with every family at its cap there is room for every series.
  EXPECT_LT(cells, std::size_t{CellStore::kChunkCells} * CellStore::kMaxChunks / 2);
}

TEST(Catalogue, ObjectivesAreBucketBounds) {
  for (const char* name : {"testgen_request_duration_seconds",
                           "testgen_generation_duration_seconds", "testgen_job_duration_seconds"}) {
    const auto& bounds = row(name)->bounds;
    for (const double objective : {0.5, 1.0, 2.0, 5.0, 30.0}) {
      EXPECT_NE(std::find(bounds.begin(), bounds.end(), objective), bounds.end())
          << name << " " << objective;
    }
  }
}

TEST(Catalogue, ErrorTypesAreThoseOfTheProgram) {
  const auto& known = row("testgen_errors_total")->labels[0].values;
  for (int code = 0; code <= static_cast<int>(base::ErrorCode::Internal); ++code) {
    const std::string name(base::to_string(static_cast<base::ErrorCode>(code)));
    EXPECT_NE(std::find(known.begin(), known.end(), name), known.end()) << name;
  }
}

// Every row has a handle. Fixed names and rows of features that have landed have a sample from
// the start; what nothing can move yet is not exposed.
TEST(Catalogue, EveryRowIsBoundAndExposedAtZero) {
  testing::FakeClock clock;
  Registry registry(catalogue(), clock);
  Metrics metrics(registry);
  metrics.expose_route("POST", "/v1/generate");
  metrics.build_info.with("1.2.3").set(1);
  registry.show_debug(true);
  const std::string page = render(registry, ExpositionFormat::Text);
  for (const MetricSpec& spec : catalogue()) {
    if (spec.name.starts_with("testgen_health_check") || spec.name.ends_with("rejected_total")) {
      continue;  // their series come with the checks and the rejections
    }
    const bool sample = page.find("\n" + spec.name + " ") != std::string::npos ||
                        page.find("\n" + spec.name + "{") != std::string::npos ||
                        page.find("\n" + spec.name + "_count") != std::string::npos;
    EXPECT_EQ(sample, spec.landed || spec.fixed) << spec.name;
  }
  EXPECT_NE(
      page.find(R"(testgen_requests_total{method="POST",endpoint="/v1/generate",status="500"} 0)"),
      std::string::npos);
}

// A chain of models is known from the settings, so its series are there before the first call.
TEST(Catalogue, AConfiguredModelIsExposedAtZero) {
  testing::FakeClock clock;
  Registry registry(catalogue(), clock);
  const Metrics metrics(registry);
  expose_model(metrics, "ollama", "coder");
  const std::string page = render(registry, ExpositionFormat::Text);
  for (const MetricSpec& spec : catalogue()) {
    for (const auto& label : spec.labels) {
      if (spec.feature != "llm" || spec.name == "testgen_llm_circuit_state") continue;
      const std::string named = label.name == "model"      ? R"(model="coder")"
                                : label.name == "provider" ? R"(provider="ollama")"
                                                           : "";
      if (named.empty()) continue;
      const std::string start =
          "\n" + spec.name + (spec.type == MetricType::Histogram ? "_count{" : "{");
      EXPECT_NE(page.find(start + named), std::string::npos) << spec.name;
      for (const auto& other : spec.labels) {
        for (const auto& value : other.values) {
          if (&other == &label) continue;
          const std::string pair = other.name + "=\"" + value + "\"} 0";
          EXPECT_NE(page.find(start + named + "," + pair), std::string::npos) << spec.name << pair;
        }
      }
    }
  }
}

}  // namespace
}  // namespace testgen::telemetry
