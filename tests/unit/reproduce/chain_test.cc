// Expressions as stand-ins see them.
#include "reproduce/chain.h"

#include <gtest/gtest.h>

#include "python_text.h"
#include "reproduce/bindings.h"

namespace testgen::reproduce {
namespace {

std::string shown(const std::optional<Chain>& chain) {
  return chain ? chain->root + on_stand_in(chain->links) : "nothing";
}

std::string chain_in(const std::string& expression) {
  const PythonText text(expression + "\n");
  return shown(chain_of(text.tree, text.node(expression)));
}

TEST(Chain, IsWhatFollowsAName) {
  EXPECT_EQ(chain_in("os.system"), "os.system");
  EXPECT_EQ(chain_in("db.connect(url).cursor().execute"),
            "db.connect.return_value.cursor.return_value.execute");
  EXPECT_EQ(chain_in("pools['a'].run"), "pools.__getitem__.return_value.run");
  EXPECT_EQ(chain_in("(a).b"), "a.b");
  EXPECT_EQ(chain_in("'x'.join"), "nothing");
  EXPECT_EQ(chain_in("(a + b).c"), "nothing");
}

std::string followed(const std::string& body, const std::string& use) {
  const PythonText text("def f(conn, q):\n" + body + "    " + use + "(q)\n");
  const auto function = definition_at(text.tree, "f", 1);
  const auto at = text.node(use + "(q)");
  const auto chain = chain_of(text.tree, text.tree.child(at, analysis::Field::Function));
  return chain ? shown(follow(text.tree, function, at, *chain)) : "no chain";
}

TEST(Chain, LocalsAreWhatWasAssignedLast) {
  EXPECT_EQ(followed("    cur = conn.cursor()\n", "cur.execute"),
            "conn.cursor.return_value.execute");
  EXPECT_EQ(followed("    cur = None\n    cur = conn.cursor()\n    run = cur.execute\n", "run"),
            "conn.cursor.return_value.execute");
  EXPECT_EQ(followed("    conn = conn.open()\n", "conn.execute"), "conn.open.return_value.execute");
  EXPECT_EQ(followed("    cur = 'a' + q\n", "cur.execute"), "nothing");
  EXPECT_EQ(followed("", "conn.execute"), "conn.execute");
}

TEST(Chain, WithBindsWhatIsEntered) {
  const PythonText text(
      "def f(conn, q):\n    with conn.cursor() as cur:\n        cur.execute(q)\n");
  const auto at = text.node("cur.execute(q)");
  const auto chain = chain_of(text.tree, text.tree.child(at, analysis::Field::Function));
  ASSERT_TRUE(chain);
  EXPECT_EQ(shown(follow(text.tree, definition_at(text.tree, "f", 1), at, *chain)),
            "conn.cursor.return_value.__enter__.return_value.execute");
}

TEST(Chain, AwaitedCallsAreToldFromOthers) {
  const PythonText text("async def f():\n    (await (await a.b()).c()).d\n");
  const auto chain = chain_of(text.tree, text.node("(await (await a.b()).c()).d"));
  ASSERT_TRUE(chain);
  EXPECT_EQ(shown(chain), "a.b.return_value.c.return_value.d");
  EXPECT_EQ(spelled(*chain), "a.b().c().d");
  EXPECT_EQ(awaited_calls(chain->links), (std::vector<std::string>{".b", ".b.return_value.c"}));
  EXPECT_EQ(awaited_calls(chain->links, 1), (std::vector<std::string>{"", ".return_value.c"}));
  EXPECT_EQ(await_statements("x", {".b"}),
            (std::vector<std::string>{"x.b = mock.AsyncMock(return_value=mock.MagicMock())"}));
}

TEST(Chain, IsSpelledForPeople) {
  EXPECT_EQ(spelled({"db", {".cursor", "()", "with", ".execute"}}), "db.cursor().execute");
  EXPECT_EQ(leading_attributes({".a", ".b", "()", ".c"}), 2U);
  EXPECT_EQ(leading_attributes({}), 0U);
}

}  // namespace
}  // namespace testgen::reproduce
