#include "base/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

namespace testgen::base {
namespace {

Result<int> parse_digit(char c) {
  if (c < '0' || c > '9') return Error{ErrorCode::InvalidInput, "not a digit", "use 0 to 9"};
  return c - '0';
}

Result<int> sum(char a, char b) {
  TG_ASSIGN(const int x, parse_digit(a));
  TG_ASSIGN(const int y, parse_digit(b));
  return x + y;
}

Status only_digits(char a) {
  TG_TRY(parse_digit(a));
  return {};
}

TEST(Result, AssignPassesValuesAndErrorsOn) {
  EXPECT_EQ(sum('2', '3').value(), 5);
  const auto failed = sum('2', 'x');
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(describe(failed.error()), "not a digit (use 0 to 9)");
}

TEST(Result, TryReturnsTheError) {
  EXPECT_TRUE(only_digits('7'));
  EXPECT_FALSE(only_digits('z'));
}

TEST(Result, CarriesMoveOnlyValues) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(4));
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 4);
}

TEST(Error, ContextGoesBeforeTheMessage) {
  const Error error{ErrorCode::Io, "disk on fire", "run"};
  EXPECT_EQ(error.with_context("while saving").message, "while saving: disk on fire");
  EXPECT_EQ(error.with_context("x").hint, "run");
}

TEST(Error, SystemErrorsMapToCodes) {
  EXPECT_EQ(system_error("x", ENOENT).code, ErrorCode::NotFound);
  EXPECT_EQ(system_error("x", EROFS).code, ErrorCode::PermissionDenied);
  EXPECT_EQ(system_error("x", ENOSPC).code, ErrorCode::ResourceExhausted);
  EXPECT_EQ(system_error("x", EIO).code, ErrorCode::Io);
}

TEST(Error, EachCodeIsFoundByItsName) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    EXPECT_EQ(error_code_from(to_string(code)), code);
  }
  EXPECT_EQ(error_code_from("no_such_code"), std::nullopt);
  EXPECT_EQ(error_code_from(""), std::nullopt);
}

}  // namespace
}  // namespace testgen::base
