// Makes and mutates whole programs: which callable, on which object, after which set-up.
// Not thread-safe; one a search.
#pragma once

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
  // (an abstract class).
  [[nodiscard]] std::optional<TestProgram> make(std::size_t callable);

  // A changed copy; the callable of the last statement stays.
  [[nodiscard]] TestProgram mutate(const TestProgram& parent);

  // The program of a documented example, when its arguments are plain literals.
  [[nodiscard]] std::optional<TestProgram> from_example(const model::ExampleCall& example);

 private:
  Statement make_call(std::size_t callable);
  bool add_receiver(TestProgram& program, Statement& statement);
  bool insert_preparation(TestProgram& program);
  void mutate_arguments(Statement& statement);
  void mutate_parameter(Statement& statement, const Callable& callable);

  const Universe& universe_;
  ValueFactory& values_;
  base::Random& random_;
};

}  // namespace testgen::engine
