#include "scan/scan.h"

#include <algorithm>
#include <tuple>

#include "base/strings.h"
#include "scan/fingerprint.h"
#include "scan/fix/apply.h"
#include "scan/fix/propose.h"
#include "scan/ir/lowering.h"
#include "scan/line_table.h"
#include "scan/rules_impl.h"
#include "scan/suppress/comments.h"
#include "scan/syntax/tree.h"
#include "scan/taint/interpreter.h"

namespace testgen::scan {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::size_t kMaxCode = 300;

std::string symbol_of(const ir::Module& module, std::uint32_t function) {
  if (function == ir::kNone) return "";
  const ir::Function* at = &module.functions[function];
  while (at->name.empty() && at->parent != ir::kNone) at = &module.functions[at->parent];
  std::string out(at->name);
  if (at->owner != ir::kNone) out = std::string(module.classes[at->owner].name) + "." + out;
  return out;
}

// What the local user gives is theirs to break: it counts as low.
Severity severity_of(const RawFinding& raw) {
  const Severity severity = raw.hit.finder->severity.value_or(raw.hit.rule->severity);
  return raw.local ? std::min(severity, Severity::Low) : severity;
}

Finding finding_of(const RawFinding& raw, const ir::Module& module, const LineTable& lines) {
  const Rule& rule = *raw.hit.rule;
  Finding out = finding_by(rule);
  if (!raw.origin.empty()) {
    out.message = base::replace_all(std::move(out.message), "{source}", raw.origin);
  }
  out.severity = severity_of(raw);
  out.confidence = raw.confidence;
  out.place = lines.place(raw.start, raw.end);
  out.code = base::one_line(lines.line(out.place.line), kMaxCode);
  out.symbol = symbol_of(module, raw.function);
  for (std::size_t i = 0; i < raw.flow.size(); ++i) {
    FlowStep step;
    step.place = lines.place(raw.flow[i].start, raw.flow[i].end);
    step.what = (i == 0 ? "input: " : "goes through ") + std::string(raw.flow[i].what);
    step.code = base::one_line(lines.line(step.place.line), kMaxCode);
    out.flow.push_back(std::move(step));
  }
  if (!out.flow.empty()) out.flow.push_back({out.place, "reaches here", out.code});
  return out;
}

// A header's name does not say whether it is C or C++.
Language told_by_text(Language language, std::string_view name, std::string_view text) {
  if (language != Language::C || !name.ends_with(".h")) return language;
  for (const std::string_view mark :
       {"namespace ", "template <", "template<", "::", "\nclass ", "public:", "private:"}) {
    if (text.find(mark) != std::string_view::npos) return Language::Cpp;
  }
  return language;
}

// What the queries of rules find, placed in the innermost function around it.
void run_queries(const RuleSet& set, const Tree& tree, const ir::Module& module,
                 const LineTable& lines, FileReport& report) {
  const bool whole =
      set.queries.find(tree, [&](const Hit& hit, std::uint32_t start, std::uint32_t end) {
        const std::vector<std::string>& imports = hit.finder->imports;
        if (!imports.empty() && !imports_one_of(module.imports, imports)) return;
        RawFinding raw;
        raw.hit = hit;
        raw.start = start;
        raw.end = end;
        raw.confidence = hit.finder->confidence.value_or(hit.rule->confidence);
        for (std::uint32_t i = 0; i < module.functions.size(); ++i) {
          const ir::Function& one = module.functions[i];
          const bool around = one.start <= start && end <= one.end;
          if (around &&
              (raw.function == ir::kNone || one.start >= module.functions[raw.function].start)) {
            raw.function = i;
          }
        }
        report.findings.push_back(finding_of(raw, module, lines));
      });
  if (!whole) report.notes.emplace_back("a query found too much in it, or took too long");
}

void scan_code(const RuleSet& set, std::string_view text, const LineTable& lines,
               const ScanOptions& options, FileReport& report) {
  if (set.rule_count() == 0 || (options.prefilter && !set.may_find(text))) return;
  thread_local Tree tree;
  const bool queries = set.queries.may_find(text);
  if (auto parsed = tree.parse(Grammar::of(set.language()), text, {}, queries); !parsed) {
    report.notes.push_back(parsed.error().message + "; only its text was looked at");
    report.broken_bytes = text.size();
    return;
  }
  report.parsed = true;
  report.broken_bytes = tree.broken_bytes();
  report.faults = tree.faults();
  const ir::Module module = ir::lower(tree);
  Interpreter interpreter(set, module);
  interpreter.run();
  if (queries) {
    run_queries(set, tree, module, lines, report);
    tree.drop_parsed();
  }
  if (interpreter.out_of_fuel()) {
    report.notes.emplace_back("too large to follow every way through it; some were left out");
  }
  for (const RawFinding& raw : interpreter.findings()) {
    Finding& finding = report.findings.emplace_back(finding_of(raw, module, lines));
    for (ByteEdit& edit : propose_edits(tree, module, *raw.hit.finder, raw.at)) {
      finding.edits.push_back({lines.place(edit.start, edit.end), std::move(edit.text)});
    }
  }
}

bool about_the_same(const Finding& a, const Finding& b) {
  const auto related = [](const Finding& one, const Finding& other) {
    return std::find(one.related_cwes.begin(), one.related_cwes.end(), other.cwe) !=
           one.related_cwes.end();
  };
  return a.place.line == b.place.line && a.place.column == b.place.column &&
         (a.cwe == b.cwe || related(a, b) || related(b, a));
}

// Where input was followed to a place, a rule that only suspects the same of it says nothing more.
void drop_weaker(std::vector<Finding>& findings) {
  const auto rank = [](const Finding& one) {
    const bool suspicion = one.flow.empty() && one.confidence == Confidence::Low;
    return std::tuple(!suspicion, one.severity, !one.flow.empty(), one.confidence);
  };
  const std::vector<Finding> all = findings;
  std::erase_if(findings, [&](const Finding& one) {
    return std::any_of(all.begin(), all.end(), [&](const Finding& other) {
      return about_the_same(one, other) && rank(one) < rank(other);
    });
  });
}

// With edits that nobody has tried.
FileReport scan_once(const Rules& rules, std::string_view name, std::string_view text,
                     const ScanOptions& options) {
  FileReport report;
  report.file = name;
  report.bytes = text.size();
  const std::size_t slash = name.rfind('/');
  auto language = language_of(slash == std::string_view::npos ? name : name.substr(slash + 1));
  if (language) {
    language = told_by_text(*language, name, text);
    report.language = to_string(*language);
  }
  if (text.size() > options.limits.max_bytes) {
    report.error = Error{ErrorCode::TooLarge, "larger than the limit for one file",
                         "--max-file-size raises it"};
    return report;
  }
  if (text.substr(0, 8192).find('\0') != std::string_view::npos) {
    report.error = Error{ErrorCode::InvalidInput, "binary, whatever its name says", ""};
    return report;
  }
  const LineTable lines(text);
  report.lines = lines.count();
  const bool packed =
      text.size() / std::max<std::size_t>(1, lines.count()) > options.limits.max_line;
  if (packed) {
    report.notes.emplace_back(
        "its lines are too long for code that a person wrote; only secrets were looked for");
  } else if (language) {
    scan_code(rules.impl().of(*language), text, lines, options, report);
    rules.impl().texts.find(text, language, lines, report.findings);
  }
  rules.impl().secrets.find(text, lines, report.findings);
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [](const Finding& a, const Finding& b) {
                     return std::tie(a.place.line, a.place.column, a.rule) <
                            std::tie(b.place.line, b.place.column, b.rule);
                   });
  if (report.findings.size() > options.limits.max_findings) {
    report.notes.push_back("has " + std::to_string(report.findings.size()) +
                           " findings; the first " + std::to_string(options.limits.max_findings) +
                           " are shown");
    report.findings.resize(options.limits.max_findings);
  }
  drop_weaker(report.findings);
  for (Finding& finding : report.findings) finding.file = report.file;
  add_fingerprints(report.findings);
  std::vector<std::uint32_t> unreasoned;
  apply_suppressions(read_suppressions(text, &unreasoned), report.findings);
  for (const std::uint32_t line : unreasoned) {
    report.notes.push_back("line " + std::to_string(line) +
                           ": a comment to ignore a finding needs a reason; it was not followed");
  }
  return report;
}

