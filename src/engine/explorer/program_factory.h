// Makes and mutates whole programs: which callable, on which object, after which set-up.
// Not thread-safe; one a search.
#pragma once

#include <map>
#include <set>
#include <string>

#include "base/random.h"
#include "engine/explorer/test_program.h"
#include "engine/explorer/value_factory.h"

namespace testgen::engine {

class ProgramFactory {
 public:
  // Borrows all; they must outlive the factory.
  ProgramFactory(const Universe& universe, ValueFactory& values, base::Random& random)
      : universe_(universe), values_(values), random_(random) {}

  // A new program whose last statement calls `callable`. Nothing when no receiver can be made
  // (an abstract class without heirs).
  [[nodiscard]] std::optional<TestProgram> make(std::size_t callable);

  // The parent's statements, then a call of `callable` on the parent's object. Nothing when that
  // object has no such method.
  [[nodiscard]] std::optional<TestProgram> extend(const TestProgram& parent, std::size_t callable);

  // The parent with calls of the donor on an object of the same class put before its act.
  [[nodiscard]] std::optional<TestProgram> splice(const TestProgram& parent,
                                                  const TestProgram& donor);

  // The program with its objects made by classes that record, where there are such; nothing when
  // there are none.
  [[nodiscard]] std::optional<TestProgram> with_recorders(const TestProgram& program) const;

  // A changed copy; the callable of the last statement stays. The parameters and attributes
  // named in `focus` are changed first.
  [[nodiscard]] TestProgram mutate(const TestProgram& parent,
                                   const std::set<std::string>& focus = {});

  // The calls that prepared the act of a program that led to something new: more of them.
  void credit(const TestProgram& program);
  // One of the callables, those with credit more often.
  [[nodiscard]] std::size_t draw_by_credit(const std::vector<std::size_t>& callables);

  // The program of a documented example, when its arguments are plain literals.
  [[nodiscard]] std::optional<TestProgram> from_example(const model::ExampleCall& example);

 private:
  [[nodiscard]] const ClassInfo* recorder_of(const ClassInfo& info) const;
  Statement make_call(std::size_t callable);
  bool add_receiver(TestProgram& program, Statement& statement);
  void make_assignment(Statement& statement);
  ParameterInfo attribute_info(const ClassInfo& owner, const std::string& name);
  bool insert_preparation(TestProgram& program);
  bool insert_attribute(TestProgram& program, const std::set<std::string>& focus);
  void mutate_arguments(Statement& statement);
  void mutate_parameter(Statement& statement, const Callable& callable, std::size_t index);
  bool add_option(Statement& statement, const std::set<std::string>& focus);
  bool mutate_focused(TestProgram& program, const std::set<std::string>& focus);

  const Universe& universe_;
  ValueFactory& values_;
  base::Random& random_;
  std::map<std::size_t, double> credits_;  // by callable
};

}  // namespace testgen::engine
