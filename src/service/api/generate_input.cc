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

InputFile read_file_entry(const json& value, const std::string& pointer,
                          std::vector<FieldError>& errors) {
  ObjectReader reader(value, pointer, errors);
  InputFile file;
  if (auto path = reader.text("path", Need::Required)) {
    file.path = std::move(*path);
    if (std::string fault = path_fault(file.path); !fault.empty()) {
      errors.push_back({reader.pointer("path"), std::move(fault)});
    }
  }
  if (auto content = reader.text("content", Need::Required)) {
    file.content = std::move(*content);
    if (file.content.find('\0') != std::string::npos) {
      errors.push_back({reader.pointer("content"), "must be text: it holds a zero byte"});
    }
  }
  reader.finish();
  return file;
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

void read_files(const json& list, GenerateInput& input, std::vector<FieldError>& errors) {
  if (list.empty() || list.size() > kMaxFiles) {
    errors.push_back({"/files", "must hold 1 to " + std::to_string(kMaxFiles) + " files"});
    return;
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    input.files.push_back(read_file_entry(list[i], "/files/" + std::to_string(i), errors));
  }
  check_distinct(input.files, errors);
  const bool any_python =
      std::any_of(input.files.begin(), input.files.end(),
                  [](const InputFile& file) { return file.path.ends_with(".py"); });
  if (!any_python && errors.empty()) {
    errors.push_back({"/files", "must hold at least one .py file"});
  }
}

}  // namespace

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
  document["options"] = {{"budget_seconds", budget_seconds}, {"seed", seed}};
  document["files"] = json::array();
  for (const InputFile& file : files) {
    document["files"].push_back({{"path", file.path}, {"content", file.content}});
  }
  return document.dump();
}

std::variant<GenerateInput, Problem> parse_generate(std::string_view body) {
  const auto document = parse_json(body);
  if (!document) return Problem::from(document.error());
  std::vector<FieldError> errors;
  GenerateInput input;
  ObjectReader reader(*document, "", errors);
  if (auto language = reader.text("language", Need::Required)) {
    input.language = std::move(*language);
    if (input.language != "python") errors.push_back({"/language", "must be \"python\""});
  }
  if (const json* files = reader.array("files", Need::Required)) {
    read_files(*files, input, errors);
  }
  if (const json* options = reader.object("options", Need::Optional)) {
    ObjectReader option(*options, "/options", errors);
    input.budget_seconds = option.number("budget_seconds", kMinBudgetSeconds, kMaxBudgetSeconds)
                               .value_or(kDefaultBudgetSeconds);
    input.seed = option.integer("seed", UINT64_MAX).value_or(0);
    option.finish();
  }
  const double wait =
      reader.number("wait_seconds", 0, kMaxWaitSeconds).value_or(kDefaultWaitSeconds);
  input.wait = std::chrono::milliseconds(static_cast<std::int64_t>(wait * 1000));
  reader.finish();
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
