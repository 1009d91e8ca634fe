// For the build: reads the program's own rules from their YAML, with everything about them checked,
// and writes them packed as the source file that is its argument.
#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "base/file_system.h"
#include "base/hash.h"
#include "scan/rules/built_in.h"
#include "scan/rules/loader.h"
#include "scan/rules/pack.h"

namespace {

using namespace testgen;

std::string source_of(std::string_view packed, std::string_view version) {
  constexpr std::size_t kBytesInLine = 24;
  std::string bytes;
  for (std::size_t i = 0; i < packed.size(); ++i) {
    bytes += std::to_string(static_cast<unsigned char>(packed[i]));
    bytes += i % kBytesInLine == kBytesInLine - 1 ? ",\n" : ",";
  }
  return fmt::format(
      "#include \"scan/rules/built_in.h\"\n\n"
      "namespace testgen::scan {{\n"
      "namespace {{\n"
      "const unsigned char kBytes[] = {{\n{}}};\n"
      "}}  // namespace\n"
      "const std::string_view kPackedRules(reinterpret_cast<const char*>(kBytes), {});\n"
      "const std::string_view kBuiltInVersion = \"{}\";\n"
      "}}  // namespace testgen::scan\n",
      bytes, packed.size(), version);
}

base::Status pack(const std::string& output) {
  scan::RuleFiles files;
  TG_TRY(scan::read_built_in(files));
  const std::string version = base::sha256_hex(scan::kBuiltInText).substr(0, 16);
  return base::write_file_atomic(output, source_of(scan::pack_rules(std::move(files)), version));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: pack_rules OUTPUT\n", stderr);
    return 2;
  }
  const base::Status packed = pack(arguments[1]);
  if (packed) return 0;
  std::fputs((base::describe(packed.error()) + "\n").c_str(), stderr);
  return 1;
}
