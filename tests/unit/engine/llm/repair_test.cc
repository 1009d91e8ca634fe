#include "engine/llm/repair.h"

#include <gtest/gtest.h>

namespace testgen::llm {
namespace {

ProposedTest test_of(std::string text) {
  ProposedTest out;
  out.name = "test_a";
  out.text = std::move(text);
  return out;
}

const char* const kText =
    "def test_a():\n    assert f(1) == 2\n    assert g(x) == 'a'\n    assert f(2) != 3\n    assert "
    "f(3) == y";

TEST(Repair, ProbesComparisonsWithLiteralsOnly) {
  const base::SystemClock clock;
  const auto probed = with_probes(test_of(kText), clock);
  ASSERT_TRUE(probed.has_value());
  EXPECT_EQ(probed->text,
            "def test_a():\n    assert (testgen_saw := (f(1))) == 2, \"testgen saw 0: \" + "
            "repr(testgen_saw)\n    assert (testgen_saw := (g(x))) == 'a', \"testgen saw 1: \" + "
            "repr(testgen_saw)\n    assert f(2) != 3\n    assert f(3) == y");
  EXPECT_FALSE(with_probes(test_of("def test_a():\n    assert f(1) == y"), clock).has_value());
  EXPECT_FALSE(with_probes(test_of("def test_a():\n    assert 1 == 1"), clock).has_value());
}

TEST(Repair, PutsTheObservedValueInAndSaysSo) {
  const base::SystemClock clock;
  const auto mended = with_observed(
      test_of(kText), "AssertionError: testgen saw 1: ['b', {'k': -1.5}]\nassert x", clock);
  ASSERT_TRUE(mended.has_value());
  EXPECT_TRUE(mended->observed);
  EXPECT_EQ(mended->text,
            "def test_a():\n    assert f(1) == 2\n    # Observed; the model expected 'a'.\n    "
            "assert g(x) == "
            "['b', {'k': -1.5}]\n    assert f(2) != 3\n    assert f(3) == y");
}

TEST(Repair, TakesNothingButPlainValues) {
  const base::SystemClock clock;
  for (const char* failure :
       {"ValueError: no", "testgen saw", "testgen saw 9: 1", "testgen saw 0: <object at 0x7f>",
        "testgen saw 0: __import__('os').system('id')", "testgen saw 0: 1; import os",
        "testgen saw 0: f()", "testgen saw 0: ", "testgen saw -1: 1",
        "testgen saw 0: [x for x in y]", "testgen saw 0: f'{x}'"}) {
    EXPECT_FALSE(with_observed(test_of(kText), failure, clock).has_value()) << failure;
  }
}

}  // namespace
}  // namespace testgen::llm
