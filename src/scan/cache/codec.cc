#include "scan/cache/codec.h"

#include <algorithm>

#include "scan/byte_stream.h"

namespace testgen::scan {
namespace {

void write(ByteWriter& out, const Place& place) {
  out.number(place.line);
  out.number(place.column);
  out.number(place.end_line);
  out.number(place.end_column);
}

Place read_place(ByteReader& in) {
  Place out;
  out.line = static_cast<std::uint32_t>(in.number());
  out.column = static_cast<std::uint32_t>(in.number());
  out.end_line = static_cast<std::uint32_t>(in.number());
  out.end_column = static_cast<std::uint32_t>(in.number());
  return out;
}

void write(ByteWriter& out, const Finding& finding) {
  for (const std::string* const text :
       {&finding.rule, &finding.title, &finding.message, &finding.owasp, &finding.code,
        &finding.symbol, &finding.fix, &finding.fingerprint, &finding.suppressed}) {
    out.text(*text);
  }
  out.number(static_cast<std::uint64_t>(finding.severity));
  out.number(static_cast<std::uint64_t>(finding.confidence));
  out.number(finding.cwe);
  out.number(finding.related_cwes.size());
  for (const std::uint32_t cwe : finding.related_cwes) out.number(cwe);
  write(out, finding.place);
  out.number(finding.flow.size());
  for (const FlowStep& step : finding.flow) {
    write(out, step.place);
    out.text(step.what);
    out.text(step.code);
  }
  out.text(finding.fixed_code);
  out.number(finding.edits.size());
  for (const Edit& edit : finding.edits) {
    write(out, edit.place);
    out.text(edit.text);
  }
}

Finding read_finding(ByteReader& in) {
  Finding out;
  for (std::string* const text : {&out.rule, &out.title, &out.message, &out.owasp, &out.code,
                                  &out.symbol, &out.fix, &out.fingerprint, &out.suppressed}) {
    *text = in.text();
  }
  out.severity = static_cast<Severity>(std::min<std::uint64_t>(in.number(), 4));
  out.confidence = static_cast<Confidence>(std::min<std::uint64_t>(in.number(), 2));
  out.cwe = static_cast<std::uint32_t>(in.number());
  for (std::uint64_t left = in.count(); left > 0; --left) {
    out.related_cwes.push_back(static_cast<std::uint32_t>(in.number()));
  }
  out.place = read_place(in);
  for (std::uint64_t left = in.count(); left > 0; --left) {
    FlowStep step;
    step.place = read_place(in);
    step.what = in.text();
    step.code = in.text();
    out.flow.push_back(std::move(step));
  }
  out.fixed_code = in.text();
  for (std::uint64_t left = in.count(); left > 0; --left) {
    const Place place = read_place(in);
    out.edits.push_back({place, std::string(in.text())});
  }
  return out;
}

}  // namespace

std::string encode_report(const FileReport& report) {
  ByteWriter out;
  out.text(report.language);
  out.number(report.bytes);
  out.number(report.lines);
  out.number(report.broken_bytes);
  out.number(report.faults);
  out.number(report.parsed ? 1 : 0);
  out.number(report.findings.size());
  for (const Finding& finding : report.findings) write(out, finding);
  out.number(report.notes.size());
  for (const std::string& note : report.notes) out.text(note);
  return out.take();
}

std::optional<FileReport> decode_report(std::string_view bytes) {
  ByteReader in(bytes);
  FileReport out;
  out.language = in.text();
  out.bytes = in.number();
  out.lines = in.number();
  out.broken_bytes = in.number();
  out.faults = in.number();
  out.parsed = in.number() == 1;
  for (std::uint64_t left = in.count(); left > 0; --left) out.findings.push_back(read_finding(in));
  for (std::uint64_t left = in.count(); left > 0; --left) out.notes.emplace_back(in.text());
  if (in.wrong() || !in.at_end()) return std::nullopt;
  out.cached = true;
  return out;
}

}  // namespace testgen::scan
