#include "telemetry/tracing/tracer.h"

#include <algorithm>
#include <deque>

#include "fixture.h"
#include "telemetry/tracing/span_exporter.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;

struct CollectingExporter final : public SpanExporter {
  void export_span(FinishedSpan span) override { spans.push_back(std::move(span)); }
  void shutdown(base::SteadyTime) override {}
  std::vector<FinishedSpan> spans;
};

class TracerTest : public MetricsFixture {
 protected:
  Tracer tracer(TracingOptions options = {}) { return {options, metrics_, clock_, &exporter_}; }
  CollectingExporter exporter_;
};

TEST_F(TracerTest, ASpanRecordsWhatItWasTold) {
  Tracer tracer = this->tracer();
  {
    Span span = tracer.start("generate_tests");
    span.set("file.path", "src/calc.py");
    span.set("tests.count", 3);
    span.set("tests.count", 4U);
    span.set("ratio", 0.5);
    span.set("kept", true);
    clock_.advance(10ms);
    span.add_event("checkpoint", {{"n", 1}});
    clock_.advance(5ms);
    EXPECT_EQ(tracer.live(), 1);
  }
  ASSERT_EQ(exporter_.spans.size(), 1U);
  const SpanRecord& record = *exporter_.spans[0];
  EXPECT_EQ(record.name(), "generate_tests");
  EXPECT_EQ(record.kind, SpanKind::Internal);
  EXPECT_EQ(record.status(), SpanStatus::Unset);
  EXPECT_FALSE(record.parent.valid());
  EXPECT_EQ(record.start_ns, 1'700'000'000'000'000'000);
  EXPECT_EQ(record.end_ns - record.start_ns, 15'000'000);
  ASSERT_EQ(record.attributes().size(), 4U);
  EXPECT_EQ(std::get<std::string_view>(record.attributes()[0].value()), "src/calc.py");
  EXPECT_EQ(std::get<std::int64_t>(record.attributes()[1].value()), 4);
  EXPECT_EQ(std::get<double>(record.attributes()[2].value()), 0.5);
  EXPECT_EQ(std::get<bool>(record.attributes()[3].value()), true);
  ASSERT_EQ(record.events().size(), 1U);
  EXPECT_EQ(record.events()[0].time_ns - record.start_ns, 10'000'000);
  EXPECT_EQ(tracer.live(), 0);
  EXPECT_EQ(metrics_.otel_span_started_total.value(), 1U);
}

TEST_F(TracerTest, ChildrenShareTheTraceAndNameTheirParent) {
  Tracer tracer = this->tracer();
  const Span root = tracer.start("root");
  const Span child = tracer.start("child", SpanKind::Client, root.context());
  EXPECT_EQ(child.context().trace_id, root.context().trace_id);
  EXPECT_NE(child.context().span_id, root.context().span_id);
  const Span other = tracer.start("other");
  EXPECT_NE(other.context().trace_id, root.context().trace_id);
}

TEST_F(TracerTest, NewTracesSayThatTheirIdIsRandom) {
  Tracer tracer = this->tracer();
  EXPECT_EQ(tracer.start("root").context().flags, kFlagSampled | kFlagRandom);
}

TEST_F(TracerTest, TheCallersDecisionIsFollowed) {
  Tracer tracer = this->tracer();
  SpanContext caller = tracer.start("x").context();
  exporter_.spans.clear();
  caller.carried = std::make_shared<const Carried>(Carried{"vendor=1", "tenant=blue"});
  caller.flags = 0;
  {
    const Span span = tracer.start("unsampled", SpanKind::Server, caller);
    EXPECT_EQ(span.context().flags, 0);
    EXPECT_EQ(span.context().tracestate(), "vendor=1");
    EXPECT_EQ(span.context().baggage(), "tenant=blue");
  }
  EXPECT_TRUE(exporter_.spans.empty());
  // Kept in memory all the same: a trace can be read back though nobody exports it.
  const auto kept = tracer.ring().trace(caller.trace_id);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_TRUE(kept[1]->parent_is_remote);
  caller.flags = kFlagSampled;
  (void)tracer.start("sampled", SpanKind::Server, caller);
  EXPECT_EQ(exporter_.spans.size(), 1U);
}

TEST_F(TracerTest, TheRatioDecidesForNewTraces) {
  TracingOptions options;
  options.sampler.ratio = 0.25;
  Tracer tracer = this->tracer(options);
  for (int i = 0; i < 4000; ++i) (void)tracer.start("root");
  EXPECT_NEAR(static_cast<double>(exporter_.spans.size()), 1000, 150);
  options.sampler.ratio = 0;
  Tracer never = this->tracer(options);
  exporter_.spans.clear();
  for (int i = 0; i < 100; ++i) (void)never.start("root");
  EXPECT_TRUE(exporter_.spans.empty());
}

