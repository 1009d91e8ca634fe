// The calls that are tried.
#include "reproduce/attempts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "python_text.h"

namespace testgen::reproduce {
namespace {

const Marker kMarker{"m'", "\"m'\"", "b\"m'\"", false};

std::vector<Attempt> attempts(const std::string& code, std::string_view call,
                              std::string_view source = "") {
  const PythonText text(code);
  const auto sink = find_sink(text.tree, text.module, "net", text.span(call));
  if (!sink) {
    ADD_FAILURE() << sink.error().message;
    return {};
  }
  const auto from = source.empty()
                        ? std::nullopt
                        : find_source(text.tree, text.module, "net", *sink, text.span(source));
  return attempts_for(text.module, "net", *sink, from, {}, kMarker);
}

std::string first_body(const std::string& code, std::string_view call,
                       std::string_view source = "") {
  const auto all = attempts(code, call, source);
  return all.empty() ? "none" : body_of(all[0]);
}

TEST(Attempts, ReplaceTheSinkAndPassTheMarker) {
  EXPECT_EQ(
      first_body("import os\ndef ping(host, count=1):\n    os.system(host)\n", "os.system(host)"),
      "    sink = mock.MagicMock()\n"
      "    with mock.patch.object(net.os, \"system\", sink):\n"
      "        net.ping(\"m'\")\n");
}

TEST(Attempts, AStandInIsPassedWhereTheSinkIsAParameters) {
  const auto all =
      attempts("def find(cursor, name):\n    cursor.execute(name)\n", "cursor.execute(name)");
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(body_of(all[0]),
            "    cursor = mock.MagicMock()\n"
            "    net.find(cursor, \"m'\")\n");
  EXPECT_EQ(all[0].recorder, "cursor.execute");
  EXPECT_EQ(all[0].carrier, "name");
}

TEST(Attempts, ParametersBehindOneThatIsLeftOutAreNamed) {
  const auto all = attempts("def f(a=1, *, b):\n    eval(b)\n", "eval(b)");
  EXPECT_TRUE(std::any_of(all.begin(), all.end(),
                          [](const Attempt& one) { return one.call == "net.f(b=\"m'\")"; }));
}

TEST(Attempts, MethodsAreCalledOnAnObject) {
  EXPECT_EQ(first_body("class Tool:\n    def go(self, x):\n        eval(x)\n", "eval(x)"),
            "    tool = net.Tool()\n"
            "    sink = mock.MagicMock()\n"
            "    with mock.patch.object(net, \"eval\", sink, create=True):\n"
            "        tool.go(\"m'\")\n");
}

TEST(Attempts, AConstructorIsCalledByItsClass) {
  EXPECT_EQ(
      attempts("class Timer:\n    def __init__(self, code):\n        eval(code)\n", "eval(code)")
          .at(0)
          .call,
      "net.Timer(\"m'\")");
}

TEST(Attempts, WithoutItsConstructorWhereThatWantsSomething) {
  EXPECT_EQ(first_body("class Store:\n"
                       "    def __init__(self, url):\n"
                       "        self.db = connect(url)\n"
                       "    def find(self, name):\n"
                       "        self.db.execute(name)\n",
                       "self.db.execute(name)"),
            "    store = net.Store.__new__(net.Store)\n"
            "    store.db = mock.MagicMock()\n"
            "    store.find(\"m'\")\n");
}

TEST(Attempts, AsyncFunctionsAndGeneratorsAreRun) {
  EXPECT_EQ(attempts("async def f(x):\n    eval(x)\n", "eval(x)").at(0).call,
            "asyncio.run(net.f(\"m'\"))");
  EXPECT_EQ(attempts("def f(x):\n    yield eval(x)\n", "eval(x)").at(0).call,
            "list(net.f(\"m'\"))");
  EXPECT_EQ(
      attempts("import a\nasync def f(x):\n    await a.go(x)\n", "a.go(x)").at(0).arrange.at(0),
      "sink = mock.AsyncMock()");
}

TEST(Attempts, AFollowedSourceIsTriedFirst) {
  EXPECT_EQ(first_body("import os\nfrom flask import request\n"
                       "def ping():\n    os.system(request.args['h'])\n",
                       "os.system(request.args['h'])", "request.args"),
            "    sink = mock.MagicMock()\n"
            "    request = mock.MagicMock()\n"
            "    request.args.__getitem__.return_value = \"m'\"\n"
            "    with mock.patch.object(net.os, \"system\", sink):\n"
            "        with mock.patch.object(net, \"request\", request):\n"
            "            net.ping()\n");
  EXPECT_EQ(attempts("import os\ndef view(request, pk):\n    os.system(request.GET.get('h'))\n",
                     "os.system(request.GET.get('h'))", "request.GET")
                .at(0)
                .call,
            "net.view(request, \"a\")");
}

TEST(Attempts, ACommandGivenWordByWordIsDangerousInEveryOne) {
  EXPECT_TRUE(
      attempts("import os\ndef f(x):\n    os.execl(x, x)\n", "os.execl(x, x)").at(0).anywhere);
  EXPECT_FALSE(attempts("def f(c, x):\n    c.execute(x)\n", "c.execute(x)").at(0).anywhere);
}

TEST(Attempts, AreBounded) {
  std::string names;
  for (int i = 0; i < 60; ++i) names += (i == 0 ? "" : ", ") + ("p" + std::to_string(i));
  EXPECT_EQ(attempts("def f(" + names + "):\n    eval(p0)\n", "eval(p0)").size(), kMostAttempts);
}

TEST(Attempts, NoneWhereNothingTakesText) {
  EXPECT_TRUE(attempts("def f():\n    eval(x)\n", "eval(x)").empty());
  EXPECT_TRUE(attempts("def f(n: int):\n    eval(n)\n", "eval(n)").empty());
}

TEST(Attempts, ACallThatGoesWrongBehindTheSinkIsLetGo) {
  const auto all = attempts("def f(x):\n    eval(x)\n", "eval(x)");
  EXPECT_EQ(body_of(all.at(0), "ValueError: x"),
            "    sink = mock.MagicMock()\n"
            "    with mock.patch.object(net, \"eval\", sink, create=True):\n"
            "        with contextlib.suppress(Exception):\n"
            "            net.f(\"m'\")\n");
  EXPECT_NE(body_of(all.at(0), "SystemExit: 2").find("with contextlib.suppress(SystemExit):"),
            std::string::npos);
}

std::vector<std::string> calls(const std::string& code, std::string_view call) {
  std::vector<std::string> out;
  for (const Attempt& one : attempts(code, call)) out.push_back(one.call);
  return out;
}

TEST(Attempts, ParametersWithStarsGetTheMarkerToo) {
  EXPECT_EQ(calls("import os\ndef f(*words):\n    os.system(words[0])\n", "os.system(words[0])"),
            (std::vector<std::string>{"net.f(\"m'\")"}));
  EXPECT_EQ(
      calls("import os\ndef f(**more):\n    os.system(more['cmd'])\n", "os.system(more['cmd'])"),
      (std::vector<std::string>{"net.f(cmd=\"m'\")"}));
  const auto behind =
      calls("import os\ndef f(n, *words):\n    os.system(words[0])\n", "os.system(words[0])");
  EXPECT_NE(std::find(behind.begin(), behind.end(), "net.f(\"a\", \"m'\")"), behind.end());
}

TEST(Attempts, BytesGetTheMarkerAsBytes) {
  EXPECT_EQ(calls("def f(x: bytes):\n    eval(x)\n", "eval(x)").at(0), "net.f(b\"m'\")");
}

TEST(Attempts, WhatIsAwaitedOnTheWayGivesSomethingToWaitFor) {
  EXPECT_EQ(first_body("async def f(conn, q):\n"
                       "    cur = await conn.cursor()\n"
                       "    await cur.execute(q)\n",
                       "cur.execute(q)"),
            "    conn = mock.MagicMock()\n"
            "    conn.cursor = mock.AsyncMock(return_value=mock.MagicMock())\n"
            "    conn.cursor.return_value.execute = mock.AsyncMock()\n"
            "    asyncio.run(net.f(conn, \"m'\"))\n");
  EXPECT_EQ(first_body("import db\nasync def f(q):\n"
                       "    conn = await db.connect()\n    conn.execute(q)\n",
                       "conn.execute(q)"),
            "    sink = mock.AsyncMock(return_value=mock.MagicMock())\n"
            "    with mock.patch.object(net.db, \"connect\", sink):\n"
            "        asyncio.run(net.f(\"m'\"))\n");
}

TEST(Attempts, AStandInAnswersWhatItIsAskedFor) {
  const std::string body = first_body(
      "import os\nfrom flask import request\n"
      "def ping():\n    if request.method == 'POST':\n        os.system(request.form['h'])\n",
      "os.system(request.form['h'])", "request.form");
  EXPECT_NE(body.find("    request.method = 'POST'\n"), std::string::npos) << body;
}

std::vector<Attempt> repeated(const std::string& code, std::string_view call,
                              const engine::ReachingCall& known) {
  const PythonText text(code);
  const auto sink = find_sink(text.tree, text.module, "net", text.span(call));
  if (!sink) return {};
  return attempts_of(text.module, "net", *sink, kMarker, known);
}

TEST(Attempts, WhatTheWorldGivesIsArrangedAroundTheCall) {
  const PythonText text("import os\ndef main():\n    os.system(os.environ['X'])\n");
  const auto sink =
      find_sink(text.tree, text.module, "net", text.span("os.system(os.environ['X'])"));
  ASSERT_TRUE(sink);
  const auto all =
      attempts_for(text.module, "net", *sink, std::nullopt, {{"X", "mock.patch(1)"}}, kMarker);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].carrier, "X");
  EXPECT_EQ(body_of(all[0]),
            "    sink = mock.MagicMock()\n"
            "    with mock.patch.object(net.os, \"system\", sink):\n"
            "        with mock.patch(1):\n"
            "            net.main()\n");
}

