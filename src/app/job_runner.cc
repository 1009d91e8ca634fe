#include "app/job_runner.h"

#include <nlohmann/json.hpp>

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

// Nobody watches a job's progress bar.
class Unwatched final : public pipeline::Progress {
 public:
  void update(std::string_view, std::string_view, double) override {}
};

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

}  // namespace

base::Result<std::string> PipelineJobRunner::operator()(const model::Job& job,
                                                        const telemetry::SpanContext& parent,
                                                        std::stop_token stop) const {
  TG_ASSIGN(const service::GenerateInput input, service::generate_input_of_job(job.request_json));
  TG_ASSIGN(const base::TempDir folder, base::TempDir::create("testgen-job"));
  for (const auto& file : input.files) {
    TG_TRY(base::write_file_atomic(folder.path() / file.path, file.content));
  }

  pipeline::GenerateOptions options;
  options.budget = std::chrono::milliseconds(static_cast<long>(input.budget_seconds * 1000));
  options.seed = input.seed;
  options.output = folder.path() / "tests";
  options.interpreter = interpreter_;
  options.tool_version = std::string(version());
  Unwatched progress;
  json modules = json::array();
  json files = json::array();
  std::optional<base::Error> first_error;
  bool any = false;
  for (const auto& file : input.files) {
    if (!file.path.ends_with(".py") || source::is_test_file(file.path)) continue;
    if (stop.stop_requested()) return base::Error{ErrorCode::Cancelled, "the job was stopped", ""};
    auto report = pipeline_.generate(folder.path() / file.path, options, progress, parent, stop);
    model::ModuleReport module;
    if (report) {
      any = true;
      module = *std::move(report);
    } else {
      base::Error error = std::move(report).error();
      error.message = without_folder(error.message, folder.path());
      if (is_ours(error.code) || error.code == ErrorCode::Cancelled) return error;
      if (!first_error) first_error = error;
      module.error = std::move(error);
      module.language = input.language;
    }
    module.source_path = file.path;
    for (auto& made : module.files) {
      files.push_back({{"path", "tests/" + made.path}, {"content", std::move(made.content)}});
    }
    module.files.clear();
    modules.push_back(json::parse(emit::module_json(module)));
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
