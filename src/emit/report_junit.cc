#include "emit/report_junit.h"

#include <fmt/format.h>

#include "emit/xml.h"

namespace testgen::emit {
namespace {

std::string seconds(std::chrono::milliseconds time) {
  return fmt::format("{:.3f}", static_cast<double>(time.count()) / 1000.0);
}

// The cases of one suite, and how many are what.
class Suite {
 public:
  void passed(const std::string& owner, const std::string& name) {
    ++tests_;
    cases_ += "    " + open(owner, name, "/>") + "\n";
  }
  void other(const std::string& owner, const std::string& name, std::string_view kind,
             const std::string& message) {
    ++tests_;
    if (kind == "failure") ++failures_;
    if (kind == "error") ++errors_;
    if (kind == "skipped") ++skipped_;
    cases_ += "    " + open(owner, name, ">") + "\n      " +
              xml_tag(kind, {{"message", message}}, "/>") + "\n    </testcase>\n";
  }
  [[nodiscard]] std::string text(const std::string& name, std::chrono::milliseconds time) const {
    return "  " +
           xml_tag("testsuite",
                   {{"name", name},
                    {"tests", std::to_string(tests_)},
                    {"failures", std::to_string(failures_)},
                    {"errors", std::to_string(errors_)},
                    {"skipped", std::to_string(skipped_)},
                    {"time", seconds(time)}},
                   ">") +
           "\n" + cases_ + "  </testsuite>\n";
  }

 private:
  static std::string open(const std::string& owner, const std::string& name, std::string_view end) {
    return xml_tag("testcase", {{"classname", owner}, {"name", name}}, end);
  }
  std::string cases_;
  std::size_t tests_ = 0;
  std::size_t failures_ = 0;
  std::size_t errors_ = 0;
  std::size_t skipped_ = 0;
};

std::string module_suite(const ModuleOutcome& module) {
  const model::ModuleReport& report = module.report;
  const std::string name = report.module_name.empty() ? report.source_path : report.module_name;
  Suite suite;
  for (const model::KeptTest& test : report.tests) {
    suite.passed(name + "." + test.function, test.name);
  }
  for (const model::Omission& omission : report.omissions) {
    suite.other(name, omission.subject, "skipped", omission.reason);
  }
  if (report.error) {
    const bool empty = report.error->code == base::ErrorCode::NothingToDo;
    suite.other(name, "generate", empty ? "skipped" : "error", base::describe(*report.error));
  }
  for (const base::Error& error : module.write_errors) {
    suite.other(name, "write", "error", base::describe(error));
  }
  return suite.text(name, report.elapsed);
}

std::string target_suite(const RunReport& run) {
  if (run.targets.empty()) return "";
  Suite suite;
  for (const Target& target : run.targets) {
    if (target.met()) {
      suite.passed("testgen.targets", target.name);
    } else {
      suite.other("testgen.targets", target.name, "failure", describe(target));
    }
  }
  return suite.text("testgen.targets", std::chrono::milliseconds(0));
}

}  // namespace

std::string report_junit(const RunReport& run) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
      xml_tag("testsuites", {{"name", "testgen"}, {"time", seconds(run.elapsed)}}, ">") + "\n";
  for (const ModuleOutcome& module : run.modules) out += module_suite(module);
  return out + target_suite(run) + "</testsuites>\n";
}

}  // namespace testgen::emit
