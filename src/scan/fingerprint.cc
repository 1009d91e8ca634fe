#include "scan/fingerprint.h"

#include <map>

#include "base/hash.h"

namespace testgen::scan {

void add_fingerprints(std::vector<Finding>& findings) {
  std::map<std::string, int> seen;
  for (Finding& finding : findings) {
    std::string key = finding.rule + '\n' + finding.symbol + '\n';
    for (const char c : finding.code) {
      if (c != ' ' && c != '\t') key += c;
    }
    const int ordinal = seen[key]++;
    finding.fingerprint = base::sha256_hex(key + '\n' + std::to_string(ordinal)).substr(0, 20);
  }
}

}  // namespace testgen::scan
