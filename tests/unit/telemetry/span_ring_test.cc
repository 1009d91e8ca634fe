#include "telemetry/tracing/span_ring.h"

#include <gtest/gtest.h>

#include <thread>

namespace testgen::telemetry {
namespace {

FinishedSpan span(std::uint8_t trace, std::int64_t start, std::size_t name_bytes = 100) {
  auto record = std::make_shared<SpanRecord>();
  record->context.trace_id.bytes.fill(trace);
  record->name = std::string(name_bytes, 'n');
  record->start_ns = start;
  return record;
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
  EXPECT_EQ(ring.push(span(1, 100, 8 * one)), 1U);  // larger than all there is
  EXPECT_EQ(ring.span_count(), 4U);
}

TEST(SpanRing, ListsRootsNewestFirst) {
  SpanRing ring(10, 1 << 20);
  ring.push(span(1, 1));
  auto child = std::make_shared<SpanRecord>();
  child->parent.bytes.fill(1);
  ring.push(child);
  auto server = std::make_shared<SpanRecord>();
  server->parent.bytes.fill(1);
  server->parent_is_remote = true;
  server->start_ns = 3;
  ring.push(server);
  const auto roots = ring.recent_roots(5);
  ASSERT_EQ(roots.size(), 2U);
  EXPECT_EQ(roots[0]->start_ns, 3);
  EXPECT_EQ(roots[1]->start_ns, 1);
  EXPECT_EQ(ring.recent_roots(1).size(), 1U);
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
