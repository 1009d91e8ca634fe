// Finds test cases that differ only in values, and lays them out as one table: a parametrised
// test a person would have written. Pure.
#pragma once

#include <string>
#include <vector>

#include "model/module_model.h"
#include "model/test_case.h"

namespace testgen::emit {

struct TableRow {
  std::size_t test = 0;             // index of the test case
  std::vector<std::string> values;  // one a column
  std::string id;                   // "width_is_zero"; unique in the table
};

// One test over several rows; with a single row and no columns it is a plain test.
struct TestGroup {
  std::string name;
  std::vector<std::string> columns;
  std::vector<TableRow> rows;
  // What every row has in common, with the columns' names where the values differ.
  model::TestCase pattern;
  bool message_is_column = false;  // the exception's message is a column's name
  // For each assertion of the pattern: its literal is a column's name.
  std::vector<bool> literal_is_column;
};

struct TableRules {
  std::string alias;                           // of the module under test
  const model::ModuleModel* module = nullptr;  // for the names of parameters; may be null
  std::size_t row_width = 88;                  // what a row may take, without its indent
  std::size_t most_rows = 12;                  // 0: no tables
};

// Groups in the order of their first case. `tests` are about one function.
[[nodiscard]] std::vector<TestGroup> group_cases(const std::vector<model::TestCase>& tests,
                                                 const std::vector<std::size_t>& indices,
                                                 const TableRules& rules);

// A test of one case, without a table.
[[nodiscard]] TestGroup plain_group(const std::vector<model::TestCase>& tests, std::size_t index);

// What a row takes as source text, pytest.param and all.
[[nodiscard]] std::string row_source(const TableRow& row);

}  // namespace testgen::emit