TEST(Attempts, AKnownCallIsRepeatedWithTheSinkReplaced) {
  engine::ReachingCall known;
  known.function = "Shell.run";
  known.arguments = {{"mode", "\"raw\""}, {"command", "\"m'\""}};
  known.before = {"shell = net.Shell(3)"};
  known.definitions = {"def helper():\n    return 1"};
  known.call = "shell.run(\"raw\", \"m'\")";
  const auto all = repeated("import os\ndef _go(c):\n    os.system(c)\n", "os.system(c)", known);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].carrier, "command");
  EXPECT_EQ(body_of(all[0]),
            "    def helper():\n"
            "        return 1\n"
            "\n"
            "    sink = mock.MagicMock()\n"
            "    shell = net.Shell(3)\n"
            "    with mock.patch.object(net.os, \"system\", sink):\n"
            "        shell.run(\"raw\", \"m'\")\n");
}

TEST(Attempts, AKnownCallGetsTheStandInAsItsParameter) {
  engine::ReachingCall known;
  known.function = "find";
  known.arguments = {{"cursor", "None"}, {"name", "\"m'\""}, {"deep", "True"}};
  const auto all = repeated("def find(cursor, name, deep=False):\n    cursor.execute(name)\n",
                            "cursor.execute(name)", known);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].call, "net.find(cursor, \"m'\", True)");
  known.function = "other";
  EXPECT_TRUE(repeated("def find(cursor, name):\n    cursor.execute(name)\n"
                       "def other(name):\n    find(connect(), name)\n",
                       "cursor.execute(name)", known)
                  .empty())
      << "nothing of that call is the stand-in";
}

