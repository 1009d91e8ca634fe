#include "emit/python_preamble.h"

#include <algorithm>

#include "base/strings.h"
#include "emit/python_layout.h"
#include "emit/python_source.h"

namespace testgen::emit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporaryFolder = R"(

def temporary_folder(test):
    """A folder that lives as long as the test."""
    folder = tempfile.TemporaryDirectory()
    test.addCleanup(folder.cleanup)
    return pathlib.Path(folder.name)
)";

constexpr std::string_view kPatches = R"(

class Patches:
    """Changes that are undone after the test."""

    def __init__(self, test):
        self.test = test

    def start(self, patch):
        patch.start()
        self.test.addCleanup(patch.stop)

    def setattr(self, target, *name_and_value):
        if len(name_and_value) == 1:
            self.start(mock.patch(target, name_and_value[0]))
        else:
            self.start(mock.patch.object(target, *name_and_value))

    def setenv(self, name, value):
        self.start(mock.patch.dict(os.environ, {name: str(value)}))

    def delenv(self, name, raising=True):
        self.start(mock.patch.dict(os.environ))
        os.environ.pop(name, None)

    def chdir(self, path):
        self.test.addCleanup(os.chdir, os.getcwd())
        os.chdir(path)
)";

constexpr std::string_view kOutput = R"(

class Output:
    """What the test prints, as pytest's capsys has it."""

    def __init__(self, test):
        self.streams = {"out": io.StringIO(), "err": io.StringIO()}
        for name, stream in self.streams.items():
            patch = mock.patch("sys.std" + name, stream)
            patch.start()
            test.addCleanup(patch.stop)

    def readouterr(self):
        return types.SimpleNamespace(
            **{name: stream.getvalue() for name, stream in self.streams.items()}
        )
)";

constexpr std::string_view kLog = R"(

class Log(logging.Handler):
    """What the test logs, as pytest's caplog has it."""

    def __init__(self, test):
        super().__init__()
        self.messages = []
        logging.getLogger().addHandler(self)
        test.addCleanup(logging.getLogger().removeHandler, self)

    def emit(self, record):
        self.messages.append(record.getMessage())
)";

constexpr std::string_view kWarnings = R"(

def caught_warnings(test):
    """What the test warns of, as pytest's recwarn has it."""
    catcher = warnings.catch_warnings(record=True)
    caught = catcher.__enter__()
    test.addCleanup(catcher.__exit__, None, None, None)
    warnings.simplefilter("always")
    return caught
)";

// `Path(__file__).resolve().parents[1] / "src"`, or the absolute path when the two share only
// the root of the file system.
std::string path_expression(const fs::path& target, const fs::path& folder) {
  const fs::path relative = target.lexically_relative(fs::absolute(folder).lexically_normal());
  std::size_t ups = 0;
  std::vector<std::string> rest;
  for (const auto& part : relative) {
    if (part == "..") {
      ++ups;
    } else if (part != "." && !part.empty()) {
      rest.push_back(part.string());
    }
  }
  const auto depth = static_cast<std::size_t>(std::distance(folder.begin(), folder.end())) - 1;
  if (relative.empty() || ups >= depth) return "Path(" + python_string(target.string()) + ")";
  std::string out = "Path(__file__).resolve().parents[" + std::to_string(ups) + "]";
  for (const auto& part : rest) out += " / " + python_string(part);
  return out;
}

class Text {
 public:
  explicit Text(const Preamble& preamble) : preamble_(preamble), plan_(*preamble.plan) {}

  std::string render() {
    out_ = "\"\"\"" + preamble_.docstring + "\"\"\"\n";
    add_imports();
    if (preamble_.needs.temporary_folder) out_ += kTemporaryFolder;
    if (preamble_.needs.patches) out_ += kPatches;
    if (preamble_.needs.output) out_ += kOutput;
    if (preamble_.needs.log) out_ += kLog;
    if (preamble_.needs.warnings) out_ += kWarnings;
    return std::move(out_);
  }

 private:
  // Found only once the search path is set; before that, an import would fail or find another one
  // of that name.
  [[nodiscard]] bool lies_beside(const std::string& module) const {
    return plan_.beside.contains(module.substr(0, module.find('.')));
  }

  [[nodiscard]] bool fresh() const { return !plan_.blocked.empty(); }