// Everything is exported of a trace that failed or was slow, whatever the ratio.
class KeptTraceTest : public TracerTest {
 protected:
  KeptTraceTest() { options_.sampler.ratio = 0; }
  std::vector<std::string> exported() {
    std::vector<std::string> names;
    for (const auto& span : exporter_.spans) names.emplace_back(span->name());
    std::sort(names.begin(), names.end());
    return names;
  }
  TracingOptions options_;
};

TEST_F(KeptTraceTest, AnErrorAnywhereKeepsTheWholeTrace) {
  Tracer tracer = this->tracer(options_);
  {
    const Span root = tracer.start("root", SpanKind::Server);
    { const Span good = tracer.start("good", SpanKind::Internal, root.context()); }
    Span bad = tracer.start("bad", SpanKind::Internal, root.context());
    bad.fail("no");
    bad.end();
    EXPECT_TRUE(exporter_.spans.empty());  // the decision falls when the root ends
  }
  { const Span other = tracer.start("other"); }
  EXPECT_EQ(exported(), (std::vector<std::string>{"bad", "good", "root"}));
}

TEST_F(KeptTraceTest, ASlowRequestIsKeptAndAQuickOneIsNot) {
  Tracer tracer = this->tracer(options_);
  {
    const Span quick = tracer.start("quick", SpanKind::Server);
    clock_.advance(1999ms);
  }
  EXPECT_TRUE(exporter_.spans.empty());
  {
    const Span slow = tracer.start("slow", SpanKind::Server);
    const Span child = tracer.start("child", SpanKind::Internal, slow.context());
    clock_.advance(2s);
  }
  EXPECT_EQ(exported(), (std::vector<std::string>{"child", "slow"}));
}

TEST_F(KeptTraceTest, AJobThatFailsLaterKeepsItsRequestToo) {
  Tracer tracer = this->tracer(options_);
  SpanContext accepted;
  {
    const Span request = tracer.start("request", SpanKind::Server);
    accepted = request.context();
  }
  {
    Span job = tracer.start("job", SpanKind::Consumer, accepted);
    clock_.advance(3s);  // slow for a request, not for a job
    { const Span step = tracer.start("step", SpanKind::Internal, job.context()); }
    EXPECT_TRUE(exporter_.spans.empty());
    job.fail("broken");
  }
  EXPECT_EQ(exported(), (std::vector<std::string>{"job", "request", "step"}));
}

TEST_F(KeptTraceTest, NothingIsExportedTwice) {
  Tracer tracer = this->tracer(options_);
  SpanContext trace;
  for (int i = 0; i < 3; ++i) {
    Span job = tracer.start("job", SpanKind::Consumer, trace);
    if (!trace.valid()) trace = job.context();
    job.fail("again");
  }
  EXPECT_EQ(exporter_.spans.size(), 3U);
}

TEST_F(TracerTest, SwitchedOffItPassesTheCallersContextOn) {
  TracingOptions options;
  options.enabled = false;
  Tracer tracer = this->tracer(options);
  SpanContext caller;
  caller.trace_id.bytes.fill(1);
  caller.span_id.bytes.fill(2);
  Span span = tracer.start("x", SpanKind::Server, caller);
  span.set("a", 1);
  span.fail("no");
  span.record_exception("T", "m");
  EXPECT_FALSE(span.recording());
  EXPECT_EQ(span.context().span_id, caller.span_id);
  span.end();
  EXPECT_EQ(tracer.ring().span_count(), 0U);
}

TEST_F(TracerTest, ExceptionsFollowTheConvention) {
  Tracer tracer = this->tracer();
  {
    Span span = tracer.start("x");
    span.record_exception("std::bad_alloc", "out of memory");
  }
  const SpanRecord& record = *exporter_.spans.at(0);
  EXPECT_EQ(record.status(), SpanStatus::Error);
  EXPECT_EQ(record.status_message(), "out of memory");
  ASSERT_EQ(record.events().size(), 1U);
  EXPECT_EQ(record.events()[0].name, "exception");
  EXPECT_EQ(record.events()[0].attributes[0].key(), "exception.type");
  EXPECT_EQ(std::get<std::string_view>(record.events()[0].attributes[1].value()), "out of memory");
}

