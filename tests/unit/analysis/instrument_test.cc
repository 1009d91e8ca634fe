#include "analysis/instrument.h"

#include "base/strings.h"
#include "support/python_text.h"

namespace testgen::analysis {
namespace {

using base::ErrorCode;
using model::GoalKind;

// The body of a function, instrumented; every case also proves that the probes come off.
std::string body(const std::string& text) {
  const std::string source = "def f():\n    0\n    " + text;
  const auto model = analyzed(source + "\n");
  const auto restored = uninstrument(model.instrumented, base::SystemClock());
  EXPECT_TRUE(restored && *restored == source + "\n") << (restored ? *restored : "");
  const std::string start = "def f():\n    _tg_h(0);0\n    ";
  EXPECT_EQ(model.instrumented.substr(0, start.size()), start);
  return model.instrumented.substr(start.size(), model.instrumented.size() - start.size() - 1);
}

std::string function(const std::string& text) {
  const auto model = analyzed(text);
  const auto restored = uninstrument(model.instrumented, base::SystemClock());
  EXPECT_TRUE(restored && *restored == text) << (restored ? *restored : "");
  return model.instrumented;
}

TEST(Instrument, Conditions) {
  EXPECT_EQ(body("if a: b"), "if _tg_p(1,a): b");
  EXPECT_EQ(body("if(a): b"), "if _tg_p(1, (a)): b");
  EXPECT_EQ(body("if x := a: b"), "if _tg_p(1,x := a): b");
  EXPECT_EQ(body("while a: b"), "while _tg_w(1,a): b");
  EXPECT_EQ(body("while True: b"), "while _tg_w(1,True): b");
  EXPECT_EQ(body("if 0: b"), "if 0: b");
  EXPECT_EQ(body("assert a, b"), "assert _tg_p(1,a), b");
  EXPECT_EQ(body("x = a if b else c"), "x = a if _tg_p(1,b) else c");
  EXPECT_EQ(body("x = [a for a in b if a if c]"), "x = [a for a in b if _tg_p(1,a) if _tg_p(3,c)]");
  EXPECT_EQ(body("x = lambda: a if b else c"), "x = lambda: a if _tg_p(1,b) else c");
}

TEST(Instrument, BooleanOperands) {
  EXPECT_EQ(body("if a and not(b): c"), "if _tg_p(1,_tg_v(3,a) and not(_tg_v(5,b))): c");
  EXPECT_EQ(body("if not a: b"), "if _tg_p(1,not a): b");
  EXPECT_EQ(body("x = a and b"), "x = a and b");
  EXPECT_EQ(body("if a or(yield): b"), "if _tg_p(1,_tg_v(3,a) or _tg_v(5, (yield))): b");
}

TEST(Instrument, Loops) {
  EXPECT_EQ(body("for a in b: c"), "for a in _tg_i(1,b): c");
  EXPECT_EQ(body("for a in 1, 2: c"), "for a in _tg_i(1 ,(1, 2)): c");
  EXPECT_EQ(body("for a in(1, 2): c"), "for a in _tg_i(1, (1, 2)): c");
  EXPECT_EQ(body("for a in*b, c: d"), "for a in _tg_i(1 , (*b, c)): d");
  EXPECT_EQ(function("async def f():\n    async for a in b: c\n"),
            "async def f():\n    async for a in b: c\n");
}

TEST(Instrument, Comparisons) {
  EXPECT_EQ(body("x = a < b"), "x = _tg_lt(0,a ,\"<\"and  b)");
  EXPECT_EQ(body("x = a<=b"), "x = _tg_le(0,a,\"<=\"and b)");
  EXPECT_EQ(body("x = a not in b"), "x = _tg_nin(0,a ,\"not in\"and  b)");
  EXPECT_EQ(body("x = a not  in b"), "x = a not  in b");
  EXPECT_EQ(body("x = a is not b"), "x = a is not b");
  EXPECT_EQ(body("x = (a # c\n == b)"), "x = (_tg_eq(0,a # c\n ,\"==\"and  b))");
  EXPECT_EQ(body("x = 0 <= a < n"), "x = _tg_m(0,0) <= _tg_a(0,_tg_m(1,a)) < _tg_a(1,n)");
  EXPECT_EQ(body("if a == b: c"), "if _tg_p(1,_tg_eq(0,a ,\"==\"and  b)): c");
}

TEST(Instrument, Calls) {
  EXPECT_EQ(body("a.startswith(b, 1)"), "_tg_m(0,a).startswith(_tg_a(0,b), 1)");
  EXPECT_EQ(body("a.isdigit()"), "_tg_m(0,a).isdigit()");
  EXPECT_EQ(body("a.get(*b)"), "_tg_m(0,a).get(*b)");
  EXPECT_EQ(body("a.strip().split(',')"), "_tg_m(0,_tg_m(1,a).strip()).split(_tg_a(0,','))");
  EXPECT_EQ(body("isinstance(a, b)"), "_tg_isinstance(0,a, b)");
  EXPECT_EQ(body("isinstance(*a)"), "isinstance(*a)");
  EXPECT_EQ(body("if isinstance(a, b): c"), "if _tg_p(1,_tg_isinstance(0,a, b)): c");
  EXPECT_EQ(body("a.append(b)"), "a.append(b)");
}

TEST(Instrument, ARebindingOfIsinstanceIsRespected) {
  const std::string text = "def isinstance(a, b): return 1\ndef f(): return isinstance(a, b)\n";
  EXPECT_EQ(function(text).find("_tg_isinstance"), std::string::npos);
}

TEST(Instrument, PatternsComeWithTheirText) {
  const auto model = analyzed(
      "P = re.compile(r'a+')\n"
      "def f(s):\n    P.match(s)\n    re.search('b', s)\n    re.fullmatch(P, s)\n    q.match(s)\n");
  ASSERT_EQ(model.compare_sites.size(), 4U);
  EXPECT_EQ(model.compare_sites[0].operation, "re.match");
  EXPECT_EQ(model.compare_sites[0].detail, "r'a+'");
  EXPECT_EQ(model.compare_sites[1].operation, "re.search");
  EXPECT_EQ(model.compare_sites[1].detail, "'b'");
  EXPECT_EQ(model.compare_sites[2].detail, "r'a+'");
  EXPECT_NE(model.instrumented.find("re.search('b', _tg_a(1,s))"), std::string::npos);
  EXPECT_EQ(model.compare_sites[3].detail, "");  // nobody knows what q is before the code runs
}

TEST(Instrument, MatchStatements) {
  EXPECT_EQ(
      function(
          "def f(x):\n    match x:\n        case 'a' if x: y\n        case _:\n            z\n"),
      "def f(x):\n    match _tg_a(0,x):\n        case 'a' if _tg_p(1,x): _tg_h(0);y\n"
      "        case _:\n            _tg_h(3);z\n");
  EXPECT_EQ(function("def f(x):\n    match x, y:\n        case 1, 2: pass\n"),
            "def f(x):\n    match x, y:\n        case 1, 2: _tg_h(0);pass\n");
}

TEST(Instrument, BlocksAreMarkedAtTheirFirstSimpleStatement) {
  EXPECT_EQ(function("def f():\n    'doc'\n    return 1\n"),
            "def f():\n    'doc'\n    _tg_h(0);return 1\n");
  EXPECT_EQ(function("def f(): 'doc'\n"), "def f(): 'doc'\n");
  EXPECT_EQ(function("def f():\n    def g(): pass\n    return g\n"),
            "def f():\n    def g(): _tg_h(1);pass\n    _tg_h(0);return g\n");
  EXPECT_EQ(function("def f():\n    with a as b, c: d\n"),
            "def f():\n    with (_tg_h(0),a)[1] as b, c: d\n");
  EXPECT_EQ(
      function(
          "def f():\n    try:\n        a\n    except B:\n        c\n    else: d\n    finally: e\n"),
      "def f():\n    try:\n        _tg_h(0);a\n    except B:\n        _tg_h(1);c\n"
      "    else: _tg_h(2);d\n    finally: e\n");
  EXPECT_EQ(function("def f():\n    global x\n    x = 1\n"),
            "def f():\n    _tg_h(0);global x\n    x = 1\n");
}

TEST(Instrument, WhatIsNotEvaluatedHereStaysUntouched) {
  for (const std::string text : {
           "if a < b: c = 1 if a else 2\n",                    // runs at import
           "class A:\n    x = 1 if a < b else 2\n",            // so does a class body
           "def f(a=b < c, *, d: e < g = 1) -> h < i: ...\n",  // defaults and annotations
       }) {
    const std::string out = function(text);
    EXPECT_EQ(out.find("_tg_p"), std::string::npos) << out;
    EXPECT_EQ(out.find("_tg_lt"), std::string::npos) << out;
  }
  EXPECT_EQ(body("x: a < b = c"), "x: a < b = c");
  EXPECT_EQ(body("a[b < c] = d"), "a[b < c] = d");
  EXPECT_EQ(body("del a[b < c]"), "del a[b < c]");
  EXPECT_EQ(body("x = f'{a < b}'"), "x = f'{a < b}'");
  EXPECT_EQ(body("@g(a < b)\n    def h(): ..."), "@g(a < b)\n    def h(): _tg_h(1);...");
}

TEST(Instrument, AsyncComprehensionsStayUntouched) {
  EXPECT_EQ(function("async def f():\n    return [a async for a in b if a]\n"),
            "async def f():\n    _tg_h(0);return [a async for a in b if a]\n");
  EXPECT_EQ(function("async def f():\n    return [a for a in b if await a]\n"),
            "async def f():\n    _tg_h(0);return [a for a in b if _tg_p(1,await a)]\n");
}

TEST(Instrument, LinesAndContinuationsStay) {
  EXPECT_EQ(body("if a and \\\n      b: c"), "if _tg_p(1,_tg_v(3,a) and \\\n      _tg_v(5,b)): c");
  EXPECT_EQ(body("x = (a\n     < b)"), "x = (_tg_lt(0,a\n     ,\"<\"and  b))");
}

TEST(Instrument, GoalsSayWhatAndWhere) {
  const auto model = analyzed(
      "class C:\n"
      "    def m(self, x):\n"
      "        if x > 3 and y:\n"
      "            return [i for i in x if i]\n"
      "        for i in x:\n"
      "            pass\n"
      "        while x: x = 1\n");
  struct Expected {
    GoalKind kind;
    std::uint32_t line;
    std::string condition;
    bool is_branch;
  };
  const std::vector<Expected> expected{
      {GoalKind::BranchTrue, 3, "x > 3 and y", true},
      {GoalKind::BranchFalse, 3, "x > 3 and y", true},
      {GoalKind::BranchTrue, 3, "x > 3", false},
      {GoalKind::BranchFalse, 3, "x > 3", false},
      {GoalKind::BranchTrue, 3, "y", false},
      {GoalKind::BranchFalse, 3, "y", false},
      {GoalKind::BranchTrue, 4, "i", false},
      {GoalKind::BranchFalse, 4, "i", false},
      {GoalKind::LoopEntered, 5, "x", true},
      {GoalKind::LoopFinished, 5, "x", true},
      {GoalKind::BranchTrue, 7, "x", false},
      {GoalKind::BranchFalse, 7, "x", false},
  };
  ASSERT_EQ(model.goals.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(model.goals[i].kind, expected[i].kind) << i;
    EXPECT_EQ(model.goals[i].line, expected[i].line) << i;
    EXPECT_EQ(model.goals[i].condition, expected[i].condition) << i;
    EXPECT_EQ(model.goals[i].is_branch, expected[i].is_branch) << i;
    EXPECT_EQ(model.goals[i].function, "C.m") << i;
  }
}

TEST(Instrument, LongConditionsAreCutOnACharacter) {
  std::string condition = "a";
  for (int i = 0; i < 100; ++i) condition += " or é" + std::to_string(i);
  const auto model = analyzed("def f():\n    if " + condition + ":\n        pass\n");
  EXPECT_LE(model.goals[0].condition.size(), 120U);
  EXPECT_EQ(base::find_invalid_utf8(model.goals[0].condition), std::string::npos);
}

TEST(Instrument, ReservedNamesAreRefused) {
  model::SourceFile source;
  source.text = "x = 1\n_tg_p = 3\n";
  const auto model = analyze(source, base::SystemClock());
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::Unsupported);
  EXPECT_NE(model.error().message.find("line 2"), std::string::npos);
  EXPECT_TRUE(is_probe_name("_tg_nin"));
  EXPECT_FALSE(is_probe_name("_tg_classes"));
}

}  // namespace
}  // namespace testgen::analysis
