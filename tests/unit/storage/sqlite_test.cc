#include "storage/sqlite.h"

#include <gtest/gtest.h>

#include "base/file_system.h"

namespace testgen::storage {
namespace {

class SqliteTest : public ::testing::Test {
 protected:
  base::TempDir folder_ = *base::TempDir::create("sqlite");
  Database database_ = *Database::open(folder_.path() / "test.db", Database::Mode::ReadWrite);
};

TEST_F(SqliteTest, KeepsTextWithZeroBytesAndNumbersAtTheirLimits) {
  ASSERT_TRUE(database_.execute("CREATE TABLE t (a TEXT, b INTEGER)"));
  const std::string text("one\0two", 7);
  auto insert = database_.prepare("INSERT INTO t VALUES (?,?)");
  ASSERT_TRUE(insert);
  ASSERT_EQ(insert->bind(text).bind(INT64_MIN).run(), 1);
  auto select = database_.prepare("SELECT a, b FROM t");
  ASSERT_TRUE(select);
  ASSERT_EQ(select->step(), true);
  EXPECT_EQ(select->text(0), text);
  EXPECT_EQ(select->number(1), INT64_MIN);
  EXPECT_EQ(select->step(), false);
}

TEST_F(SqliteTest, StoresAnEmptyTextAsNullWhereAskedTo) {
  ASSERT_TRUE(database_.execute("CREATE TABLE t (a TEXT)"));
  ASSERT_TRUE(database_.prepare("INSERT INTO t VALUES (?)")->bind_or_null("").run());
  auto select = database_.prepare("SELECT a FROM t");
  ASSERT_EQ(select->step(), true);
  EXPECT_TRUE(select->is_null(0));
}

TEST_F(SqliteTest, ReusesAPreparedStatementFromItsStart) {
  ASSERT_TRUE(database_.execute("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1),(2)"));
  for (int round = 0; round < 3; ++round) {
    auto select = database_.prepare("SELECT a FROM t WHERE a > ?");
    ASSERT_EQ(select->bind(std::int64_t{0}).step(), true);
    EXPECT_EQ(select->number(0), 1);
  }
}

TEST_F(SqliteTest, NamesABrokenStatementAndAViolatedConstraint) {
  EXPECT_EQ(database_.prepare("SELEKT 1").error().code, base::ErrorCode::Internal);
  ASSERT_TRUE(database_.execute("CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1)"));
  EXPECT_EQ(database_.execute("INSERT INTO t VALUES (1)").error().code, base::ErrorCode::Conflict);
}

TEST_F(SqliteTest, SaysThatAFolderIsMissing) {
  const auto missing = Database::open(folder_.path() / "none" / "x.db", Database::Mode::ReadWrite);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::ErrorCode::Io);
  EXPECT_FALSE(missing.error().hint.empty());
}

}  // namespace
}  // namespace testgen::storage