TEST_F(TracerTest, ASpanIsBounded) {
  Tracer tracer = this->tracer();
  {
    std::deque<std::string> keys;
    Span span = tracer.start("x");
    for (int i = 0; i < 200; ++i) {
      span.set(StaticText::forever(keys.emplace_back("key" + std::to_string(i))), i);
    }
    for (int i = 0; i < 200; ++i) span.add_event("event");
    span.set("key0", std::string(4094, 'x') + "\xc3\xa9" + "tail");
  }
  const SpanRecord& record = *exporter_.spans.at(0);
  EXPECT_EQ(record.attributes().size(), 128U);
  EXPECT_EQ(record.dropped_attributes, 72U);
  EXPECT_EQ(record.events().size(), 128U);
  EXPECT_EQ(record.dropped_events, 72U);
  EXPECT_EQ(std::get<std::string_view>(record.attributes()[0].value()), std::string(4094, 'x'));
}

TEST_F(TracerTest, TheLimitsAreTheOperators) {
  TracingOptions options;
  options.limits = {.attributes = 2, .events = 1, .event_attributes = 1, .text_bytes = 5};
  Tracer tracer = this->tracer(options);
  {
    Span span = tracer.start("a name is not cut");
    span.set("a", "12345678");
    span.set("b", "1234\xc3\xa9");
    span.set("c", 1);
    span.set("a", "replaced");
    span.add_event("one", {{"x", "1234567"}, {"y", 2}});
    span.add_event("two");
  }
  const SpanRecord& record = *exporter_.spans.at(0);
  EXPECT_EQ(record.name(), "a name is not cut");
  ASSERT_EQ(record.attributes().size(), 2U);
  EXPECT_EQ(std::get<std::string_view>(record.attributes()[0].value()), "repla");
  EXPECT_EQ(std::get<std::string_view>(record.attributes()[1].value()), "1234");
  EXPECT_EQ(record.dropped_attributes, 1U);
  ASSERT_EQ(record.events().size(), 1U);
  ASSERT_EQ(record.events()[0].attributes.size(), 1U);
  EXPECT_EQ(std::get<std::string_view>(record.events()[0].attributes[0].value()), "12345");
  EXPECT_EQ(record.dropped_events, 1U);
}

TEST_F(TracerTest, LongTextsFitWhereTheLimitAllows) {
  TracingOptions options;
  options.limits.text_bytes = 65'535;
  Tracer tracer = this->tracer(options);
  { tracer.start("x").set("a", std::string(70'000, 'x')); }
  EXPECT_EQ(std::get<std::string_view>(exporter_.spans.at(0)->attributes()[0].value()).size(),
            65'535U);
}

TEST_F(TracerTest, FollowsACallerOnlyWhenToldTo) {
  const TraceHeaders headers{"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "v=1",
                             "tenant=blue"};
  TracingOptions options;
  Tracer tracer = this->tracer(options);
  EXPECT_TRUE(tracer.extract(headers).valid());
  EXPECT_EQ(tracer.inject(tracer.extract(headers)).size(), 3U);
  options.propagators = {.trace_context = false, .baggage = false};
  Tracer deaf = this->tracer(options);
  EXPECT_FALSE(deaf.extract(headers).valid());
  EXPECT_TRUE(deaf.inject(tracer.extract(headers)).empty());
  // Baggage alone travels in a trace of our own.
  const Span span = tracer.start("x", SpanKind::Server, tracer.extract({"", "", "tenant=blue"}));
  EXPECT_EQ(span.context().baggage(), "tenant=blue");
}

TEST_F(TracerTest, ASpanCanBeginInThePast) {
  Tracer tracer = this->tracer();
  const base::WallTime accepted = clock_.wall_now();
  clock_.advance(2s);
  { const Span wait = tracer.start("queue", SpanKind::Consumer, {}, accepted); }
  const SpanRecord& record = *exporter_.spans.at(0);
  EXPECT_EQ(record.end_ns - record.start_ns, 2'000'000'000);
  // Not in the future, whatever the clocks say.
  { const Span future = tracer.start("queue", SpanKind::Consumer, {}, clock_.wall_now() + 1h); }
  EXPECT_EQ(exporter_.spans.at(1)->end_ns, exporter_.spans.at(1)->start_ns);
}

TEST_F(TracerTest, MovingEndsOnce) {
  Tracer tracer = this->tracer();
  Span first = tracer.start("first");
  Span second = std::move(first);
  first.end();
  EXPECT_TRUE(exporter_.spans.empty());
  second = tracer.start("third");  // ends the one it held
  ASSERT_EQ(exporter_.spans.size(), 1U);
  EXPECT_EQ(exporter_.spans[0]->name(), "first");
  second.end();
  second.end();
  EXPECT_EQ(exporter_.spans.size(), 2U);
}

}  // namespace
}  // namespace testgen::telemetry