TEST(Attempts, AKnownCallOfAnotherMethodOfTheClassLeadsToItsAttribute) {
  const std::string code =
      "class Store:\n"
      "    def __init__(self, db):\n        self.db = db\n"
      "    def find(self, name):\n        self._run(name)\n"
      "    def _run(self, text):\n        self.db.execute(text)\n";
  engine::ReachingCall known;
  known.function = "Store.find";
  known.arguments = {{"name", "\"m'\""}};
  known.before = {"store = net.Store(None)"};
  known.receiver = "store";
  known.call = "store.find(\"m'\")";
  const auto all = repeated(code, "self.db.execute(text)", known);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(body_of(all[0]),
            "    store = net.Store.__new__(net.Store)\n"
            "    store.db = mock.MagicMock()\n"
            "    store.find(\"m'\")\n");
  EXPECT_EQ(body_of(all[1]),
            "    store = net.Store(None)\n"
            "    store.db = mock.MagicMock()\n"
            "    store.find(\"m'\")\n");
  EXPECT_EQ(all[1].recorder, "store.db.execute");
}

TEST(Attempts, NamesOfTheTestItselfAreNotTaken) {
  const auto all = attempts("def f(mock, x):\n    mock.execute(x)\n", "mock.execute(x)");
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all[0].recorder, "mock_.execute");
  EXPECT_EQ(all[0].call, "net.f(mock_, \"m'\")");
}

}  // namespace
}  // namespace testgen::reproduce