// A text that came about by edits: it is parsed whatever is in it, to see that it still can be.
Rescan rescan_of(const Rules& rules, std::string_view name, ScanOptions options) {
  options.prefilter = false;
  return [&rules, name, options](std::string_view changed) {
    return scan_once(rules, name, changed, options);
  };
}

}  // namespace

FileReport scan_file(const Rules& rules, std::string_view name, std::string_view text,
                     const ScanOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  FileReport report = scan_once(rules, name, text, options);
  keep_fixes_that_hold(text, report, rescan_of(rules, name, options));
  report.elapsed = std::chrono::steady_clock::now() - start;
  return report;
}

FixedText fix_file(const Rules& rules, std::string_view text, const FileReport& report,
                   const std::vector<std::size_t>& wanted, const ScanOptions& options) {
  return apply_fixes(text, report, wanted, rescan_of(rules, report.file, options));
}

Report scan(const Rules& rules, const std::vector<ScanFile>& files, const ScanOptions& options,
            std::stop_token stop) {
  Report out;
  out.rules_version = rules.version();
  out.rules = rules.all().size();
  for (const ScanFile& file : files) {
    if (stop.stop_requested()) {
      out.interrupted = true;
      break;
    }
    out.files.push_back(scan_file(rules, file.name, file.text, options));
  }
  return out;
}

}  // namespace testgen::scan