  void add_imports() {
    const BodyNeeds& needs = preamble_.needs;
    std::set<std::string> plain;
    std::set<std::string> from;
    for (const std::string& module : preamble_.modules) {
      (lies_beside(module) ? late_ : plain).insert("import " + module);
    }
    const bool needs_path = plan_.by_path || !plan_.search_path.empty();
    if (needs.re) plain.insert("import re");
    if (needs.math) plain.insert("import math");
    if (plan_.by_path) plain.insert("import importlib.util");
    if (fresh() && !plan_.by_path) plain.insert("import importlib");
    if (needs_path || fresh()) plain.insert("import sys");
    if (preamble_.framework == model::Framework::Unittest) plain.insert("import unittest");
    if (needs.temporary_folder) plain.insert({"import pathlib", "import tempfile"});
    if (needs.patches) plain.insert("import os");
    if (needs.output) plain.insert({"import io", "import types"});
    if (needs.log) plain.insert("import logging");
    if (needs.warnings) plain.insert("import warnings");
    if (needs_path) from.insert("from pathlib import Path");
    if (fresh() || preamble_.names_mock || needs.patches || needs.output) {
      from.insert("from unittest import mock");
    }
    if (!plain.empty() || !from.empty()) out_ += "\n";
    for (const auto& lines : {plain, from}) {
      for (const std::string& line : lines) out_ += line + "\n";
    }
    if (needs.pytest) out_ += "\nimport pytest\n";
    add_module_import();
  }

  [[nodiscard]] std::string blocked_entries() const {
    std::string entries;
    for (const auto& blocked : plan_.blocked) {
      entries += (entries.empty() ? "" : ", ") + python_string(blocked) + ": None";
    }
    return entries;
  }

  void add_module_import() {
    const std::size_t dot = plan_.module_name.rfind('.');
    const std::string last = plan_.module_name.substr(dot + 1);
    const std::string as = last == plan_.alias ? "" : " as " + plan_.alias;
    const std::string late = plan_.search_path.empty() ? "\n" : "  # noqa: E402\n";
    if (!plan_.search_path.empty()) {
      out_ += "\n" +
              wrap_line("sys.path.insert(0, str(" +
                            path_expression(plan_.search_path, preamble_.folder) + "))",
                        0) +
              "\n";
    }
    const bool by_statement = !plan_.by_path && !fresh();
    if (by_statement && dot == std::string::npos) late_.insert("import " + last + as);
    if (!late_.empty() || by_statement) out_ += "\n";
    for (const std::string& line : late_) out_ += line + late;
    if (plan_.by_path) {
      add_import_by_path();
    } else if (fresh()) {
      const std::string name = python_string(plan_.module_name);
      out_ += "\n# Imported without its C accelerator, so that the Python code is what runs.\n";
      out_ += "with mock.patch.dict(sys.modules, {" + blocked_entries() + "}):\n";
      out_ += "    sys.modules.pop(" + name + ", None)\n";
      out_ += "    " + plan_.alias + " = importlib.import_module(" + name + ")\n";
    } else if (dot != std::string::npos) {
      out_ += "from " + plan_.module_name.substr(0, dot) + " import " + last + as + late;
    }
  }

  void add_import_by_path() {
    const auto line = [this](const std::string& text) { out_ += wrap_line(text, 4) + "\n"; };
    out_ += "\n\ndef _load_module():\n";
    line("\"\"\"Loads the file by its path: its name does not lead an import to it.\"\"\"");
    line("path = " + path_expression(plan_.source_path, preamble_.folder));
    line("spec = importlib.util.spec_from_file_location(" + python_string(plan_.module_name) +
         ", path)");
    line("module = importlib.util.module_from_spec(spec)");
    if (!fresh()) {
      line("sys.modules.setdefault(spec.name, module)");
      line("spec.loader.exec_module(module)");
    } else {
      line("# Without the C accelerator, so that the Python code is what runs.");
      line("with mock.patch.dict(sys.modules, {" + blocked_entries() + "}):");
      out_ += "        spec.loader.exec_module(module)\n";
    }
    out_ += "    return module\n\n\n" + plan_.alias + " = _load_module()\n";
  }

  const Preamble& preamble_;
  const model::ImportPlan& plan_;
  std::set<std::string> late_;  // imports that come after the search path is set
  std::string out_;
};

}  // namespace

std::string render_preamble(const Preamble& preamble) {
  return Text(preamble).render();
}

}  // namespace testgen::emit
