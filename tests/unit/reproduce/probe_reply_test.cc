// Replies of a process that hostile code runs in.
#include "reproduce/probe_reply.h"

#include <gtest/gtest.h>

namespace testgen::reproduce {
namespace {

TEST(ProbeReply, TellsWhereTheMarkerWas) {
  const ProbeReply reply = read_probe_reply(
      R"({"attempt": 1, "calls": 2, "raised": "", "ends": false, "found": {"call": 1, "way": [["args", 0], ["item", 2]], "type": "str", "text": "x m"}})"
      "\n"
      R"({"attempt": 0, "calls": 1, "raised": "ValueError: no", "found": null})"
      "\n",
      3);
  ASSERT_EQ(reply.tried.size(), 3U);
  EXPECT_EQ(reply.tried[0].raised, "ValueError: no");
  EXPECT_FALSE(reply.tried[0].found);
  ASSERT_TRUE(reply.tried[1].found);
  EXPECT_EQ(reply.tried[1].found->way, ".args[0][2]");
  EXPECT_EQ(reply.tried[1].found->call, 1U);
  EXPECT_TRUE(reply.tried[1].found->is_text);
  EXPECT_FALSE(reply.tried[2].ran);
}

TEST(ProbeReply, BytesAreNoText) {
  const ProbeReply reply = read_probe_reply(
      R"({"attempt": 0, "calls": 1, "found": {"call": 0, "way": [["args", 0]], "type": "bytes", "text": "m"}})",
      1);
  ASSERT_TRUE(reply.tried[0].found);
  EXPECT_TRUE(reply.tried[0].found->is_bytes);
  EXPECT_FALSE(reply.tried[0].found->is_text);
}

TEST(ProbeReply, NamesArePythonLiterals) {
  const ProbeReply reply = read_probe_reply(
      R"({"attempt": 0, "calls": 1, "found": {"call": 0, "way": [["kwargs", "x\"] or y[\""], ["key", "a\n"]], "type": "other", "text": ""}})",
      1);
  ASSERT_TRUE(reply.tried[0].found);
  EXPECT_EQ(reply.tried[0].found->way, R"(.kwargs['x"] or y["']["a\n"])");
}

TEST(ProbeReply, WhatHasAnotherShapeIsNothing) {
  for (const std::string found :
       {R"({"call": -1, "way": [["args", 0]]})", R"({"call": 0, "way": []})",
        R"({"call": 0, "way": [["item", 0]]})", R"({"call": 0, "way": [["args", 0], ["args", 1]]})",
        R"({"call": 0, "way": [["args", "0] or x["]]})", R"({"call": 0, "way": "x"})",
        R"({"call": 7, "way": [["args", 0]]})", R"([1, 2])", R"("text")"}) {
    const ProbeReply reply =
        read_probe_reply(R"({"attempt": 0, "calls": 1, "found": )" + found + "}\n", 1);
    EXPECT_TRUE(reply.tried[0].ran) << found;
    EXPECT_FALSE(reply.tried[0].found) << found;
  }
}

TEST(ProbeReply, StrayLinesAndNumbersAreIgnored) {
  const ProbeReply reply = read_probe_reply(
      "hello\n[]\n{\"attempt\": 9}\n{\"attempt\": -1}\n{\"attempt\": \"0\"}\n"
      "{\"attempt\": 0, \"calls\": 1}\n{\"attempt\": 0, \"calls\": 5}\n\xff\xfe\n",
      1);
  EXPECT_TRUE(reply.tried[0].ran);
  EXPECT_EQ(reply.tried[0].calls, 1U) << "the first word counts";
  EXPECT_TRUE(reply.problem.empty());
}

TEST(ProbeReply, AModuleThatCannotBeImportedSaysSo) {
  EXPECT_EQ(read_probe_reply("{\"problem\": \"ModuleNotFoundError: No module named 'flask'\"}\n", 2)
                .problem,
            "ModuleNotFoundError: No module named 'flask'");
}

}  // namespace
}  // namespace testgen::reproduce
