#include "app/job_runner.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/application.h"
#include "app/version.h"
#include "base/file_system.h"
#include "emit/report_json.h"
#include "service/api/generate_input.h"
#include "source/discovery.h"

namespace testgen::app {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using nlohmann::json;

// Tells whoever watches the job how far one of its files is, as a share of them all.
class FileProgress final : public pipeline::Progress {
 public:
  FileProgress(const service::JobProgress& told, const std::string& path, std::size_t index,
               std::size_t count)
      : told_(told), path_(path), index_(index), count_(count) {}
  void update(std::string_view, std::string_view stage, double fraction) override {
    told_(path_, stage, (static_cast<double>(index_) + fraction) / static_cast<double>(count_));
  }

 private:
  const service::JobProgress& told_;
  const std::string& path_;
  std::size_t index_;
  std::size_t count_;
};

bool is_work(const service::InputFile& file) {
  return file.generate && file.path.ends_with(".py") && !source::is_test_file(file.path);
}

// A module's report without its files, but with what line reports are made of.
json module_document(const model::ModuleReport& module) {
  json document = json::parse(emit::module_json(module));
  document.erase("files");
  if (!module.coverage) return document;
  json& coverage = document["coverage"];
  coverage["covered_lines"] = module.coverage->covered_lines;
  coverage["missed_lines"] = module.coverage->missed_lines;
  coverage["branches"] = json::array();
  for (const model::BranchOutcome& branch : module.coverage->branches) {
    coverage["branches"].push_back({branch.line, branch.target, branch.taken});
  }
  return document;
}

// Errors that no other input would have avoided.
bool is_ours(ErrorCode code) {
  return code == ErrorCode::Environment || code == ErrorCode::Internal || code == ErrorCode::Io ||
         code == ErrorCode::ResourceExhausted || code == ErrorCode::Unavailable;
}

// Paths of the private folder mean nothing to the caller.
std::string without_folder(std::string text, const fs::path& folder) {
  const std::string prefix = folder.string() + "/";
  for (std::size_t at = 0; (at = text.find(prefix, at)) != std::string::npos;) {
    text.erase(at, prefix.size());
  }
  return text;
}

// An environment can go between the request and the run, which is no fault of the service.
base::Result<std::string> interpreter_of(const service::Environments& environments,
                                         const std::string& name) {
  const auto named = environments.find(name);
  if (named) return named->interpreter().string();
  return base::Error{ErrorCode::InvalidInput, named.error().message, named.error().hint};
}

// Who posted the code cannot install anything here.
void name_the_way_to_packages(base::Error& error, const std::string& environment) {
  if (error.message.find("ModuleNotFoundError") == std::string::npos) return;
  error.hint = environment.empty()
                   ? "name an environment that has the package in options.environment; an "
                     "administrator builds one with: testgen env create"
                   : "the environment \"" + environment +
                         "\" does not have the package; an administrator builds one that does "
                         "with: testgen env create";
}

}  // namespace

base::Result<std::string> PipelineJobRunner::operator()(const model::Job& job,
                                                        const telemetry::SpanContext& parent,
                                                        std::stop_token stop,
                                                        const service::JobProgress& told) const {
  TG_ASSIGN(const service::GenerateInput input, service::generate_input_of_job(job.request_json));
  TG_ASSIGN(const base::TempDir folder, base::TempDir::create("testgen-job"));
  for (const auto& file : input.files) {
    TG_TRY(base::write_file_atomic(folder.path() / file.path, file.content));
  }

  pipeline::GenerateOptions options;
  options.budget = std::chrono::milliseconds(static_cast<long>(input.budget_seconds * 1000));
  options.seed = input.seed;
  options.max_executions = input.max_executions;
  options.symbols = input.symbols;
  options.framework =
      input.framework == "unittest" ? model::Framework::Unittest : model::Framework::Pytest;
  options.output = folder.path() / input.output;
  options.interpreter = interpreter_;
  if (!input.environment.empty()) {
    TG_ASSIGN(options.interpreter, interpreter_of(environments_, input.environment));
  }
  options.tool_version = std::string(version());
  options.model = model_;
  if (!input.engine.empty()) options.model.engine = engine_of(input.engine);
  // Kept from before the service was set up anew.
  if (options.model.client == nullptr) options.model.engine = pipeline::Engine::Explorer;
  options.model.payer = job.key_id;
  const auto count =
      static_cast<std::size_t>(std::count_if(input.files.begin(), input.files.end(), is_work));
  std::size_t index = 0;
  json modules = json::array();
  json files = json::array();
  std::optional<base::Error> first_error;
  bool any = false;
  for (const auto& file : input.files) {
    if (!is_work(file)) continue;
    if (stop.stop_requested()) return base::Error{ErrorCode::Cancelled, "the job was stopped", ""};
    FileProgress progress(told, file.path, index++, count);
    auto report = pipeline_.generate(folder.path() / file.path, options, progress, parent, stop);
    model::ModuleReport module;
    if (report) {
      any = true;
      module = *std::move(report);
    } else {
      base::Error error = std::move(report).error();
      error.message = without_folder(error.message, folder.path());
      name_the_way_to_packages(error, input.environment);
      if (is_ours(error.code) || error.code == ErrorCode::Cancelled) return error;
      if (!first_error) first_error = error;
      module.error = std::move(error);
      module.language = input.language;
    }
    module.source_path = file.path;
    for (auto& made : module.files) {
      files.push_back(
          {{"path", input.output + "/" + made.path}, {"content", std::move(made.content)}});
    }
    modules.push_back(module_document(module));
  }
  if (stop.stop_requested()) return base::Error{ErrorCode::Cancelled, "the job was stopped", ""};
  if (!any) {
    if (first_error) return *first_error;
    return base::Error{ErrorCode::NothingToDo, "no file in the request holds code to test",
                       "post at least one .py file that is not a test"};
  }
  return json{{"modules", std::move(modules)}, {"files", std::move(files)}}.dump(
      -1, ' ', false, json::error_handler_t::replace);
}

}  // namespace testgen::app
