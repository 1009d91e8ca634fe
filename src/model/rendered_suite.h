// A test file's text, and which test case each of its items came from. Plain data.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace testgen::model {

// Something the runner reports by itself: a test function, or one row of a table of cases.
struct SuiteItem {
  std::string id;                  // "TestCart::test_total[when_empty]", as the runner names it
  std::vector<std::size_t> tests;  // indices of the test cases it stands for
};

enum class SuiteLayout {
  OneItemACase,  // every test case is an item of its own, so that each can be judged alone
  AsEmitted,     // what is written to disk: cases that differ only in values share a table
};

struct RenderedSuite {
  std::string text;
  std::vector<SuiteItem> items;
};

}  // namespace testgen::model
