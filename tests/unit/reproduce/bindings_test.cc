// Where a name comes from.
#include "reproduce/bindings.h"

#include <gtest/gtest.h>

#include "python_text.h"

namespace testgen::reproduce {
namespace {

constexpr const char* kText =
    "import os.path\n"
    "import numpy as np\n"
    "from subprocess import Popen as start, run\n"
    "from .db import query\n"
    "LIMIT = 3\n"
    "def f():\n"
    "    import shutil\n"
    "    from os import system as run\n"
    "    inner = 1\n";

std::string import(std::string_view name, bool inside = false) {
  const PythonText text(kText);
  const auto function = inside ? definition_at(text.tree, "f", 6) : analysis::kNoNode;
  const auto found = import_of(text.tree, function, name);
  if (!found) return "none";
  return found->dotted + (found->whole_module ? " whole" : "") +
         (found->in_function ? " inside" : "");
}

TEST(Bindings, ImportsAreReadByTheNameTheyBind) {
  EXPECT_EQ(import("os"), "os whole");
  EXPECT_EQ(import("np"), "numpy whole");
  EXPECT_EQ(import("numpy"), "none");
  EXPECT_EQ(import("start"), "subprocess.Popen");
  EXPECT_EQ(import("Popen"), "none");
  EXPECT_EQ(import("run"), "subprocess.run");
  EXPECT_EQ(import("query"), ".db.query");
}

TEST(Bindings, AFunctionsOwnImportsCountFirstAndOnlyThere) {
  EXPECT_EQ(import("shutil"), "none");
  EXPECT_EQ(import("shutil", true), "shutil whole inside");
  EXPECT_EQ(import("run", true), "os.system inside");
}

TEST(Bindings, TheTopLevelBindsByImportAssignmentAndDefinition) {
  const PythonText text(kText);
  for (const char* name : {"os", "start", "LIMIT", "f"})
    EXPECT_TRUE(is_bound(text.tree, name)) << name;
  for (const char* name : {"inner", "shutil", "eval"})
    EXPECT_FALSE(is_bound(text.tree, name)) << name;
}

TEST(Bindings, ADefinitionIsFoundByNameAndLine) {
  const PythonText text("def f():\n    pass\nclass A:\n    async def f(self):\n        pass\n");
  EXPECT_NE(definition_at(text.tree, "f", 1), definition_at(text.tree, "f", 4));
  EXPECT_NE(definition_at(text.tree, "f", 4), analysis::kNoNode);
  EXPECT_EQ(definition_at(text.tree, "g", 1), analysis::kNoNode);
}

}  // namespace
}  // namespace testgen::reproduce
