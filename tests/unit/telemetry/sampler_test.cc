#include "telemetry/tracing/sampler.h"

#include <gtest/gtest.h>

namespace testgen::telemetry {
namespace {

SpanContext context(std::uint8_t flags) {
  SpanContext context;
  context.trace_id.bytes.fill(0xff);
  context.span_id.bytes.fill(1);
  context.flags = flags;
  return context;
}

TEST(Sampler, KnowsTheNamesOfTheSpecification) {
  EXPECT_EQ(sampler_from("always_on", 0.1)->ratio, 1);
  EXPECT_EQ(sampler_from("always_off", 0.1)->ratio, 0);
  EXPECT_EQ(sampler_from("traceidratio", 0.1)->ratio, 0.1);
  EXPECT_FALSE(sampler_from("traceidratio", 0.1)->parent_based);
  EXPECT_EQ(sampler_from("parentbased_always_on", 0.1)->ratio, 1);
  EXPECT_EQ(sampler_from("parentbased_always_off", 0.1)->ratio, 0);
  EXPECT_EQ(sampler_from("parentbased_traceidratio", 0.1)->ratio, 0.1);
  EXPECT_TRUE(sampler_from("parentbased_traceidratio", 0.1)->parent_based);
  for (const char* name : {"", "jaeger_remote", "parentbased_", "Always_On"}) {
    EXPECT_FALSE(sampler_from(name, 1)) << name;
  }
}

TEST(Sampler, FollowsTheParentOnlyWhenItIsParentBased) {
  const SpanContext sampled = context(kFlagSampled);
  const SpanContext unsampled = context(0);
  const Sampler never = *sampler_from("parentbased_always_off", 1);
  EXPECT_TRUE(never.sample(sampled.trace_id, sampled));
  EXPECT_FALSE(never.sample(sampled.trace_id, {}));
  const Sampler always = *sampler_from("always_on", 1);
  EXPECT_TRUE(always.sample(unsampled.trace_id, unsampled));
  const Sampler half = *sampler_from("traceidratio", 0.5);
  EXPECT_FALSE(half.sample(sampled.trace_id, sampled));  // its id is the largest there is
}

TEST(Sampler, DecidesByTheRandomBytesOfTheId) {
  const Sampler half{.ratio = 0.5, .parent_based = false};
  TraceId id;
  id.bytes.fill(0xff);
  std::fill(id.bytes.begin() + 9, id.bytes.end(), 0);
  EXPECT_TRUE(half.sample(id, {}));  // what comes before them does not matter
  id.bytes[9] = 0x7f;
  EXPECT_TRUE(half.sample(id, {}));
  id.bytes[9] = 0x80;
  EXPECT_FALSE(half.sample(id, {}));
}

}  // namespace
}  // namespace testgen::telemetry
