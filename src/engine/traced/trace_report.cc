#include "engine/traced/trace_report.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>

namespace testgen::engine {
namespace {

using nlohmann::json;

constexpr std::size_t kMostCalls = 2000;
constexpr std::size_t kMostArguments = 40;
constexpr std::size_t kMostBefore = 4;
constexpr std::size_t kLongestLine = 200'000;
constexpr std::size_t kLongestSource = 400;
constexpr std::size_t kLongestName = 120;
constexpr std::size_t kLongestPath = 4096;
constexpr std::size_t kMostFixtures = 60;
// Decorators stand above the def line; more lines than this are another function's.
constexpr std::uint32_t kMostDecoratorLines = 40;

bool is_name(const json& value) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  return !text.empty() && text.size() <= kLongestName &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                  (c >= 'A' && c <= 'Z') || (static_cast<unsigned char>(c) & 0x80U) != 0;
         });
}

// A source of one line, or nothing.
std::optional<std::string> source_in(const json& value) {
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  const bool plain = std::none_of(text.begin(), text.end(),
                                  [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (text.empty() || text.size() > kLongestSource || !plain) return std::nullopt;
  return text;
}

// The member when it is an array that is not too long; else an empty one.
const json& list_in(const json& document, const char* name) {
  static const json kNone = json::array();
  const auto found = document.find(name);
  const bool good = found != document.end() && found->is_array() && found->size() <= kMostArguments;
  return good ? *found : kNone;
}

class Reader {
 public:
  explicit Reader(const model::ModuleModel& module) : module_(module) {}

  void read(const json& document, std::size_t line) {
    if (!document.is_object()) return;
    if (document.contains("fixture")) {
      read_fixture(document);
      return;
    }
    const auto function = function_of(document);
    if (!function) return;
    model::TracedCall call;
    call.function = *function;
    const auto receiver = document.find("receiver");
    if (receiver != document.end()) {
      if (module_.functions[*function].name == "__init__") {
        if (is_name(*receiver)) call.made_class = receiver->get<std::string>();
      } else {
        call.receiver = source_in(*receiver);
      }
    }
    const auto given = document.find("receiver_fixture");
    if (given != document.end() && is_name(*given))
      call.receiver_fixture = given->get<std::string>();
    for (const json& item : list_in(document, "arguments")) {
      if (!item.is_array() || (item.size() != 3 && item.size() != 4) || !is_name(item[0])) return;
      model::TracedArgument argument{item[0].get<std::string>(), source_in(item[1]), {}, {}};
      if (item[2].is_string() && item[2].get_ref<const std::string&>().size() <= kLongestName) {
        argument.type = item[2].get<std::string>();
      }
      if (item.size() == 4 && is_name(item[3])) argument.fixture = item[3].get<std::string>();
      call.arguments.push_back(std::move(argument));
    }
    for (const json& item : list_in(document, "starred")) call.starred.push_back(source_in(item));
    for (const json& item : list_in(document, "keywords")) {
      if (!item.is_array() || item.size() != 2 || !is_name(item[0])) return;
      call.keywords.emplace_back(item[0].get<std::string>(), source_in(item[1]));
    }
    for (const json& item : list_in(document, "before")) {
      if (!item.is_number_unsigned() || call.before.size() >= kMostBefore) continue;
      const auto found = places_.find(item.get<std::size_t>());
      if (found != places_.end()) call.before.push_back(found->second);
    }
    places_[line] = out_.calls.size();
    out_.calls.push_back(std::move(call));
  }

  [[nodiscard]] bool full() const { return out_.calls.size() >= kMostCalls; }
  model::TracedTests take() { return std::move(out_); }

 private:
  void read_fixture(const json& document) {
    const json& name = document["fixture"];
    const auto path = document.find("conftest");
    const auto type = document.find("type");
    if (!is_name(name) || out_.fixtures.size() >= kMostFixtures) return;
    if (path == document.end() || !path->is_string()) return;
    model::ProjectFixture fixture{name.get<std::string>(), path->get<std::string>(), {}};
    if (fixture.conftest.size() > kLongestPath) return;
    if (type != document.end() && type->is_string() &&
        type->get_ref<const std::string&>().size() <= kLongestName) {
      fixture.type = type->get<std::string>();
    }
    out_.fixtures.push_back(std::move(fixture));
  }

  // The function of that name whose def is the next below the line.
  [[nodiscard]] std::optional<std::size_t> function_of(const json& document) const {
    const auto line = document.find("line");
    const auto name = document.find("name");
    if (line == document.end() || !line->is_number_unsigned()) return std::nullopt;
    if (name == document.end() || !is_name(*name)) return std::nullopt;
    const auto first = line->get<std::uint64_t>();
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < module_.functions.size(); ++i) {
      const auto& function = module_.functions[i];
      if (function.name != name->get_ref<const std::string&>() || function.first_line < first ||
          function.first_line > first + kMostDecoratorLines) {
        continue;
      }
      if (!best || function.first_line < module_.functions[*best].first_line) best = i;
    }
    return best;
  }

  const model::ModuleModel& module_;
  model::TracedTests out_;
  std::map<std::size_t, std::size_t> places_;  // line of the report → index of its call
};

}  // namespace

model::TracedTests read_trace_report(std::string_view text, const model::ModuleModel& module) {
  Reader reader(module);
  std::size_t line = 0;
  while (!reader.full()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;
    if (end <= kLongestLine) {
      reader.read(json::parse(text.substr(0, end), nullptr, false), line);
    }
    text.remove_prefix(end + 1);
    ++line;
  }
  return reader.take();
}

}  // namespace testgen::engine
