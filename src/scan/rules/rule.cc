#include "scan/rules/rule.h"

#include <algorithm>

namespace testgen::scan {

Finding finding_by(const Rule& rule) {
  Finding out;
  out.rule = rule.id;
  out.title = rule.title;
  out.message = rule.message;
  out.severity = rule.severity;
  out.confidence = rule.confidence;
  out.cwe = rule.cwe;
  out.related_cwes = rule.related;
  out.owasp = rule.owasp;
  out.fix = rule.fix;
  return out;
}

bool is_about(const std::vector<Language>& languages, Language language) {
  return std::any_of(languages.begin(), languages.end(),
                     [&](Language one) { return to_string(one) == to_string(language); });
}

}  // namespace testgen::scan
