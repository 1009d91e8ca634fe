// Makes and mutates argument values: by type, from the literals of the code, and from operands
// seen while it ran. Not thread-safe; one a search.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "engine/explorer/universe.h"
#include "engine/explorer/value.h"

namespace testgen::engine {

class ValueFactory {
 public:
  // Borrows both; they must outlive the factory.
  ValueFactory(const Universe& universe, base::Random& random);

  // A fresh value for the parameter, its type drawn by weight; `callable` brings the constants.
  [[nodiscard]] Value make(const ParameterInfo& parameter, const Callable& callable, int depth = 0);
  [[nodiscard]] Value make_of(TypeTag tag, const ParameterInfo& parameter, const Callable& callable,
                              int depth);
  [[nodiscard]] TypeTag draw_type(const ParameterInfo& parameter);

  // Values of the same program, which fresh ones sometimes repeat: what was added under a name
  // is asked for under that name. They are copied.
  void set_context(const std::vector<const Value*>& values);

  // Changes one node of the value a little.
  void mutate(Value& value, const Callable& callable);

  // Remembers an operand seen at a comparison, for later values.
  void remember(const Value& value);

  // Keeps the texts of a value that led to something new, for later ones to be made of.
  void keep_texts(const Value& value);

  // Keeps a call that gave an object of that class of the module, for where one is wanted.
  void keep_object(const std::string& class_name, const Value& call);
  // The call that was kept for an object of that class by that callee, or nothing.
  [[nodiscard]] const Value* kept_object(const std::string& class_name, const std::string& callee);

  // An object of that class of the module: by its constructor, an heir's, or what returns one.
  [[nodiscard]] Value make_object(const std::string& class_name, int depth);

  // The arguments of a call, required ones always, optional ones sometimes.
  void fill_arguments(std::vector<Value>& positional,
                      std::vector<std::pair<std::string, Value>>& keywords,
                      const Callable& callable, int depth);

 private:
  Value make_int(const Callable& callable);
  Value make_float(const Callable& callable);
  Value make_string(const Callable& callable);
  Value make_bytes(const Callable& callable);
  Value make_stream(const Callable& callable);
  // A literal of the code, or a text of a few letters.
  std::string make_piece(const Callable& callable);
  // What one of the expressions that it matches with matches.
  std::optional<std::string> matching(const Callable& callable);
  void add_lines(std::string& text, const Callable& callable);
  std::string separator(const Callable& callable);
  Value make_element(const ParameterInfo& parameter, const Callable& callable, int depth,
                     TypeTag element);
  Value make_container(TypeTag tag, const ParameterInfo& parameter, const Callable& callable,
                       int depth);
  Value make_unpackable(TypeTag tag, const ParameterInfo& parameter, const Callable& callable,
                        int depth);
  Value make_callable(const ParameterInfo& parameter);
  std::optional<Value> make_predicate(const ParameterInfo& parameter);
  Value make_namespace(const ParameterInfo& parameter, int depth);
  Value make_instance(const ParameterInfo& parameter, int depth);
  void mutate_string(std::string& text, const Callable& callable);
  void mutate_characters(std::string& text, const Callable& callable);
  void mutate_items(Value& value, const Callable& callable);
  // A literal of that kind from the code or its operands, or nothing.
  const Value* constant(ValueKind kind, const Callable& callable);

  const Universe& universe_;
  base::Random& random_;
  std::map<ValueKind, std::deque<Value>> seen_;
  std::map<std::string, std::vector<Value>> objects_;  // by class: calls that gave one
  std::deque<std::string> texts_;                      // that led to something new
  std::array<std::vector<Value>, kTypeTags> context_;
  std::vector<std::string> words_;         // of the context's texts, in their order
  std::optional<std::size_t> next_word_;   // while a call is given one word after the other
  std::optional<TypeTag> shared_element_;  // of the containers made for one call
};

// Pointers to every node of the value that mutation may touch, itself first.
void collect_nodes(Value& value, std::vector<Value*>& out);

}  // namespace testgen::engine
