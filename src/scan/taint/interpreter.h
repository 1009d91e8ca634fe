// Runs a file's intermediate form over abstract values: once through the top level and once
// through each function, into calls of the file's own functions to depth three. On the way it asks
// the rules about every call, name, assignment and return it meets. Bounded by fuel. One
// interpreter a file; not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scan/ir/ir.h"
#include "scan/rules/rule_set.h"
#include "scan/taint/environment.h"
#include "scan/taint/value.h"

namespace testgen::scan {

// What the interpreter reports; places are bytes of the source.
struct RawFinding {
  Hit hit;
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  Confidence confidence = Confidence::Medium;
  bool local = false;  // the input is the local user's
  std::uint32_t function = ir::kNone;
  ir::Id at = ir::kNone;   // what was found
  std::vector<Step> flow;  // oldest first; empty when no input is involved
  std::string origin;      // what the input is
};

struct Argument {
  std::string_view name;  // empty: positional
  Ref value = nullptr;
  ir::Id node = ir::kNone;
  bool spread = false;
};
using Arguments = std::vector<Argument>;

class Interpreter {
 public:
  Interpreter(const RuleSet& rules, const ir::Module& module);

  void run();
  [[nodiscard]] std::vector<RawFinding>& findings() { return findings_; }
  [[nodiscard]] bool out_of_fuel() const { return fuel_ <= 0; }

 private:
  struct Frame {
    std::uint32_t function = ir::kNone;
    std::uint32_t owner = ir::kNone;  // class
    Environment here;
    Frame* outer = nullptr;  // where free names are looked up
    Frame* caller = nullptr;
    Ref result = nullptr;
    Environment* breaks = nullptr;  // what flows out of the innermost loop
    Environment* continues = nullptr;
    std::vector<std::uint32_t> pending;  // functions defined here, not yet run by themselves
    std::vector<std::uint32_t> pending_classes;
    int depth = 0;
    bool constructor = false;
  };

  // statements.cc
  void execute(ir::Id id);
  Ref execute_body(ir::Id id);
  Ref execute_if(ir::Id id);
  void enter_label();
  Ref execute_switch(ir::Id id);
  void execute_loop(ir::Id id);
  void execute_try(ir::Id id);
  void execute_class(ir::Id id);
  void assign(ir::Id target, Ref value, ir::Id at);
  void store(ir::Id target, Ref value);
  void run_function(std::uint32_t index, Frame* outer, const std::vector<Ref>& arguments = {},
                    Ref self = nullptr);
  void run_pending(Frame& frame);
  Ref call_function(std::uint32_t index, Ref self, const Arguments& arguments, ir::Id at);
  void bind_parameters(Frame& frame, const ir::Function& function, Ref self,
                       const Arguments& arguments);
  void bind_this(Frame& frame, Ref self);
  Ref parameter_value(const ir::Function& function, const ir::Parameter& parameter, bool tainted);

  // expressions.cc
  Ref evaluate(ir::Id id);
  Ref evaluate_name(ir::Id id);
  Ref look_up(std::uint32_t symbol);
  Ref member(Ref object, std::string_view name, ir::Id at);
  Ref element(Ref object, Ref key, ir::Id at);
  Ref any_element(Ref object, ir::Id at);
  Ref slice(Ref object, Ref low, Ref high);
  Ref concatenate(ir::Id id);
  Ref evaluate_map(ir::Id id);
  Ref evaluate_choice(ir::Id id);
  Ref evaluate_logic(ir::Id id);
  Ref evaluate_each(ir::Id id);
  Ref binary(std::string_view op, Ref left, Ref right);
  Ref joined_text(Ref left, Ref right);
  Ref named(std::string_view path, Ref from, ir::Id at);
  std::string_view resolve_type(std::string_view type);
  Ref typed(std::string_view type, Ref value);
  static bool is_number_type(std::string_view type);

