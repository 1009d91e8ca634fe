// Where a stand-in is put for each way to spell a dangerous call.
#include "reproduce/sink.h"

#include <gtest/gtest.h>

#include "python_text.h"

namespace testgen::reproduce {
namespace {

// "net.os|system" of a patch, "(cursor).execute" of a parameter, "self.db.execute" of an attribute.
std::string sink(const std::string& code, std::string_view call) {
  const PythonText text(code);
  const auto found = find_sink(text.tree, text.module, "net", text.span(call));
  if (!found) return "no: " + found.error().message;
  if (!found->parameter.empty()) return "(" + found->parameter + ")" + found->rest;
  if (!found->attribute.empty()) return "self." + found->attribute + found->rest;
  return found->patch->object + "|" + found->patch->attribute + found->rest +
         (found->patch->create ? " create" : "");
}

TEST(Sink, OfAnImportedModuleOnlyWhatIsCalledIsReplaced) {
  EXPECT_EQ(sink("import os\ndef f(h):\n    os.system(h)\n", "os.system(h)"), "net.os|system");
  EXPECT_EQ(sink("import a.b\ndef f(h):\n    a.b.run(h).go(h)\n", "a.b.run(h).go(h)"),
            "net.a.b|run.return_value.go");
}

TEST(Sink, AnotherNameOfTheModuleIsReplacedItself) {
  EXPECT_EQ(sink("from subprocess import Popen as start\ndef f(h):\n    start(h)\n", "start(h)"),
            "net|start");
  EXPECT_EQ(sink("def get_db(): pass\ndef f(q):\n    get_db().execute(q)\n", "get_db().execute(q)"),
            "net|get_db.return_value.execute");
}

TEST(Sink, ABuiltInIsHiddenUnlessTheModuleHasItsOwn) {
  EXPECT_EQ(sink("def f(e):\n    eval(e)\n", "eval(e)"), "net|eval create");
  EXPECT_EQ(sink("def eval(x): pass\ndef f(e):\n    eval(e)\n", "eval(e)"), "net|eval");
}

TEST(Sink, AFunctionsOwnImportIsReplacedWhereItComesFrom) {
  EXPECT_EQ(sink("def f(h):\n    import os\n    os.system(h)\n", "os.system(h)"), "|os.system");
  EXPECT_EQ(sink("def f(h):\n    from os import system\n    system(h)\n", "system(h)"),
            "|os.system");
  EXPECT_EQ(sink("def f(h):\n    from .x import go\n    go(h)\n", "go(h)"),
            "no: the function imports go in a way that cannot be replaced");
}

TEST(Sink, AParameterIsItsOwnStandIn) {
  EXPECT_EQ(sink("def f(cursor, n):\n    cursor.execute('x' + n)\n", "cursor.execute('x' + n)"),
            "(cursor).execute");
  EXPECT_EQ(
      sink("def f(conn, n):\n    cur = conn.cursor()\n    cur.execute(n)\n", "cur.execute(n)"),
      "(conn).cursor.return_value.execute");
}

TEST(Sink, AnAttributeOfTheObjectIsReplacedThere) {
  EXPECT_EQ(
      sink("class S:\n    def f(this, n):\n        this.db.execute(n)\n", "this.db.execute(n)"),
      "self.db.execute");
  EXPECT_EQ(
      sink("class S:\n    @classmethod\n    def f(cls, n):\n        cls.run(n)\n", "cls.run(n)"),
      "net.S|run");
}

TEST(Sink, SaysWhyThereIsNone) {
  EXPECT_EQ(sink("import os\nos.system('x')\n", "os.system('x')"),
            "no: it is in no function that a test could call");
  EXPECT_EQ(sink("class S:\n    @property\n    def f(self):\n        return eval(self.x)\n",
                 "eval(self.x)"),
            "no: a property takes no argument");
  EXPECT_EQ(sink("def f(x):\n    y = 'a' + x\n    y.run(x)\n", "y.run(x)"),
            "no: there is no telling where y comes from");
}

TEST(Sink, ACallWithoutArgumentsShowsNothing) {
  EXPECT_EQ(sink("def f(path):\n    path.unlink()\n", "path.unlink()"),
            "no: the call has no argument in which text could arrive");
}

TEST(Sink, WhatHasNoNameOfItsOwnSaysSo) {
  EXPECT_EQ(sink("def f(q, *conns):\n    conns[0].run(q)\n", "conns[0].run(q)"),
            "no: what is called comes from *conns, of which no part has a name");
  EXPECT_EQ(sink("def f(q, pool):\n    for c in pool:\n        c.run(q)\n", "c.run(q)"),
            "no: there is no telling where c comes from");
  EXPECT_EQ(sink("def f(q, pool):\n    a, c = pool\n    c.run(q)\n", "c.run(q)"),
            "no: there is no telling where c comes from");
}

TEST(Sink, AStarImportIsReplacedInTheModule) {
  EXPECT_EQ(sink("from os import *\ndef f(h):\n    system(h)\n", "system(h)"), "net|system");
}

TEST(Sink, KnowsWhatItsParameterIsComparedWith) {
  const PythonText text(
      "def f(c, q):\n    if c.kind == 'a' and c.state.name in ('b', 'd'):\n"
      "        c.run(q)\n");
  const auto found = find_sink(text.tree, text.module, "net", text.span("c.run(q)"));
  ASSERT_TRUE(found);
  ASSERT_EQ(found->compared.size(), 2U);
  EXPECT_EQ(found->compared[0].path, ".kind");
  EXPECT_EQ(found->compared[0].literals, (std::vector<std::string>{"'a'"}));
  EXPECT_EQ(found->compared[1].path, ".state.name");
  EXPECT_EQ(found->compared[1].literals, (std::vector<std::string>{"'b'", "'d'"}));
}

TEST(Sink, ColumnsAreCodePoints) {
  const PythonText text("import os\ndef f(h):\n    x = 'äö'; os.system(h)\n");
  const auto found = find_sink(text.tree, text.module, "net", {3, 15, 3, 27});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->callee, "os.system");
}

TEST(Sink, AnAwaitedCallIsKnown) {
  const PythonText text("import asyncio\nasync def f(h):\n    await asyncio.go(h)\n");
  const auto found = find_sink(text.tree, text.module, "net", text.span("asyncio.go(h)"));
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->awaited);
}

