#include "telemetry/tracing/span_ring.h"

#include <gtest/gtest.h>

#include <thread>

#include "telemetry/tracing/span_pool.h"

namespace testgen::telemetry {
namespace {

FinishedSpan span(std::uint8_t trace, std::int64_t start, std::size_t name_bytes = 100) {
  SpanRecord* record = SpanPool::take();
  record->context.trace_id.bytes.fill(trace);
  record->set_name(std::string(name_bytes, 'n'));
  record->start_ns = start;
  return FinishedSpan::first(record);
}

TraceId trace(std::uint8_t byte) {
  TraceId id;
  id.bytes.fill(byte);
  return id;
}

TEST(SpanRing, ReturnsATraceByStartTime) {
  SpanRing ring(10, 1 << 20);
  ring.push(span(1, 30));
  ring.push(span(2, 10));
  ring.push(span(1, 20));
  const auto found = ring.trace(trace(1));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0]->start_ns, 20);
  EXPECT_EQ(found[1]->start_ns, 30);
  EXPECT_TRUE(ring.trace(trace(9)).empty());
}

TEST(SpanRing, IsBoundedInSpans) {
  SpanRing ring(3, 1 << 20);
  std::size_t evicted = 0;
  for (int i = 0; i < 10; ++i) evicted += ring.push(span(1, i));
  EXPECT_EQ(evicted, 7U);
  EXPECT_EQ(ring.span_count(), 3U);
  EXPECT_EQ(ring.trace(trace(1)).front()->start_ns, 7);  // the oldest left
}

TEST(SpanRing, IsBoundedInBytes) {
  const std::size_t one = span(1, 0, 1000)->memory_bytes();
  SpanRing ring(1000, 4 * one);
  for (int i = 0; i < 100; ++i) {
    ring.push(span(1, i, 1000));
    EXPECT_LE(ring.byte_count(), 4 * one);
  }
  EXPECT_EQ(ring.span_count(), 4U);
  SpanRing small(1000, 2 * one);
  small.push(span(1, 0));
  EXPECT_EQ(small.push(span(1, 100, 3 * one)), 1U);  // larger than all there is
  EXPECT_EQ(small.span_count(), 1U);
}

TEST(SpanRing, ListsRootsNewestFirst) {
  SpanRing ring(10, 1 << 20);
  ring.push(span(1, 1));
  SpanRecord* child = SpanPool::take();
  child->parent.bytes.fill(1);
  ring.push(FinishedSpan::first(child));
  SpanRecord* server = SpanPool::take();
  server->parent.bytes.fill(1);
  server->parent_is_remote = true;
  server->start_ns = 3;
  ring.push(FinishedSpan::first(server));
  const auto roots = ring.recent_roots(5);
  ASSERT_EQ(roots.size(), 2U);
  EXPECT_EQ(roots[0]->start_ns, 3);
  EXPECT_EQ(roots[1]->start_ns, 1);
  EXPECT_EQ(ring.recent_roots(1).size(), 1U);
}

TEST(SpanRing, CountsEverySpanItWasGiven) {
  SpanRing ring(3, 1 << 20);
  for (int i = 0; i < 10; ++i) ring.push(span(1, i));
  EXPECT_EQ(ring.pushed(), 10U);
  SpanRing none(0, 1 << 20);
  EXPECT_EQ(none.push(span(1, 1)), 1U);
  EXPECT_EQ(none.pushed(), 1U);
}

TEST(SpanRing, ASpanThatIsReadOutlivesItsEviction) {
  SpanRing ring(1, 1 << 20);
  ring.push(span(1, 7));
  const auto found = ring.trace(trace(1));
  ring.push(span(2, 8));
  ring.push(span(3, 9));
  EXPECT_EQ(found.at(0)->start_ns, 7);
  EXPECT_EQ(found.at(0)->name(), std::string(100, 'n'));
}

TEST(SpanRing, ManyWritersAndReaders) {
  SpanRing ring(50, 1 << 20);
  {
    std::vector<std::jthread> threads;
    for (std::uint8_t t = 1; t <= 4; ++t) {
      threads.emplace_back([&ring, t] {
        for (int i = 0; i < 2000; ++i) {
          ring.push(span(t, i));
          (void)ring.trace(trace(t));
        }
      });
    }
  }
  EXPECT_EQ(ring.span_count(), 50U);
}

}  // namespace
}  // namespace testgen::telemetry
