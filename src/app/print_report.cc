#include "app/print_report.h"

#include "app/exit_codes.h"
#include "app/run.h"

namespace testgen::app {

int print_report(const operations::Report& report, std::string_view format) {
  using operations::Verdict;
  const auto known = operations::report_format_from(format);
  const int printed = print(render(report, known.value_or(operations::ReportFormat::Text)));
  if (printed != kSuccess) return printed;
  // What misses its bar matters more than what is not known.
  switch (report.verdict()) {
    case Verdict::Bad:
      return kTargetMissed;
    case Verdict::Unknown:
      return kIncomplete;
    case Verdict::NotApplicable:
    case Verdict::Good:
      return kSuccess;
  }
  return kSuccess;
}

}  // namespace testgen::app
