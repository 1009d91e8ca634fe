#include "telemetry/tracing/propagation.h"

#include <gtest/gtest.h>

namespace testgen::telemetry {
namespace {

constexpr std::string_view kParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const TraceHeaders kAll{kParent, "vendor=1", "tenant=blue, bad member ,user=J%C3%B6rg;p=1"};

using Headers = std::vector<std::pair<std::string, std::string>>;

TEST(Propagation, NamesAreThoseOfOpenTelemetry) {
  EXPECT_EQ(propagators_from("tracecontext,baggage"), (Propagators{true, true}));
  EXPECT_EQ(propagators_from(" baggage , tracecontext"), (Propagators{true, true}));
  EXPECT_EQ(propagators_from("tracecontext"), (Propagators{true, false}));
  EXPECT_EQ(propagators_from("baggage"), (Propagators{false, true}));
  EXPECT_EQ(propagators_from("none"), (Propagators{false, false}));
  for (const char* unknown :
       {"", "b3", "tracecontext,b3", "none,baggage", "tracecontext,,baggage"}) {
    EXPECT_EQ(propagators_from(unknown), std::nullopt) << unknown;
  }
}

TEST(Propagation, WhatComesInGoesOut) {
  const SpanContext context = extract({}, kAll);
  EXPECT_TRUE(context.valid());
  EXPECT_EQ(context.tracestate(), "vendor=1");
  EXPECT_EQ(context.baggage(), "tenant=blue,user=J%C3%B6rg;p=1") << "what is malformed is left out";
  EXPECT_EQ(inject({}, context), (Headers{{"traceparent", std::string(kParent)},
                                          {"tracestate", "vendor=1"},
                                          {"baggage", "tenant=blue,user=J%C3%B6rg;p=1"}}));
}

TEST(Propagation, EachPropagatorIsOnlyFollowedWhenItIsOn) {
  const SpanContext ids = extract({.baggage = false}, kAll);
  EXPECT_TRUE(ids.valid());
  EXPECT_EQ(ids.baggage(), "");
  const SpanContext baggage = extract({.trace_context = false}, kAll);
  EXPECT_FALSE(baggage.valid());
  EXPECT_EQ(baggage.tracestate(), "") << "a tracestate belongs to its traceparent";
  EXPECT_EQ(baggage.baggage(), "tenant=blue,user=J%C3%B6rg;p=1");
  EXPECT_EQ(extract({false, false}, kAll).carried, nullptr);

  const SpanContext context = extract({}, kAll);
  EXPECT_EQ(inject({.baggage = false}, context).size(), 2U);
  EXPECT_EQ(inject({.trace_context = false}, context),
            (Headers{{"baggage", "tenant=blue,user=J%C3%B6rg;p=1"}}));
  EXPECT_EQ(inject({}, SpanContext{}), Headers{});
}

TEST(Propagation, NothingIsAllocatedForACallerWhoHandsOnNothing) {
  EXPECT_EQ(extract({}, {kParent, "", ""}).carried, nullptr);
  EXPECT_EQ(extract({}, {kParent, "", "no baggage at all"}).carried, nullptr);
}

TEST(Propagation, OneTextHoldsTheWholeContext) {
  for (const TraceHeaders& headers :
       {kAll, TraceHeaders{kParent, "", ""}, TraceHeaders{kParent, "vendor=1", ""},
        TraceHeaders{kParent, "", "tenant=blue"}, TraceHeaders{"", "", "tenant=blue"}}) {
    const SpanContext context = extract({}, headers);
    const SpanContext again = unpack_context(pack_context(context));
    EXPECT_EQ(again.trace_id, context.trace_id);
    EXPECT_EQ(again.span_id, context.span_id);
    EXPECT_EQ(again.flags, context.flags);
    EXPECT_EQ(again.tracestate(), context.tracestate());
    EXPECT_EQ(again.baggage(), context.baggage());
  }
  EXPECT_EQ(pack_context(extract({}, {kParent, "", ""})), kParent)
      << "as it was before there was more";
  EXPECT_FALSE(unpack_context("").valid());
  EXPECT_FALSE(unpack_context("\n\n\n").valid());
}

}  // namespace
}  // namespace testgen::telemetry
