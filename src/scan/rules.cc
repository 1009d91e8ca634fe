#include <algorithm>
#include <array>
#include <optional>

#include "base/hash.h"
#include "scan/rules/built_in.h"
#include "scan/rules_impl.h"

namespace testgen::scan {

Rules::Rules() : impl_(std::make_unique<Impl>()) {}
Rules::~Rules() = default;

const std::string& Rules::version() const {
  return impl_->version;
}
const std::vector<Rule>& Rules::all() const {
  return impl_->files.rules;
}

base::Result<std::shared_ptr<const Rules>> Rules::load(const Options& options) {
  std::shared_ptr<Rules> out(new Rules());
  RuleFiles& files = out->impl_->files;
  load_built_in(files);
  std::string version = std::string(kBuiltInVersion) + (options.audit ? "a" : "");
  if (!options.folder.empty()) {
    TG_TRY(load_rule_folder(options.folder, Examples::Skip, files));
    version += files.digest;
  }
  for (const std::string& wanted : options.only) {
    const bool known = std::any_of(files.rules.begin(), files.rules.end(),
                                   [&](const Rule& rule) { return rule.id.starts_with(wanted); });
    if (!known) {
      return base::Error{base::ErrorCode::InvalidArgument, "there is no rule \"" + wanted + "\"",
                         "`testgen rules list` shows them"};
    }
    version += "+" + wanted;
  }
  if (!options.only.empty()) {
    std::erase_if(files.rules, [&](const Rule& rule) {
      return std::none_of(options.only.begin(), options.only.end(),
                          [&](const std::string& wanted) { return rule.id.starts_with(wanted); });
    });
  }
  out->impl_->version = base::sha256_hex(version).substr(0, 16);
  out->impl_->secrets = SecretIndex(files.rules);
  out->impl_->texts = TextIndex(files.rules, options.audit);
  out->impl_->audit = options.audit;
  return std::shared_ptr<const Rules>(std::move(out));
}

}  // namespace testgen::scan
