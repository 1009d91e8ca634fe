// What a span takes from the heap and from memory; the figures are in docs/benchmarks.md.
#include "fixture.h"
#include "support/allocations.h"
#include "telemetry/tracing/span_pool.h"
#include "telemetry/tracing/tracer.h"

namespace testgen::telemetry {
namespace {

class SpanCostTest : public MetricsFixture {
 protected:
  static void span_with_five_attributes(Tracer& tracer, const SpanContext& parent = {}) {
    Span span = tracer.start("generate_tests", SpanKind::Internal, parent);
    span.set("file.path", "src/some/folder/calc.py");
    span.set("file.language", "python");
    span.set("tests.count", 12);
    span.set("ratio", 0.5);
    span.set("kept", true);
    span.succeed();
  }
};

TEST_F(SpanCostTest, OnceWarmASpanAllocatesNothing) {
  TracingOptions options;
  options.ring_spans = 100;
  Tracer tracer(options, metrics_, clock_, nullptr);
  for (int i = 0; i < 300; ++i) span_with_five_attributes(tracer);
  const auto before = testing::allocations();
  for (int i = 0; i < 1000; ++i) span_with_five_attributes(tracer);
  EXPECT_EQ(testing::allocations().count - before.count, 0U);
  // The counter itself counts.
  ::operator delete(::operator new(8));
  EXPECT_EQ(testing::allocations().count - before.count, 1U);
}

TEST_F(SpanCostTest, AChildOfATraceAllocatesNothingEither) {
  TracingOptions options;
  options.ring_spans = 100;
  Tracer tracer(options, metrics_, clock_, nullptr);
  SpanContext caller;
  caller.trace_id.bytes.fill(1);
  caller.span_id.bytes.fill(2);
  for (int i = 0; i < 300; ++i) span_with_five_attributes(tracer, caller);
  const auto before = testing::allocations();
  for (int i = 0; i < 1000; ++i) span_with_five_attributes(tracer, caller);
  EXPECT_EQ(testing::allocations().count - before.count, 0U);
}

TEST_F(SpanCostTest, ASpanHeldInMemoryTakesNoMoreThanPublished) {
  TracingOptions options;
  options.ring_spans = 10'000;
  const auto before = testing::allocations();
  const std::size_t made = SpanPool::made();
  Tracer tracer(options, metrics_, clock_, nullptr);
  for (int i = 0; i < 10'000; ++i) span_with_five_attributes(tracer);
  const auto after = testing::allocations();
  EXPECT_EQ(tracer.ring().span_count(), 10'000U);
  // Blocks left by earlier tests are reused, so they are counted as if they were new.
  const auto reused = std::min<std::size_t>(made, 10'000) * sizeof(SpanRecord);
  const double bytes = static_cast<double>(after.bytes - before.bytes + reused) / 10'000;
  RecordProperty("bytes_a_span", static_cast<int>(bytes));
  EXPECT_LE(bytes, 632);
  EXPECT_EQ(sizeof(SpanRecord), 592U);                       // published
  EXPECT_LE(after.count - before.count, 10'000U / 32 + 20);  // slabs, not one by one
}

TEST_F(SpanCostTest, TheRingOfTheServiceIsBounded) {
  const TracingOptions options;
  Tracer tracer(options, metrics_, clock_, nullptr);
  for (int i = 0; i < 100'000; ++i) {
    Span span = tracer.start("x");
    if (i % 2 == 0) span.set("text", std::string(3000, 'x'));
  }
  EXPECT_LE(tracer.ring().byte_count(), options.ring_bytes);
  EXPECT_LE(tracer.ring().span_count(), options.ring_spans);
  EXPECT_GT(metrics_.trace_ring_evicted_total.value(), 80'000U);
  EXPECT_EQ(tracer.live(), 0);
}

}  // namespace
}  // namespace testgen::telemetry
