#include "reproduce/test_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "emit/python_layout.h"
#include "emit/python_preamble.h"
#include "emit/python_source.h"
#include "model/test_case.h"
#include "reproduce/marker.h"

namespace testgen::reproduce {
namespace {

constexpr std::size_t kMostExact = 120;  // longer arguments say less than the marker in them

// Letters, digits and single underscores.
std::string words(std::string_view text) {
  std::string out;
  for (const char c : emit::snake_words(text)) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (word) {
      out += c;
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out.empty() ? "it" : out;
}

// What may stand between the quotes of a docstring.
std::string in_docstring(std::string_view text) {
  std::string out;
  for (const char c : base::one_line(text, 120)) out += c == '"' || c == '\\' ? '\'' : c;
  return out;
}

// Whether it is the same in every process, as far as one look at it can tell.
bool is_lasting(const std::string& text) {
  return text.find("Mock") == std::string::npos && text.find(" at 0x") == std::string::npos &&
         text.find("/tmp") == std::string::npos;
}

std::string assertion(const Attempt& attempt, const Tried& tried) {
  const Found& found = *tried.found;
  const bool last = found.call + 1 == tried.calls;
  const std::string argument =
      attempt.recorder +
      (last ? ".call_args" : ".call_args_list[" + std::to_string(found.call) + "]") + found.way;
  // The text is what the probe said; that it holds the marker is for us to see.
  const bool exact = found.is_text && found.text.size() <= kMostExact && is_lasting(found.text) &&
                     found.text.find(attempt.marker) != std::string::npos;
  if (exact) return "assert " + argument + " == " + literal(found.text);
  if (found.is_bytes) return "assert " + attempt.marker_bytes + " in " + argument;
  return "assert " + attempt.marker_source + " in " +
         (found.is_text ? argument : "str(" + argument + ")");
}

}  // namespace

ReproducingTest write_test(const Suspect& suspect, const std::string& function,
                           const std::string& callee, const Attempt& attempt, const Tried& tried,
                           std::set<std::string>& names) {
  ReproducingTest out;
  const std::string stem =
      "test_" + words(function) + "_hands_" + words(attempt.carrier) + "_to_" + words(callee);
  out.name = stem;
  for (int number = 2; !names.insert(out.name).second; ++number) {
    out.name = stem + "_" + std::to_string(number);
  }
  out.text = "def " + out.name + "():\n";
  const std::string said =
      fmt::format("{} (CWE-{}): {} reaches {} as it is.", in_docstring(suspect.rule), suspect.cwe,
                  in_docstring(attempt.carrier), in_docstring(callee));
  out.text += "    \"\"\"" + said + "\"\"\"\n";
  out.text += body_of(attempt, tried.raised);
  out.text += emit::wrap_line(assertion(attempt, tried), 4) + "\n";
  return out;
}

std::set<std::string> modules_in(const std::vector<std::string>& texts) {
  std::set<std::string> out;
  for (const std::string& text : texts) {
    if (emit::uses_name(text, "contextlib")) out.emplace("contextlib");
    for (const char* module : model::kTestModules) {
      if (emit::uses_name(text, module)) out.emplace(module);
    }
  }
  return out;
}

std::string preamble_for(const model::ImportPlan& plan, const std::filesystem::path& folder,
                         const std::set<std::string>& modules) {
  emit::Preamble preamble;
  preamble.plan = &plan;
  preamble.folder = folder;
  preamble.docstring = "Security findings of " + plan.module_name +
                       ", each reproduced: what goes in comes out at a dangerous call.\n\n"
                       "A test passes as long as the hole is there. Once it is mended, turn the "
                       "assertion round.\n";
  preamble.modules = modules;
  preamble.names_mock = true;
  return emit::render_preamble(preamble);
}

model::RenderedSuite render(const model::ImportPlan& plan, const std::filesystem::path& folder,
                            const std::vector<ReproducingTest>& tests) {
  std::vector<std::string> texts;
  for (const ReproducingTest& test : tests) texts.push_back(test.text);
  model::RenderedSuite out;
  out.text = preamble_for(plan, folder, modules_in(texts));
  for (std::size_t i = 0; i < tests.size(); ++i) {
    out.text += "\n\n" + tests[i].text;
    out.items.push_back({tests[i].name, {i}});
  }
  return out;
}

std::string file_name(const model::ImportPlan& plan) {
  return "test_security_" + base::replace_all(plan.module_name, ".", "_") + ".py";
}

std::string file_kind(const model::ImportPlan& plan) {
  return "security:" + plan.module_name;
}

}  // namespace testgen::reproduce