  // calls.cc
  Ref evaluate_call(ir::Id id);
  Arguments evaluate_arguments(ir::Id id);
  Ref call_result(ir::Id id, std::string_view path, Ref callee, Ref receiver, ir::Id receiver_node,
                  const Arguments& arguments);
  std::optional<Ref> boxed(std::string_view method, Ref receiver, ir::Id receiver_node,
                           const Arguments& arguments);
  std::optional<Ref> container_method(std::string_view method, Ref receiver, ir::Id receiver_node,
                                      const Arguments& arguments, ir::Id at);
  std::optional<Ref> text_method(std::string_view method, Ref receiver, const Arguments& arguments);
  std::optional<Ref> text_function(std::string_view path, const Arguments& arguments);
  Ref formatted(Ref format, const Arguments& arguments, std::size_t first);
  void call_back(Ref function, Ref argument);

  // effects.cc
  void apply_effects(std::string_view path, Ref receiver, const Arguments& arguments, ir::Id at);
  const Origin* filled_with(const Model::Fill& fill, std::string_view path,
                            const Arguments& arguments, ir::Id at);
  std::uint32_t method_of(std::uint32_t owner, std::string_view name, std::size_t arguments) const;

  // guards.cc
  std::optional<bool> truth(Ref value) const;
  std::optional<bool> compare(std::string_view op, Ref left, Ref right) const;
  void assume(ir::Id condition, bool holds);
  void assume_call(ir::Id call, bool holds);
  void assume_compare(ir::Id compare, bool holds);
  Kinds tested_kinds(ir::Id node) const;
  void clear(Ref subject, Kinds kinds);
  Kinds kinds_named(std::initializer_list<const char*> names) const;

  // check.cc
  void check_call(std::string_view path, Ref receiver, const Arguments& arguments, ir::Id at);
  void check_decorators(const std::vector<ir::Id>& decorators);
  void check_name(std::string_view path, ir::Id at);
  void check_assign(ir::Id target, Ref value, ir::Id at);
  void check_return(Ref value, ir::Id at);
  void check_key(std::string_view key, Ref value, ir::Id at);
  bool holds(const std::vector<Condition>& all, Ref receiver, const Arguments& arguments) const;
  bool holds(const Condition& condition, Ref receiver, const Arguments& arguments) const;
  bool holds(const Predicate& test, Ref value, ir::Id node) const;
  // written.cc
  bool is_named(const Pattern& pattern, ir::Id id) const;
  bool mentions(const Pattern& pattern, ir::Id id, int depth) const;
  bool returns_literal(Ref value, const std::vector<std::string>& texts) const;
  bool is_operation(const std::vector<std::string>& operators, ir::Id id) const;
  bool imports_ok(const Finder& finder) const;
  // Its modules are imported, all its conditions hold, and none of its exceptions.
  bool fits(const Finder& finder, Ref receiver, const Arguments& arguments) const;
  void report_tainted(const Hit& hit, Ref receiver, const Arguments& arguments, ir::Id at);
  void report(const Hit& hit, ir::Id at, const Origin* origin);
  static std::vector<const Argument*> selected(const Selector& selector,
                                               const Arguments& arguments);

  const RuleSet& rules_;
  const ir::Module& module_;
  Values values_;
  Frame* frame_ = nullptr;
  Frame* top_ = nullptr;
  long fuel_ = 0;
  int depth_ = 0;           // of evaluation
  bool quiet_ = false;      // a value is asked for again: nothing is reported
  std::vector<bool> done_;  // functions that have been run by themselves
  std::vector<std::unordered_map<std::string_view, Ref>> fields_;  // of classes
  std::unordered_map<std::string_view, std::uint32_t> class_names_;
  std::unordered_map<std::string, Ref> things_;
  std::unordered_map<std::string_view, const Model::Source*> source_of_;
  std::vector<RawFinding> findings_;
  std::set<std::pair<const Rule*, std::uint32_t>> reported_;
};

}  // namespace testgen::scan