std::string source(const std::string& code, std::string_view call, std::string_view place) {
  const PythonText text(code);
  const auto sink = find_sink(text.tree, text.module, "net", text.span(call));
  if (!sink) return "no sink";
  const auto found = find_source(text.tree, text.module, "net", *sink, text.span(place));
  if (!found) return "none";
  const std::string where = found->patch ? found->patch->object + "|" + found->patch->attribute
                                         : "(" + found->parameter + ")";
  return where + " " + found->name + found->rest;
}

TEST(Source, OfAParameterOrAnImportedObject) {
  EXPECT_EQ(source("import os\ndef f(request):\n    os.system(request.GET['x'])\n",
                   "os.system(request.GET['x'])", "request.GET"),
            "(request) request.GET.__getitem__.return_value");
  EXPECT_EQ(
      source(
          "import os\nfrom flask import request\ndef f():\n    os.system(request.args.get('x'))\n",
          "os.system(request.args.get('x'))", "request.args"),
      "net|request request.args.get.return_value");
  EXPECT_EQ(source("import os, flask\ndef f():\n    os.system(flask.request.args['x'])\n",
                   "os.system(flask.request.args['x'])", "flask.request.args"),
            "net.flask|request request.args.__getitem__.return_value");
}

TEST(Source, ComparisonsOfAnObjectInAModuleAreItsOwn) {
  const PythonText text(
      "import os, flask\ndef f():\n    if flask.request.method == 'POST':\n"
      "        os.system(flask.request.form['x'])\n");
  const auto sink =
      find_sink(text.tree, text.module, "net", text.span("os.system(flask.request.form['x'])"));
  ASSERT_TRUE(sink);
  const auto found =
      find_source(text.tree, text.module, "net", *sink, text.span("flask.request.form"));
  ASSERT_TRUE(found);
  ASSERT_EQ(found->compared.size(), 1U);
  EXPECT_EQ(found->compared[0].path, ".method");
}

TEST(Source, OfAnotherFunctionIsNone) {
  EXPECT_EQ(source("import os\nfrom flask import request\ndef f(x):\n    os.system(x)\n"
                   "def g():\n    f(request.args['x'])\n",
                   "os.system(x)", "request.args"),
            "none");
}

}  // namespace
}  // namespace testgen::reproduce
