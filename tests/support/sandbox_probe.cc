// Runs one program in a sandbox, for tests written in Python: a JSON request on standard input,
// the RunResult (or the error) as JSON on standard output. Not shipped.
#include <chrono>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "sandbox/bubblewrap.h"
#include "sandbox/direct.h"

namespace {

using testgen::base::Result;
using testgen::model::RunResult;
namespace sandbox = testgen::sandbox;
using nlohmann::json;

sandbox::Request read_request(const json& input) {
  sandbox::Request request;
  request.argv = input.at("argv").get<std::vector<std::string>>();
  request.environment = input.value("environment", std::vector<std::string>{});
  for (const auto& path : input.value("read_only", std::vector<std::string>{})) {
    request.read_only.emplace_back(path);
  }
  for (const auto& path : input.value("writable", std::vector<std::string>{})) {
    request.writable.emplace_back(path);
  }
  for (const auto& path : input.value("hidden", std::vector<std::string>{})) {
    request.hidden.emplace_back(path);
  }
  request.working_directory = input.value("working_directory", "/tmp");
  request.standard_input = input.value("standard_input", "");
  auto& limits = request.limits;
  limits.wall = std::chrono::milliseconds(input.value("wall_ms", limits.wall.count()));
  limits.cpu = std::chrono::seconds(input.value("cpu_s", limits.cpu.count()));
  limits.memory_bytes = input.value("memory_bytes", limits.memory_bytes);
  limits.tree_memory_bytes = input.value("tree_memory_bytes", limits.tree_memory_bytes);
  limits.file_bytes = input.value("file_bytes", limits.file_bytes);
  limits.temporary_bytes = input.value("temporary_bytes", limits.temporary_bytes);
  limits.processes = input.value("processes", limits.processes);
  limits.open_files = input.value("open_files", limits.open_files);
  limits.output_bytes = input.value("output_bytes", limits.output_bytes);
  return request;
}

json write_result(const Result<RunResult>& result) {
  if (!result) {
    const auto& error = result.error();
    return {{"error", testgen::base::to_string(error.code)},
            {"message", error.message},
            {"hint", error.hint}};
  }
  return {{"outcome", testgen::model::to_string(result->outcome)},
          {"exit_code", result->exit_code},
          {"signal", result->signal},
          {"stdout", result->standard_output},
          {"stderr", result->standard_error},
          {"wall_ms", result->wall.count()},
          {"cpu_ms", result->cpu.count()},
          {"peak_memory_bytes", result->peak_memory_bytes}};
}

template <class Box>
Result<RunResult> run(const json& input) {
  Box box;
  return box.run(read_request(input), {});
}

}  // namespace

int main() {
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  const json input = json::parse(text);
  const bool direct = input.value("sandbox", "bubblewrap") == "none";
  const auto result =
      direct ? run<sandbox::DirectSandbox>(input) : run<sandbox::BubblewrapSandbox>(input);
  std::cout << write_result(result).dump(-1, ' ', false, json::error_handler_t::replace) << "\n";
  return 0;
}
