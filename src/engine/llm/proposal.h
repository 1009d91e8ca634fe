// Tests as a model proposed them, between its reply and the verifier. Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/import_plan.h"
#include "model/module_model.h"
#include "model/test_case.h"

namespace testgen::llm {

// One function of the module and what no test shows of it yet.
struct Gap {
  std::string function;  // qualified name
  std::uint32_t first_line = 0;
  std::uint32_t last_line = 0;
  std::vector<std::uint32_t> missed_lines;   // ascending
  std::vector<std::string> missed_branches;  // "line 12: `x > 3` is never false"
  std::vector<std::string> survivors;        // "line 12: < became <="

  [[nodiscard]] bool empty() const {
    return missed_lines.empty() && missed_branches.empty() && survivors.empty();
  }
};

// The module that tests are proposed for; borrowed.
struct Subject {
  const model::ModuleModel* module = nullptr;
  const model::ImportPlan* plan = nullptr;
  std::string_view source;  // its text
  model::Framework framework = model::Framework::Pytest;
};

struct ProposedTest {
  std::string name;
  std::string text;                  // decorators and function, nothing around it
  std::vector<std::string> helpers;  // whole definitions that it uses
  std::vector<std::string> modules;  // that it needs imported: "datetime"
  std::vector<std::string> rows;     // ids, when it is a table
  bool observed = false;             // an expected value was replaced by what was seen
};

struct Rejection {
  std::string test;
  std::string reason;
  bool operator==(const Rejection&) const = default;
};

struct ParsedReply {
  std::vector<ProposedTest> tests;
  std::vector<Rejection> rejected;
};

}  // namespace testgen::llm
