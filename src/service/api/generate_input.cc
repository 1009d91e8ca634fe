#include "service/api/generate_input.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/strings.h"
#include "service/api/json_reader.h"

namespace testgen::service {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxNameBytes = 255;
constexpr std::size_t kMaxPathParts = 32;
constexpr std::uint64_t kMaxExecutions = 100'000'000;

std::string content_fault(std::string_view content) {
  return content.find('\0') != std::string_view::npos ? "must be text: it holds a zero byte" : "";
}

const Shape& options_shape() {
  static const Shape shape{
      .name = "GenerateOptions",
      .what = "How the tests are made.",
      .fields = {
          {.name = "budget_seconds",
           .kind = Kind::Number,
           .what = "Time for each module.",
           .min = kMinBudgetSeconds,
           .max = kMaxBudgetSeconds,
           .fallback = "10"},
          {.name = "seed", .kind = Kind::Integer, .what = "Seed of the search.", .fallback = "0"},
          {.name = "max_executions",
           .kind = Kind::Integer,
           .what = "Candidate tests to try; 0: the budget's time decides.",
           .most = kMaxExecutions,
           .fallback = "0"},
          {.name = "framework",
           .what = "For which the tests are written.",
           .fallback = "\"pytest\"",
           .values = {"pytest", "unittest"}},
          {.name = "output",
           .what = "Folder of the test files, relative to the project.",
           .least = 1,
           .most = kMaxPathBytes,
           .fallback = "\"tests\"",
           .fault = path_fault},
          {.name = "environment",
           .what = "A Python environment that the service's administrator has made, by name.",
           .least = 1,
           .most = 64},
          {.name = "engine",
           .what = "Who proposes tests; left out: as the service is set up. The explorer needs no "
                   "model; a service that asks none refuses the others.",
           .values = {"explorer", "llm", "auto"}},
          {.name = "symbols",
           .kind = Kind::Array,
           .what = "Functions and classes to test, by qualified name; none: all.",
           .most = kMaxSymbols},
      }};
  return shape;
}

// Two files of one name, or a file where another needs a folder.
void check_distinct(const std::vector<InputFile>& files, std::vector<FieldError>& errors) {
  std::set<std::string> paths;
  for (const InputFile& file : files) paths.insert(file.path);
  std::set<std::string> seen;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string pointer = "/files/" + std::to_string(i) + "/path";
    if (!seen.insert(files[i].path).second) {
      errors.push_back({pointer, "is the path of an earlier file too"});
    }
    const auto next = paths.upper_bound(files[i].path + "/");
    if (next != paths.end() && next->starts_with(files[i].path + "/")) {
      errors.push_back({pointer, "is a folder of another file"});
    }
  }
}

void check_files(const std::vector<InputFile>& files, std::vector<FieldError>& errors) {
  check_distinct(files, errors);
  const bool any_python = std::any_of(files.begin(), files.end(), [](const InputFile& file) {
    return file.generate && file.path.ends_with(".py");
  });
  if (!any_python && errors.empty()) {
    errors.push_back({"/files", "must hold at least one .py file to test"});
  }
}

// Of a body that has the shape.
GenerateInput take(const json& body) {
  GenerateInput input;
  input.language = body["language"];
  for (const json& entry : body["files"]) {
    input.files.push_back({entry["path"], entry["content"], entry.value("generate", true)});
  }
  if (const auto options = body.find("options"); options != body.end()) {
    input.budget_seconds = options->value("budget_seconds", kDefaultBudgetSeconds);
    input.seed = options->value("seed", std::uint64_t{0});
    input.max_executions = options->value("max_executions", std::uint64_t{0});
    input.framework = options->value("framework", input.framework);
    input.output = options->value("output", input.output);
    input.symbols = options->value("symbols", input.symbols);
    input.environment = options->value("environment", input.environment);
    input.engine = options->value("engine", input.engine);
  }
  const double wait = body.value("wait_seconds", kDefaultWaitSeconds);
  input.wait = std::chrono::milliseconds(static_cast<std::int64_t>(wait * 1000));
  return input;
}

}  // namespace

