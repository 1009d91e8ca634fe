// Texts in which a search can look for a way to a dangerous call.
#include "reproduce/aim.h"

#include <gtest/gtest.h>

#include "analysis/analysis.h"
#include "python_text.h"

namespace testgen::reproduce {
namespace {

const Marker kMarker{"m'", "\"m'\"", "b\"m'\"", false};

AimedText aimed(const std::string& code, const std::vector<std::string_view>& calls) {
  const PythonText text(code);
  std::vector<Sink> sinks;
  for (const std::string_view call : calls) {
    auto sink = find_sink(text.tree, text.module, "net", text.span(call));
    if (!sink) {
      ADD_FAILURE() << sink.error().message;
      return {};
    }
    sinks.push_back(*std::move(sink));
  }
  std::vector<AimedSink> given;
  for (const Sink& sink : sinks) given.push_back({&sink, &kMarker});
  AimedText out = aim(text.tree, given);
  const PythonText again(out.text);
  EXPECT_TRUE(again.tree.check_syntax()) << out.text;
  return out;
}

// What became of the code itself.
std::string body(const std::string& code, const std::vector<std::string_view>& calls) {
  const std::string text = aimed(code, calls).text;
  return text.substr(0, text.find("\n\nfrom unittest import mock"));
}

TEST(Aim, WhatTheCallIsGivenGoesThroughAProbe) {
  EXPECT_EQ(body("import os\ndef f(h):\n    os.system('a' + h)\n", {"os.system('a' + h)"}),
            "import os\ndef f(h):\n    _testgen_any()(_testgen_probe_0('a' + h))\n");
  EXPECT_EQ(body("def f(c, q):\n    db.run(sql=q, n=1)\n", {"db.run(sql=q, n=1)"}),
            "def f(c, q):\n    _testgen_any()(sql=_testgen_probe_0(q), n=_testgen_probe_0(1))\n");
  EXPECT_EQ(body("import os\ndef f(*w):\n    os.execv(*w)\n", {"os.execv(*w)"}),
            "import os\ndef f(*w):\n    _testgen_any()(*_testgen_probe_0(w))\n");
}

TEST(Aim, AProbeAsksForTheMarker) {
  const AimedText text = aimed("def f(x):\n    eval(x)\n", {"eval(x)"});
  EXPECT_EQ(text.probes, (std::vector<std::string>{"_testgen_probe_0"}));
  EXPECT_NE(text.text.find("def _testgen_probe_0(value):\n"
                           "    if \"m'\" in _testgen_text(value):\n"),
            std::string::npos)
      << text.text;
}

TEST(Aim, WhatTheCallGoesThroughIsAStandIn) {
  EXPECT_EQ(
      body("def f(q):\n    cur = connect(URL).cursor()\n    cur.execute(q)\n", {"cur.execute(q)"}),
      "def f(q):\n    cur = _testgen_any()\n    _testgen_any()(_testgen_probe_0(q))\n");
  EXPECT_EQ(body("def f(c, q):\n    \"\"\"Docs.\"\"\"\n    c.execute(q)\n", {"c.execute(q)"}),
            "def f(c, q):\n    \"\"\"Docs.\"\"\"\n    c = _testgen_any()\n"
            "    _testgen_any()(_testgen_probe_0(q))\n");
  EXPECT_EQ(body("def f(c, q): c.execute(q)\n", {"c.execute(q)"}),
            "def f(c, q): c = _testgen_any(); _testgen_any()(_testgen_probe_0(q))\n");
  EXPECT_EQ(body("class S:\n    def __init__(self, u):\n        self.db = connect(u)\n"
                 "    def f(self, q):\n        self.db.execute(q)\n",
                 {"self.db.execute(q)"}),
            "class S:\n    def __init__(self, u):\n        self.db = _testgen_any()\n"
            "    def f(self, q):\n        _testgen_any()(_testgen_probe_0(q))\n");
}

TEST(Aim, TwoCallsThroughOneCursorShareTheStandIn) {
  const AimedText text =
      aimed("def f(c, a, b):\n    cur = c.cursor()\n    cur.execute(a)\n    cur.execute(b)\n",
            {"cur.execute(a)", "cur.execute(b)"});
  EXPECT_EQ(text.probes, (std::vector<std::string>{"_testgen_probe_0", "_testgen_probe_1"}));
}

TEST(Aim, ACallInsideOfAnotherIsHandedOverWithIt) {
  EXPECT_EQ(
      body("import os\ndef f(x):\n    os.system(eval(x))\n", {"os.system(eval(x))", "eval(x)"}),
      "import os\ndef f(x):\n    "
      "_testgen_any()(_testgen_probe_0(_testgen_any()(_testgen_probe_1(x))))\n");
}

TEST(Aim, WhatCannotBeHandedOverHasNoProbe) {
  EXPECT_EQ(aimed("import os\ndef f(k):\n    os.system(**k)\n", {"os.system(**k)"}).probes,
            (std::vector<std::string>{""}));
}

}  // namespace
}  // namespace testgen::reproduce
