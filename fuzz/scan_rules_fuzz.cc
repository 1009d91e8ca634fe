// Any bytes in place of a rule's file: it is refused with its file and a line, or its rules can be
// indexed and run over a small file, also when they were packed in between.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "scan/fix/propose.h"
#include "scan/ir/lowering.h"
#include "scan/rules/loader.h"
#include "scan/rules/pack.h"
#include "scan/rules/rule_set.h"
#include "scan/secrets/secrets.h"
#include "scan/syntax/tree.h"
#include "scan/taint/interpreter.h"

using namespace testgen;

namespace {

constexpr std::string_view kCode =
    "import os, hashlib\n"
    "from flask import request\n"
    "password = 'hunter2'\n"
    "def f(a, *b, key=3):\n"
    "    os.system('ping ' + request.args['host'], shell=True)\n"
    "    a.execute(f'select {a}', {'key': [1, 2]}) if a == password else hashlib.md5(a)\n"
    "    return {'key': -0.5, **b}\n"
    "f(request.args.get('x'), 1, key=None)\n";

void run(const scan::RuleFiles& files) {
  const scan::RuleSet set(files, scan::Language::Python, /*audit=*/true);
  (void)set.may_find(kCode);
  scan::Tree tree;
  TG_CHECK(tree.parse(scan::Grammar::of(scan::Language::Python), kCode, {}, /*keep_parsed=*/true));
  const scan::ir::Module module = scan::ir::lower(tree);
  scan::Interpreter interpreter(set, module);
  interpreter.run();
  for (const scan::RawFinding& one : interpreter.findings()) {
    TG_CHECK(one.start <= one.end && one.end <= kCode.size());
    for (const scan::ByteEdit& edit : scan::propose_edits(tree, module, *one.hit.finder, one.at)) {
      TG_CHECK(edit.start <= edit.end && edit.end <= kCode.size());
    }
  }
  (void)set.queries.find(tree, [](const scan::Hit&, std::uint32_t start, std::uint32_t end) {
    TG_CHECK(start <= end && end <= kCode.size());
  });
  std::vector<scan::Finding> found;
  scan::SecretIndex(files.rules).find(kCode, scan::LineTable(kCode), found);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  scan::RuleFiles files;
  const auto loaded = scan::load_rule_file("fuzzed.yaml", text, scan::Examples::Read, files);
  if (!loaded) {
    TG_CHECK(loaded.error().message.starts_with("fuzzed.yaml"));
    return 0;
  }
  TG_CHECK(files.rules.size() + files.models.size() == 1);
  run(files);
  const std::string packed = scan::pack_rules(files);
  scan::RuleFiles unpacked;
  TG_CHECK(scan::unpack_rules(packed, unpacked) && scan::pack_rules(unpacked) == packed);
  run(unpacked);
  scan::RuleFiles brief;
  if (scan::load_rule_file("fuzzed.yaml", text, scan::Examples::Skip, brief)) run(brief);
  return 0;
}
