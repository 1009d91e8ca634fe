#include "analysis/python_model.h"

#include "support/python_text.h"

namespace testgen::analysis {
namespace {

using model::FunctionKind;
using Texts = std::vector<std::string>;

TEST(PythonModel, TablesAreWrittenEntryByEntryAndPublic) {
  const auto model = analyzed(
      "__all__ = ['f']\n"
      "SCHEMES = [\n    'ftp', 'http',\n    'file',  # local\n]\n"
      "PLURALS = {'man': 'men', 'foot': 'feet', 'axis': ('axes', 1)}\n"
      "SHORT = [1, 2]\nMADE = ['a', f(), 'b']\nOTHER = [A, B, C]\n"
      "_PRIVATE = [1, 2, 3]\nTEXT = 'abc'\n"
      "class C:\n    KINDS = [1, 2, 3]\n"
      "def f():\n    inner = [1, 2, 3]\n");
  ASSERT_EQ(model.tables.size(), 3U);
  EXPECT_EQ(model.tables[0].name, "__all__");
  EXPECT_EQ(model.tables[1].name, "SCHEMES");
  EXPECT_EQ(model.tables[1].entries, 3U);
  EXPECT_EQ(model.tables[1].first_line, 2U);
  EXPECT_EQ(model.tables[1].last_line, 5U);
  EXPECT_EQ(model.tables[2].name, "PLURALS");
}

TEST(PythonModel, ATableThatIsMadeLaterIsNoTableOfLiterals) {
  EXPECT_TRUE(analyzed("NAMES = ['a', 'b', 'c']\nNAMES = sorted(x)\n").tables.empty());
}

TEST(PythonModel, FunctionsWithTheirFacts) {
  const auto model = analyzed(
      "import math\n"
      "\n"
      "@cache\n"
      "@retry(times=3)\n"
      "def area(r: float) -> float:\n"
      "    '''Area.\n\n    :raises ValueError: if negative\n    '''\n"
      "    if r < 0:\n"
      "        raise ValueError('negative')\n"
      "    for i in range(3):\n"
      "        log.debug(i)\n"
      "    raise errors.Odd\n");
  ASSERT_EQ(model.functions.size(), 1U);
  const auto& f = model.functions[0];
  EXPECT_EQ(f.name, "area");
  EXPECT_EQ(f.qualified_name, "area");
  EXPECT_EQ(f.decorators, (Texts{"cache", "retry(times=3)"}));
  EXPECT_EQ(f.return_annotation, "float");
  EXPECT_EQ(f.raised, (Texts{"ValueError", "errors.Odd"}));
  EXPECT_EQ(f.documented_raises, (Texts{"ValueError"}));
  EXPECT_EQ(f.called_names, (Texts{"ValueError", "range", "debug"}));
  EXPECT_EQ(f.first_line, 5U);
  EXPECT_EQ(f.last_line, 14U);
  EXPECT_EQ(f.branch_count, 4U);
  EXPECT_EQ(model.line_count, 14U);
}

TEST(PythonModel, KindsOfMethods) {
  const auto model = analyzed(
      "class A:\n"
      "    def m(self): pass\n"
      "    @staticmethod\n"
      "    def s(): pass\n"
      "    @classmethod\n"
      "    def c(cls): pass\n"
      "    @property\n"
      "    def p(self): pass\n"
      "    @p.setter\n"
      "    def p(self, v): pass\n"
      "    @functools.cached_property\n"
      "    def q(self): pass\n"
      "    class B:\n"
      "        async def n(self): pass\n");
  std::vector<std::pair<std::string, FunctionKind>> kinds;
  for (const auto& f : model.functions) kinds.emplace_back(f.qualified_name, f.kind);
  EXPECT_EQ(kinds,
            (std::vector<std::pair<std::string, FunctionKind>>{{"A.m", FunctionKind::Method},
                                                               {"A.s", FunctionKind::StaticMethod},
                                                               {"A.c", FunctionKind::ClassMethod},
                                                               {"A.p", FunctionKind::Property},
                                                               {"A.q", FunctionKind::Property},
                                                               {"A.B.n", FunctionKind::Method}}));
  EXPECT_TRUE(model.functions.back().is_async);
  EXPECT_EQ(model.functions.back().class_name, "A.B");
  EXPECT_EQ(model.classes.at(0).methods, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(model.classes.at(0).attributes, (Texts{"p"})) << "it has a setter";
  EXPECT_EQ(model.classes.at(1).name, "A.B");
}

TEST(PythonModel, GeneratorsAreThoseThatYieldThemselves) {
  const auto model = analyzed(
      "def a():\n    yield 1\n"
      "def b():\n    def inner():\n        yield 1\n    return inner\n"
      "def c():\n    x = lambda: (yield)\n"
      "async def d():\n    yield await e()\n"
      "def f():\n    yield from a()\n");
  std::string generators;
  for (const auto& f : model.functions) {
    if (f.is_generator) generators += f.name;
  }
  EXPECT_EQ(generators, "adf");
}

TEST(PythonModel, NestedFunctionsArePartOfTheirOwner) {
  const auto model = analyzed(
      "if True:\n    def f():\n        def g(): pass\n        class C:\n            def m(self): "
      "pass\n"
      "try:\n    def h(): pass\nexcept E:\n    pass\n");
  Texts names;
  for (const auto& f : model.functions) names.push_back(f.qualified_name);
  EXPECT_EQ(names, (Texts{"f", "h"}));
  EXPECT_TRUE(model.classes.empty());
}

TEST(PythonModel, OverloadStubsAreNotFunctions) {
  const auto model = analyzed(
      "@typing.overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\n"
      "def f(a): return a\n");
  EXPECT_EQ(model.functions.size(), 1U);
}

TEST(PythonModel, ClassesWithTheirFacts) {
  const auto model = analyzed(
      "@dataclass(frozen=True)\n"
      "class Point(Base, Generic[T], metaclass=ABCMeta):\n"
      "    'A point.'\n"
      "    x: int\n"
      "    y: int = 0\n"
      "    limit = 3\n"
      "    def __init__(self, z):\n"
      "        self.z, self.w = z, 1\n"
      "        self.v: int = 2\n"
      "        other.u = 1\n"
      "        self.count += 1\n");
  const auto& point = model.classes.at(0);
  EXPECT_EQ(point.bases, (Texts{"Base", "Generic[T]"}));
  EXPECT_EQ(point.docstring, "A point.");
  EXPECT_TRUE(point.is_dataclass);
  EXPECT_TRUE(point.is_abstract);
  EXPECT_EQ(point.attributes, (Texts{"x", "y", "limit", "z", "w", "v", "count"}));
  EXPECT_EQ(point.first_line, 2U);
  EXPECT_EQ(point.last_line, 11U);
}

TEST(PythonModel, EnumsExceptionsAndAbstractClasses) {
  const auto model = analyzed(
      "class E(enum.Enum): A = 1\n"
      "class F(E): pass\n"
      "class X(ValueError): pass\n"
      "class Y(X): pass\n"
      "class Z(abc.ABC): pass\n"
      "class W:\n    @abstractmethod\n    def f(self): pass\n"
      "class V: pass\n");
  std::string flags;
  for (const auto& c : model.classes) {
    flags += c.is_enum ? 'e' : c.is_exception ? 'x' : c.is_abstract ? 'a' : '-';
  }
  EXPECT_EQ(flags, "eexxaa-");
}

TEST(PythonModel, ImportsAndOptionalOnes) {
  const auto model = analyzed(
      "from __future__ import annotations\n"
      "import os, json.decoder as d\n"
      "from . import near\n"
      "from ..up.there import x\n"
      "try:\n    from _heapq import *\n    import fast\nexcept (ImportError, OSError):\n    import "
      "slow\n"
      "try:\n    import sure\nexcept KeyError: pass\n"
      "try:\n    import maybe\nexcept: pass\n"
      "def f():\n    import late\n");
  EXPECT_EQ(model.imported_modules, (Texts{"os", "json.decoder", ".", "..up.there", "_heapq",
                                           "fast", "slow", "sure", "maybe", "late"}));
  EXPECT_EQ(model.optional_imports, (Texts{"_heapq", "fast", "maybe"}));
}

TEST(PythonModel, ExportedNames) {
  EXPECT_FALSE(analyzed("x = 1\n").exported_names);
  EXPECT_EQ(analyzed("__all__ = ()\n").exported_names, Texts{});
  EXPECT_EQ(analyzed("__all__ = ['a', \"b\"]\n__all__ += ['c']\n__all__.extend(('d', 'a'))\n"
                     "__all__.append('e')\n")
                .exported_names,
            (Texts{"a", "b", "c", "d", "e"}));
}

TEST(PythonModel, LineCountDoesNotNeedAFinalNewline) {
  EXPECT_EQ(analyzed("x = 1\ny = 2").line_count, 2U);
  EXPECT_EQ(analyzed("x = 1\ny = 2\n").line_count, 2U);
}

}  // namespace
}  // namespace testgen::analysis
