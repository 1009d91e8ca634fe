#include "emit/report_json.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace testgen::emit {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

RunReport full_run() {
  RunReport run{.tool_version = "0.1.0", .seed = 7, .budget = 1500ms, .elapsed = 2s};
  run.output = "out";
  run.sandbox = "bubblewrap";
  ModuleOutcome module;
  module.report.source_path = "a.py";
  module.report.module_name = "a";
  module.report.language = "python";
  module.report.coverage = model::Coverage{"coverage.py", 10, 5, 4, 3};
  module.report.mutation = model::MutationScore{30, 20, 15, {"line 3: < became <="}};
  module.report.tests = {{"test_f", "f"}};
  module.report.tests_standing = 1;
  module.report.retired = {{"h", 3, model::RetiredTests::Reason::Gone},
                           {"f", 1, model::RetiredTests::Reason::Changed},
                           {"g", 1, model::RetiredTests::Reason::Stale}};
  run.targets = {{"coverage", 80, 57.1}, {"quality", 50, std::nullopt}};
  module.report.files = {{"test_a.py", "assert '\xff'\n"}};  // not UTF-8
  module.report.omissions = {{"f", "why"}};
  module.report.suspicions = {{"g", "TypeError: x", "g(1)"}};
  module.files = {{"out/test_a.py", WriteOutcome::Replaced, ""}};
  module.write_errors = {{base::ErrorCode::Io, "m", "h"}};
  run.modules = {module, {}};
  run.modules[1].report.error = base::Error{base::ErrorCode::InvalidInput, "bad", ""};
  return run;
}

// The subset of JSON Schema that the schema file uses: type, required, properties,
// additionalProperties false, items, enum, const, minimum, maximum and $ref to $defs.
void check(const json& value, const json& schema, const json& root, const std::string& where) {
  if (schema.contains("$ref")) {
    const auto name = schema["$ref"].get<std::string>().substr(std::string("#/$defs/").size());
    return check(value, root["$defs"].at(name), root, where);
  }
  if (schema.contains("type")) {
    const json types = schema["type"].is_array() ? schema["type"] : json::array({schema["type"]});
    bool fits = false;
    for (const json& type : types) {
      fits = fits || (type == "object" && value.is_object()) ||
             (type == "array" && value.is_array()) || (type == "string" && value.is_string()) ||
             (type == "integer" && value.is_number_integer()) ||
             (type == "number" && value.is_number()) || (type == "null" && value.is_null()) ||
             (type == "boolean" && value.is_boolean());
    }
    EXPECT_TRUE(fits) << where << " is " << value.type_name() << ", not " << types;
  }
  if (value.is_null()) return;
  if (schema.contains("const")) {
    EXPECT_EQ(value, schema["const"]) << where;
  }
  if (schema.contains("enum")) {
    EXPECT_NE(std::find(schema["enum"].begin(), schema["enum"].end(), value), schema["enum"].end())
        << where << ": " << value;
  }
  if (schema.contains("minimum")) {
    EXPECT_GE(value, schema["minimum"]) << where;
  }
  if (schema.contains("maximum")) {
    EXPECT_LE(value, schema["maximum"]) << where;
  }
  for (const json& name : schema.value("required", json::array())) {
    EXPECT_TRUE(value.contains(name)) << where << " lacks " << name;
  }
  if (value.is_object()) {
    for (const auto& [name, member] : value.items()) {
      ASSERT_TRUE(schema["properties"].contains(name))
          << where << "." << name << " is not documented";
      check(member, schema["properties"][name], root, where + "." + name);
    }
  }
  if (value.is_array() && schema.contains("items")) {
    for (const json& item : value) check(item, schema["items"], root, where + "[]");
  }
}

json schema_file() {
  std::ifstream file(TESTGEN_SOURCE_DIR "/docs/reference/report-schema.json");
  return json::parse(file);
}

TEST(ReportJson, FollowsItsDocumentedSchema) {
  const json schema = schema_file();
  const json report = json::parse(report_json(full_run()));
  check(report, schema, schema, "report");
  check(json::parse(report_json({})), schema, schema, "empty");
}

TEST(ReportJson, TheCheckerItselfCanFail) {
  const json schema = schema_file();
  json report = json::parse(report_json(full_run()));
  report.erase("seed");
  report["modules"][0]["surprise"] = 1;
  testing::TestPartResultArray failures;
  {
    testing::ScopedFakeTestPartResultReporter reporter(&failures);
    check(report, schema, schema, "report");
  }
  EXPECT_EQ(failures.size(), 2);
}

TEST(ReportJson, HoldsWhatTheModuleReportHolds) {
  const json report = json::parse(report_json(full_run()));
  EXPECT_EQ(report["schema_version"], kReportSchemaVersion);
  EXPECT_EQ(report["seed"], 7);
  EXPECT_EQ(report["budget_seconds"], 1.5);
  EXPECT_EQ(report["summary"]["modules_failed"], 2);
  const json& module = report["modules"][0];
  EXPECT_EQ(module["coverage"]["branch_ratio"], 0.75);
  EXPECT_EQ(module["written"][0]["outcome"], "replaced");
  EXPECT_EQ(module["files"][0]["content"], "assert '\xef\xbf\xbd'\n");
  EXPECT_EQ(module["mutation"]["ratio"], 0.75);
  EXPECT_EQ(module["mutation"]["survivors"][0], "line 3: < became <=");
  EXPECT_EQ(module["tests"][0]["function"], "f");
  EXPECT_EQ(report["summary"]["branch_ratio"], 0.75);
  EXPECT_EQ(report["summary"]["mutation_ratio"], 0.75);
  EXPECT_EQ(report["targets"][0]["met"], false);
  EXPECT_TRUE(report["targets"][1]["reached_percent"].is_null());
  EXPECT_TRUE(report["modules"][1]["mutation"].is_null());
  EXPECT_EQ(report["modules"][1]["error"]["code"], "invalid_input");
  EXPECT_TRUE(report["modules"][1]["coverage"].is_null());
}

TEST(ReportJson, OneModuleFitsOnOneLine) {
  const std::string line = module_json(full_run().modules[0].report);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(json::parse(line)["module_name"], "a");
}

}  // namespace
}  // namespace testgen::emit
