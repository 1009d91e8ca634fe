// What is written of an attempt that showed something.
#include "reproduce/test_file.h"

#include <gtest/gtest.h>

namespace testgen::reproduce {
namespace {

const Suspect kSuspect{"python/command-injection", 78, {}, std::nullopt, ""};

Attempt attempt() {
  Attempt out;
  out.carrier = "host";
  out.marker = "m'";
  out.marker_source = "\"m'\"";
  out.marker_bytes = "b\"m'\"";
  out.arrange = {"sink = mock.MagicMock()"};
  out.contexts = {"mock.patch.object(net.os, \"system\", sink)"};
  out.call = "net.ping(\"m'\")";
  out.recorder = "sink";
  return out;
}

Tried tried(std::string text) {
  Tried out;
  out.ran = true;
  out.calls = 1;
  out.found = Found{0, ".args[0]", true, false, std::move(text)};
  return out;
}

std::string assertion_of(const Attempt& attempt, const Tried& tried) {
  std::set<std::string> names;
  const std::string text = write_test(kSuspect, "ping", "os.system", attempt, tried, names).text;
  return text.substr(text.find("    assert"));
}

TEST(TestFile, ATestIsShortAndSaysWhatItShows) {
  std::set<std::string> names;
  const auto test =
      write_test(kSuspect, "Net.ping", "os.system", attempt(), tried("ping m'"), names);
  EXPECT_EQ(test.text,
            "def test_net_ping_hands_host_to_os_system():\n"
            "    \"\"\"python/command-injection (CWE-78): host reaches os.system as it is.\"\"\"\n"
            "    sink = mock.MagicMock()\n"
            "    with mock.patch.object(net.os, \"system\", sink):\n"
            "        net.ping(\"m'\")\n"
            "    assert sink.call_args.args[0] == \"ping m'\"\n");
  EXPECT_EQ(test.name, "test_net_ping_hands_host_to_os_system");
  EXPECT_EQ(write_test(kSuspect, "Net.ping", "os.system", attempt(), tried("m'"), names).name,
            "test_net_ping_hands_host_to_os_system_2");
}

TEST(TestFile, WhatIsLongOrChangesIsSearchedForTheMarker) {
  EXPECT_EQ(assertion_of(attempt(), tried(std::string(300, 'x') + "m'")),
            "    assert \"m'\" in sink.call_args.args[0]\n");
  EXPECT_EQ(assertion_of(attempt(), tried("<MagicMock id='1'> m'")),
            "    assert \"m'\" in sink.call_args.args[0]\n");
  Tried other = tried("select m'");
  other.found->is_text = false;
  EXPECT_EQ(assertion_of(attempt(), other), "    assert \"m'\" in str(sink.call_args.args[0])\n");
}

TEST(TestFile, BytesAreSearchedForTheMarkerAsBytes) {
  Tried bytes = tried("m'");
  bytes.found->is_text = false;
  bytes.found->is_bytes = true;
  EXPECT_EQ(assertion_of(attempt(), bytes), "    assert b\"m'\" in sink.call_args.args[0]\n");
}

TEST(TestFile, ATextWithoutTheMarkerIsNotTakenFromTheProbe) {
  EXPECT_EQ(assertion_of(attempt(), tried("made up")),
            "    assert \"m'\" in sink.call_args.args[0]\n");
}

TEST(TestFile, AnEarlierCallIsNamedByItsNumber) {
  Tried several = tried("m'");
  several.calls = 3;
  several.found->call = 1;
  EXPECT_EQ(assertion_of(attempt(), several),
            "    assert sink.call_args_list[1].args[0] == \"m'\"\n");
}

TEST(TestFile, ARuleCannotLeaveTheDocstring) {
  std::set<std::string> names;
  Suspect suspect = kSuspect;
  suspect.rule = "x\"\"\"\nimport os\\";
  const auto test = write_test(suspect, "f", "g", attempt(), tried("m'"), names);
  EXPECT_NE(test.text.find("    \"\"\"x''' import os' (CWE-78)"), std::string::npos) << test.text;
}

TEST(TestFile, TheFileImportsWhatItsTestsName) {
  model::ImportPlan plan;
  plan.module_name = "shop.net";
  plan.alias = "net";
  plan.source_path = "/p/shop/net.py";
  EXPECT_EQ(file_name(plan), "test_security_shop_net.py");
  std::set<std::string> names;
  Tried raised = tried("m'");
  raised.raised = "TypeError: x";
  const auto suite = render(plan, "/p/generated-tests",
                            {write_test(kSuspect, "ping", "os.system", attempt(), raised, names)});
  EXPECT_EQ(suite.text.find("\"\"\"Security findings of shop.net, "), 0U);
  EXPECT_EQ(file_kind(plan), "security:shop.net");
  EXPECT_NE(suite.text.find("\nimport contextlib\n"), std::string::npos);
  EXPECT_EQ(suite.text.find("import asyncio"), std::string::npos);
  EXPECT_NE(suite.text.find("from unittest import mock\n"), std::string::npos);
  EXPECT_NE(suite.text.find("from shop import net\n"), std::string::npos);
  ASSERT_EQ(suite.items.size(), 1U);
  EXPECT_EQ(suite.items[0].id, "test_ping_hands_host_to_os_system");
}

}  // namespace
}  // namespace testgen::reproduce
