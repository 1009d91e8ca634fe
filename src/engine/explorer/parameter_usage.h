// Evidence about a parameter's type from what the code does with it (model::Parameter::uses),
// followed through calls to other functions of the module. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/explorer/universe.h"
#include "model/module_model.h"

namespace testgen::engine {

// Looks up who does what with what is handed on. Borrows the module.
class UsageIndex {
 public:
  explicit UsageIndex(const model::ModuleModel& module);

  // The parameter's own uses and those of the parameters and attributes it becomes.
  [[nodiscard]] std::vector<std::string> expand(const model::FunctionModel& function,
                                                const model::Parameter& parameter) const;

 private:
  void follow(const std::string& use, const std::string& class_name, int depth,
              std::set<std::string>& seen, std::vector<std::string>& out) const;
  void follow_all(const std::vector<std::string>& uses, const std::string& class_name, int depth,
                  std::set<std::string>& seen, std::vector<std::string>& out) const;

  std::map<std::string, const model::FunctionModel*> functions_;  // "f", "Cart.total"
  std::map<std::string, const model::ClassModel*> classes_;
};

// Raises weights by what `uses` show and fills fields, arities and results. True when they show
// anything.
bool read_uses(const std::vector<std::string>& uses, const ClassMembers& members,
               ParameterInfo& info);

}  // namespace testgen::engine
