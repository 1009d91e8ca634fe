#include "analysis/test_file.h"

#include "support/python_text.h"

namespace testgen::analysis {
namespace {

using Names = std::set<std::string>;

TestFile read(const std::string& text, const std::string& module = "pkg.tests.test_cart",
              const std::string& path = "/p/pkg/tests/test_cart.py") {
  model::SourceFile source;
  source.text = text;
  source.path = path;
  source.module_name = module;
  auto file = read_test_file(source, base::SystemClock());
  EXPECT_TRUE(file.has_value());
  return file ? *std::move(file) : TestFile{};
}

std::string asserting(const TestFile& file) {
  std::string out;
  for (const TestFunction& test : file.tests) out += test.id + (test.asserts ? "+ " : "- ");
  return out;
}

TEST(TestFile, ImportsAreAbsolute) {
  EXPECT_EQ(read("import a.b as c, d\n").imports, (Names{"a", "a.b", "d"}));
  EXPECT_EQ(read("from a.b import (c as e, d)\n").imports, (Names{"a.b", "a.b.c", "a.b.d"}));
  EXPECT_EQ(read("from ..cart import Cart\n").imports, (Names{"pkg.cart", "pkg.cart.Cart"}));
  EXPECT_EQ(read("from .. import cart\n").imports, (Names{"pkg", "pkg.cart"}));
  EXPECT_EQ(read("from . import x\n", "pkg", "/p/pkg/__init__.py").imports,
            (Names{"pkg", "pkg.x"}));
  EXPECT_EQ(read("def f():\n    from m import *\n").imports, (Names{"m"}));
  EXPECT_EQ(read("from ..... import x\n").imports, (Names{"x"}));
}

TEST(TestFile, TestsAreNamedAsPytestDoes) {
  EXPECT_EQ(asserting(read("def test_a(): assert 1\n"
                           "class TestB:\n    def test_c(self):\n        def test_inner(): pass\n"
                           "    def helper(self): pass\n")),
            "test_a+ TestB::test_c- ");
}

TEST(TestFile, WhatCountsAsAnAssertion) {
  const auto one = [](const std::string& body) {
    return asserting(read("def test_a(self):\n    " + body + "\n"));
  };
  EXPECT_EQ(one("self.assertEqual(1, 2)"), "test_a+ ");
  EXPECT_EQ(one("with pytest.raises(E): f()"), "test_a+ ");
  EXPECT_EQ(one("m.assert_called_once()"), "test_a+ ");
  EXPECT_EQ(one("pytest.fail('x')"), "test_a+ ");
  EXPECT_EQ(one("if f(): raise AssertionError"), "test_a+ ");
  EXPECT_EQ(one("for x in y:\n        assert x"), "test_a+ ");
  EXPECT_EQ(one("f(1)"), "test_a- ");
  EXPECT_EQ(one("print('assert')"), "test_a- ");
}

TEST(TestFile, HelpersOfTheFileAssertForTheirCallers) {
  EXPECT_EQ(asserting(read("def test_a(): check(1)\n"
                           "def check(x): really(x)\n"
                           "def really(x): assert x\n"
                           "def test_b(): run(1)\n"
                           "def run(x): run(x)\n")),
            "test_a+ test_b- ");
}

TEST(TestFile, TextsThatMayNameAModule) {
  EXPECT_EQ(read("x = import_module('shop.cart')\ny = f'{x}'\n").texts, (Names{"shop.cart"}));
}

}  // namespace
}  // namespace testgen::analysis
