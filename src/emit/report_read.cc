#include "emit/report_read.h"

#include <nlohmann/json.hpp>

namespace testgen::emit {
namespace {

using base::Error;
using base::ErrorCode;
using nlohmann::json;

model::Coverage coverage_of(const json& in) {
  model::Coverage out;
  out.tool = in.at("tool");
  out.lines_total = in.at("lines_total");
  out.lines_covered = in.at("lines_covered");
  out.branches_total = in.at("branches_total");
  out.branches_covered = in.at("branches_covered");
  out.covered_lines = in.value("covered_lines", out.covered_lines);
  out.missed_lines = in.value("missed_lines", out.missed_lines);
  for (const json& branch : in.value("branches", json::array())) {
    out.branches.push_back({branch.at(0), branch.at(1), branch.at(2)});
  }
  return out;
}

model::MutationScore mutation_of(const json& in) {
  return {.mutants_total = in.at("mutants_total"),
          .mutants_run = in.at("mutants_run"),
          .killed = in.at("killed"),
          .survivors = in.at("survivors")};
}

model::RetiredTests::Reason reason_of(const std::string& text) {
  using Reason = model::RetiredTests::Reason;
  for (const Reason reason : {Reason::Changed, Reason::Stale}) {
    if (model::to_string(reason) == text) return reason;
  }
  return Reason::Gone;
}

Error error_of(const json& in) {
  const auto code = base::error_code_from(in.at("code").get<std::string>());
  return {code.value_or(ErrorCode::Internal), in.at("message"), in.value("hint", "")};
}

model::ModelUse model_of(const json& in) {
  model::ModelUse out;
  out.provider = in.at("provider");
  out.model = in.at("name");
  out.proposed = in.at("tests_proposed");
  out.kept = in.at("tests_kept");
  out.observed = in.at("values_observed");
  out.tokens = in.at("tokens");
  if (const json& dollars = in.at("dollars"); !dollars.is_null()) out.dollars = dollars;
  return out;
}

model::ModuleReport report_of(const json& in) {
  model::ModuleReport out;
  out.source_path = in.at("source_path");
  out.module_name = in.at("module_name");
  out.language = in.at("language");
  out.interpreter = in.at("interpreter");
  out.source_bytes = in.at("source_bytes");
  out.functions_total = in.at("functions_total");
  out.functions_tested = in.at("functions_tested");
  out.tests_kept = in.at("tests_kept");
  out.tests_dropped = in.at("tests_dropped");
  out.executions = in.at("executions");
  out.quality = in.at("quality");
  out.elapsed = std::chrono::milliseconds(
      static_cast<std::int64_t>(in.at("elapsed_seconds").get<double>() * 1000));
  if (const json& coverage = in.at("coverage"); !coverage.is_null()) {
    out.coverage = coverage_of(coverage);
  }
  if (const json& mutation = in.at("mutation"); !mutation.is_null()) {
    out.mutation = mutation_of(mutation);
  }
  if (const json& use = in.at("model"); !use.is_null()) out.model_use = model_of(use);
  for (const json& test : in.at("tests")) {
    out.tests.push_back({test.at("name"), test.at("function")});
  }
  out.tests_standing = in.at("tests_standing");
  for (const json& gone : in.at("retired")) {
    out.retired.push_back({gone.at("function"), gone.at("tests"), reason_of(gone.at("reason"))});
  }
  for (const json& omission : in.at("omissions")) {
    out.omissions.push_back({omission.at("subject"), omission.at("reason")});
  }
  for (const json& suspicion : in.at("suspicions")) {
    out.suspicions.push_back(
        {suspicion.at("function"), suspicion.at("exception"), suspicion.at("reproducer")});
  }
  if (const json& error = in.at("error"); !error.is_null()) out.error = error_of(error);
  return out;
}

}  // namespace

base::Result<model::ModuleReport> read_module(const json& document) {
  try {
    return report_of(document);
  } catch (const json::exception& fault) {
    return Error{ErrorCode::Unavailable,
                 std::string("the report of a module cannot be read: ") + fault.what(),
                 "the service may be of another version than this program"};
  }
}

}  // namespace testgen::emit
