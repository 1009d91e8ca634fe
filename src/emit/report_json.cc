#include "emit/report_json.h"

#include <nlohmann/json.hpp>

#include "emit/run_totals.h"

namespace testgen::emit {
namespace {

// Members keep the order they are written in, so that a person can read the file too.
using Json = nlohmann::ordered_json;

double seconds(std::chrono::milliseconds time) {
  return static_cast<double>(time.count()) / 1000.0;
}

Json model_of(const model::ModelUse& use) {
  return {{"provider", use.provider},
          {"name", use.model},
          {"tests_proposed", use.proposed},
          {"tests_kept", use.kept},
          {"values_observed", use.observed},
          {"tokens", use.tokens},
          {"dollars", use.dollars ? Json(*use.dollars) : Json()}};
}

Json error_of(const base::Error& error) {
  return {{"code", base::to_string(error.code)}, {"message", error.message}, {"hint", error.hint}};
}

Json coverage_of(const model::Coverage& coverage) {
  return {{"tool", coverage.tool},
          {"lines_total", coverage.lines_total},
          {"lines_covered", coverage.lines_covered},
          {"branches_total", coverage.branches_total},
          {"branches_covered", coverage.branches_covered},
          {"line_ratio", coverage.line_ratio()},
          {"branch_ratio", coverage.branch_ratio()}};
}

Json mutation_of(const model::MutationScore& mutation) {
  return {{"mutants_total", mutation.mutants_total},
          {"mutants_run", mutation.mutants_run},
          {"killed", mutation.killed},
          {"ratio", mutation.ratio()},
          {"survivors", mutation.survivors}};
}

Json module_of(const model::ModuleReport& report) {
  Json out = {{"source_path", report.source_path},
              {"module_name", report.module_name},
              {"language", report.language},
              {"interpreter", report.interpreter},
              {"source_bytes", report.source_bytes},
              {"functions_total", report.functions_total},
              {"functions_tested", report.functions_tested},
              {"tests_kept", report.tests_kept},
              {"tests_dropped", report.tests_dropped},
              {"executions", report.executions},
              {"quality", report.quality},
              {"elapsed_seconds", seconds(report.elapsed)}};
  out["coverage"] = report.coverage ? coverage_of(*report.coverage) : Json();
  out["mutation"] = report.mutation ? mutation_of(*report.mutation) : Json();
  out["tests"] = Json::array();
  for (const model::KeptTest& test : report.tests) {
    out["tests"].push_back({{"name", test.name}, {"function", test.function}});
  }
  out["tests_standing"] = report.tests_standing;
  out["retired"] = Json::array();
  for (const model::RetiredTests& gone : report.retired) {
    out["retired"].push_back({{"function", gone.function},
                              {"tests", gone.tests},
                              {"reason", model::to_string(gone.reason)}});
  }
  out["files"] = Json::array();
  for (const model::GeneratedFile& file : report.files) {
    out["files"].push_back({{"path", file.path}, {"content", file.content}});
  }
  out["omissions"] = Json::array();
  for (const model::Omission& omission : report.omissions) {
    out["omissions"].push_back({{"subject", omission.subject}, {"reason", omission.reason}});
  }
  out["suspicions"] = Json::array();
  for (const model::Suspicion& suspicion : report.suspicions) {
    out["suspicions"].push_back({{"function", suspicion.function},
                                 {"exception", suspicion.exception},
                                 {"reproducer", suspicion.reproducer}});
  }
  out["model"] = report.model_use ? model_of(*report.model_use) : Json();
  out["error"] = report.error ? error_of(*report.error) : Json();
  return out;
}

Json outcome_of(const ModuleOutcome& module) {
  Json out = module_of(module.report);
  out["written"] = Json::array();
  for (const WrittenFile& file : module.files) {
    out["written"].push_back(
        {{"path", file.path.string()}, {"outcome", to_string(file.outcome)}, {"note", file.note}});
  }
  out["write_errors"] = Json::array();
  for (const base::Error& error : module.write_errors) {
    out["write_errors"].push_back(error_of(error));
  }
  return out;
}

Json summary_of(const RunReport& run) {
  const RunTotals sums = totals(run);
  Json out = {{"modules", run.modules.size()},
              {"modules_failed", sums.modules_failed},
              {"functions_total", sums.functions_total},
              {"functions_tested", sums.functions_tested},
              {"tests_kept", sums.tests},
              {"files_written", sums.files}};
  out["line_ratio"] = sums.coverage ? Json(sums.coverage->line_ratio()) : Json();
  out["branch_ratio"] = sums.coverage ? Json(sums.coverage->branch_ratio()) : Json();
  out["coverage_ratio"] = sums.coverage ? Json(combined_ratio(*sums.coverage)) : Json();
  out["mutation_ratio"] = sums.mutation ? Json(sums.mutation->ratio()) : Json();
  out["quality"] = sums.quality ? Json(*sums.quality) : Json();
  return out;
}

Json target_of(const Target& target) {
  Json out = {{"name", target.name}, {"wanted_percent", target.wanted}};
  out["reached_percent"] = target.reached ? Json(*target.reached) : Json();
  out["met"] = target.met();
  return out;
}

// Text of user code may not be UTF-8; a report must be, so bad bytes become U+FFFD.
std::string dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string report_json(const RunReport& run) {
  Json out = {{"schema_version", kReportSchemaVersion},
              {"tool", {{"name", "testgen"}, {"version", run.tool_version}}},
              {"seed", run.seed},
              {"budget_seconds", seconds(run.budget)},
              {"elapsed_seconds", seconds(run.elapsed)},
              {"interrupted", run.interrupted},
              {"output", run.output.string()},
              {"sandbox", run.sandbox},
              {"test_command", run.test_command},
              {"summary", summary_of(run)}};
  out["targets"] = Json::array();
  for (const Target& target : run.targets) out["targets"].push_back(target_of(target));
  out["modules"] = Json::array();
  for (const ModuleOutcome& module : run.modules) out["modules"].push_back(outcome_of(module));
  return dump(out, 2) + "\n";
}

std::string module_json(const model::ModuleReport& report) {
  return dump(module_of(report), -1);
}

}  // namespace testgen::emit
