// Result<T>: a value or an Error. Dropping one is a compile-time warning. An alias over
// tl::expected, because g++ 12 has no std::expected in C++20 mode.
#pragma once

#include <tl/expected.hpp>
#include <utility>

#include "base/error.h"

namespace testgen::base {

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using Base = tl::expected<T, Error>;
  using Base::Base;
  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): `return Error{…};` is the point.
  Result(Error error) : Base(tl::unexpect, std::move(error)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(Base other) : Base(std::move(other)) {}
};

using Status = Result<void>;

}  // namespace testgen::base

#define TG_CONCAT_INNER(a, b) a##b
#define TG_CONCAT(a, b) TG_CONCAT_INNER(a, b)

// Returns the error of a Result, if it is one.
#define TG_TRY(...)                                                        \
  do {                                                                     \
    if (auto&& tg_try_result = (__VA_ARGS__); !tg_try_result.has_value())  \
      return std::forward<decltype(tg_try_result)>(tg_try_result).error(); \
  } while (false)

// Declares a variable from a Result's value, or returns its error.
#define TG_ASSIGN(declaration, ...) \
  TG_ASSIGN_INNER(TG_CONCAT(tg_assign_, __LINE__), declaration, __VA_ARGS__)
#define TG_ASSIGN_INNER(name, declaration, ...)          \
  auto name = (__VA_ARGS__);                             \
  if (!name.has_value()) return std::move(name).error(); \
  declaration = *std::move(name)
