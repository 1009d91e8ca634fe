// The interpreter, seen through a rule of the built-in set: what reaches os.system.
#include "scan_fixture.h"

namespace testgen::scan {
namespace {

bool reaches(const std::string& body) {
  std::string text =
      "import os\nfrom flask import request\ndef f(other):\n    x = request.args['x']\n";
  std::size_t begin = 0;
  while (begin < body.size()) {
    const std::size_t end = std::min(body.find('\n', begin), body.size());
    text += "    " + body.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return finds("python/command-injection", "f.py", text);
}

TEST(Taint, FollowsAssignmentsAndTexts) {
  EXPECT_TRUE(reaches("y = x\nos.system('a ' + y)"));
  EXPECT_TRUE(reaches("os.system(f'a {x.strip()} b')"));
  EXPECT_TRUE(reaches("y = 'a %s' % x\nos.system(y)"));
  EXPECT_TRUE(reaches("y = ''\nfor c in x:\n    y += c\nos.system(y)"));
  EXPECT_FALSE(reaches("y = x\ny = 'safe'\nos.system(y)"));
}

TEST(Taint, KnowsConditionsThatAreConstant) {
  EXPECT_FALSE(reaches("n = 106\ny = 'safe' if 7 * 42 - n > 0 else x\nos.system(y)"));
  EXPECT_TRUE(reaches("n = 106\ny = 'safe' if 7 * 2 - n > 0 else x\nos.system(y)"));
  EXPECT_FALSE(reaches("y = 'a'\nif 'b' in 'abc':\n    y = 'c'\nelse:\n    y = x\nos.system(y)"));
  EXPECT_FALSE(
      reaches("match 'ABC'[1]:\n    case 'A':\n        y = x\n    case 'B':\n        y = 'b'\n    "
              "case _:\n        y = x\nos.system(y)"));
  EXPECT_TRUE(
      reaches("match 'ABC'[0]:\n    case 'A':\n        y = x\n    case 'B':\n        y = 'b'\n    "
              "case _:\n        y = 'c'\nos.system(y)"));
  EXPECT_TRUE(reaches("if other:\n    y = 'c'\nelse:\n    y = x\nos.system(y)"));
}

TEST(Taint, TellsApartWhatIsInContainers) {
  EXPECT_FALSE(reaches("d = {'a': x, 'b': 'safe'}\nos.system(d['b'])"));
  EXPECT_TRUE(reaches("d = {'a': x, 'b': 'safe'}\nos.system(d['a'])"));
  EXPECT_FALSE(reaches(
      "l = []\nl.append('safe')\nl.append(x)\nl.append('more')\nl.pop(0)\nos.system(l[1])"));
  EXPECT_TRUE(reaches(
      "l = []\nl.append('safe')\nl.append(x)\nl.append('more')\nl.pop(0)\nos.system(l[0])"));
  EXPECT_TRUE(reaches("l = ['a', x]\nfor i in l:\n    os.system(i)"));
  EXPECT_FALSE(
      reaches("import configparser\nc = configparser.ConfigParser()\nc.set('s', 'a', "
              "'safe')\nc.set('s', 'b', x)\nos.system(c.get('s', 'a'))"));
  EXPECT_TRUE(
      reaches("import configparser\nc = configparser.ConfigParser()\nc.set('s', 'a', "
              "'safe')\nc.set('s', 'b', x)\nos.system(c.get('s', 'b'))"));
}

TEST(Taint, UnderstandsTestsThatLeaveEarly) {
  EXPECT_FALSE(reaches("if x not in ('a', 'b'):\n    return\nos.system(x)"));
  EXPECT_FALSE(reaches("if not x.isalnum():\n    raise ValueError\nos.system(x)"));
  EXPECT_FALSE(reaches("import re\nif not re.fullmatch('[a-z]+', x):\n    return\nos.system(x)"));
  EXPECT_TRUE(reaches("import re\nif not re.match('[a-z]+', x):\n    return\nos.system(x)"));
  EXPECT_TRUE(reaches("if x.isalnum():\n    print(1)\nos.system(x)"));
  EXPECT_FALSE(reaches("if x == 'a':\n    os.system(x)"));
}

TEST(Taint, SanitizersCountForTheirKindOnly) {
  EXPECT_FALSE(reaches("import shlex\nos.system(shlex.quote(x))"));
  EXPECT_TRUE(reaches("import html\nos.system(html.escape(x))"));
  EXPECT_FALSE(reaches("os.system('%d' % int(x))"));
}

TEST(Taint, FollowsCallsOfTheSameFile) {
  EXPECT_TRUE(reaches("def g(v):\n    return 'a' + v\nos.system(g(x))"));
  EXPECT_FALSE(reaches("def g(v):\n    return 'a'\nos.system(g(x))"));
  EXPECT_TRUE(reaches("def g(v):\n    os.system(v)\ng(x)"));
  EXPECT_TRUE(reaches("class A:\n    def m(self, v):\n        return v\nos.system(A().m(x))"));
  EXPECT_FALSE(reaches("class A:\n    def m(self, v):\n        return 'a'\nos.system(A().m(x))"));
  EXPECT_TRUE(reaches("def g(v):\n    return g(v) if v else v\nos.system(g(x))"));
}

TEST(Taint, FollowsWhatTriesAndLoopsDo) {
  EXPECT_TRUE(reaches("y = 'a'\ntry:\n    y = x\nexcept E:\n    pass\nos.system(y)"));
  EXPECT_TRUE(reaches("y = 'a'\nwhile other:\n    os.system(y)\n    y = x"));
  EXPECT_TRUE(reaches("while True:\n    y = x\n    break\nos.system(y)"));
  EXPECT_FALSE(reaches("return\nos.system(x)"));
}

TEST(Taint, SaysTheWayThatInputTakes) {
  const auto found =
      findings_in("f.py",
                  "import os\nfrom flask import request\n"
                  "def f():\n    a = request.args['x']\n    b = 'ls ' + a\n    os.system(b)\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].confidence, Confidence::High);
  EXPECT_EQ(found[0].symbol, "f");
  ASSERT_EQ(found[0].flow.size(), 4U);
  EXPECT_EQ(found[0].flow[0].place.line, 4U);
  EXPECT_EQ(found[0].flow[2].place.line, 5U);
  EXPECT_EQ(found[0].flow[3].place.line, 6U);
}

TEST(Taint, IsLessSureBehindCallsNobodyKnows) {
  const auto found = findings_in("f.py",
                                 "import os, lib\nfrom flask import request\n"
                                 "os.system(lib.change(request.args['x']))\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].confidence, Confidence::Medium);
}

TEST(Taint, CountsTheLocalUserForLess) {
  const auto found = findings_in("f.py", "import os, sys\nos.system(sys.argv[1])\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::Low);
}

TEST(Taint, StaysWithinBoundsOnOddInput) {
  std::string nested = "x = ";
  for (int i = 0; i < 5000; ++i) nested += '[';
  EXPECT_TRUE(found_in("f.py", "import os\n" + nested).empty());
  std::string calls = "import os\nfrom flask import request\n";
  for (int i = 0; i < 200; ++i) {
    calls += "def f" + std::to_string(i) + "(a):\n    f" + std::to_string((i + 1) % 200) +
             "(a)\n    f" + std::to_string((i + 7) % 200) + "(a)\n    os.system(a)\n";
  }
  calls += "f0(request.args['x'])\n";
  EXPECT_FALSE(found_in("f.py", calls).empty());
}

TEST(Taint, ScansAroundBrokenCode) {
  const FileReport report =
      scan_file(built_in(), "f.py",
                "import os\nfrom flask import request\ndef f(:\n  ) ) x = = 3\n"
                "def g():\n    os.system(request.args['x'])\n");
  EXPECT_FALSE(report.findings.empty());
  EXPECT_GT(report.broken_bytes, 0U);
  EXPECT_LT(report.broken_bytes, report.bytes);
}

}  // namespace
}  // namespace testgen::scan