const Shape& source_file_shape() {
  static const Shape shape{
      .name = "SourceFile",
      .what = "A file as it lies in the project.",
      .fields = {
          {.name = "path",
           .need = Need::Required,
           .what = "Relative, inside the project, with / between its parts.",
           .least = 1,
           .most = kMaxPathBytes,
           .fault = path_fault},
          {.name = "content",
           .need = Need::Required,
           .what = "The text, in UTF-8.",
           .fault = content_fault},
          {.name = "generate",
           .kind = Kind::Boolean,
           .what = "False: the file is only there to be imported, or holds earlier tests.",
           .fallback = "true"},
      }};
  return shape;
}

const Shape& generate_shape() {
  static const Shape shape{.name = "GenerateRequest",
                           .what = "Files to make tests for.",
                           .fields = {
                               {.name = "language",
                                .need = Need::Required,
                                .what = "Language of the files.",
                                .values = {"python"}},
                               {.name = "files",
                                .kind = Kind::Array,
                                .need = Need::Required,
                                .what = "The sources, at least one .py to test.",
                                .least = 1,
                                .most = kMaxFiles,
                                .shape = source_file_shape},
                               {.name = "options",
                                .kind = Kind::Object,
                                .what = "How the tests are made.",
                                .shape = options_shape},
                               {.name = "wait_seconds",
                                .kind = Kind::Number,
                                .what = "How long this request waits for the result.",
                                .min = 0,
                                .max = kMaxWaitSeconds,
                                .fallback = "30"},
                           }};
  return shape;
}

std::string path_fault(std::string_view path) {
  if (path.empty()) return "must not be empty";
  if (path.size() > kMaxPathBytes) {
    return "must not be longer than " + std::to_string(kMaxPathBytes) + " bytes";
  }
  if (path.front() == '/') return "must be relative";
  const auto parts = base::split(path, '/');
  if (parts.size() > kMaxPathParts) {
    return "must not have more than " + std::to_string(kMaxPathParts) + " parts";
  }
  for (const std::string& part : parts) {
    if (part.empty()) return "must not have an empty part";
    if (part == "." || part == "..") return "must not have the part '" + part + "'";
    if (part.front() == '-') return "must not have a part that begins with '-'";
    if (part.size() > kMaxNameBytes) return "must not have a part over 255 bytes";
    for (const char c : part) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x20 || byte == 0x7f || c == '\\' || c == ':') {
        return "must not hold control characters, backslashes or colons";
      }
    }
  }
  return {};
}

std::string GenerateInput::canonical_json() const {
  json document;  // members in alphabetical order
  document["language"] = language;
  document["options"] = {{"budget_seconds", budget_seconds},
                         {"framework", framework},
                         {"max_executions", max_executions},
                         {"output", output},
                         {"seed", seed},
                         {"symbols", symbols}};
  if (!environment.empty()) document["options"]["environment"] = environment;
  if (!engine.empty()) document["options"]["engine"] = engine;
  document["files"] = json::array();
  for (const InputFile& file : files) {
    document["files"].push_back(
        {{"path", file.path}, {"content", file.content}, {"generate", file.generate}});
  }
  return document.dump();
}

std::variant<GenerateInput, Problem> parse_generate(std::string_view body) {
  const auto document = parse_json(body);
  if (!document) return Problem::from(document.error());
  std::vector<FieldError> errors;
  validate(*document, generate_shape(), "", errors);
  if (!errors.empty()) return Problem::from_fields(std::move(errors));
  GenerateInput input = take(*document);
  check_files(input.files, errors);
  if (!errors.empty()) return Problem::from_fields(std::move(errors));
  return input;
}

base::Result<GenerateInput> generate_input_of_job(std::string_view request_json) {
  auto parsed = parse_generate(request_json);
  if (const auto* problem = std::get_if<Problem>(&parsed)) {
    return base::Error{base::ErrorCode::InvalidInput, problem->detail, problem->hint};
  }
  return std::move(std::get<GenerateInput>(parsed));
}

}  // namespace testgen::service
