#include "storage/migrations.h"

#include <gtest/gtest.h>

#include "base/file_system.h"

namespace testgen::storage {
namespace {

class MigrationsTest : public ::testing::Test {
 protected:
  base::TempDir folder_ = *base::TempDir::create("migrations");
  Database database_ = *Database::open(folder_.path() / "test.db", Database::Mode::ReadWrite);
};

TEST_F(MigrationsTest, BringAnEmptyDatabaseToTheLastVersionAndStayThere) {
  ASSERT_TRUE(migrate(database_));
  const auto last = static_cast<std::int64_t>(migrations().size());
  EXPECT_EQ(database_.query_number("PRAGMA user_version"), last);
  ASSERT_TRUE(migrate(database_));
  EXPECT_EQ(database_.query_number("PRAGMA user_version"), last);
  EXPECT_EQ(database_.query_number("SELECT count(*) FROM jobs"), 0);
}

TEST_F(MigrationsTest, RefuseADatabaseOfANewerProgram) {
  ASSERT_TRUE(database_.execute("PRAGMA user_version=999"));
  const base::Status refused = migrate(database_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::Unsupported);
  EXPECT_EQ(database_.query_number("PRAGMA user_version"), 999);
}

TEST_F(MigrationsTest, LeaveNothingBehindWhenAStepFails) {
  ASSERT_TRUE(database_.execute("CREATE TABLE jobs (x)"));  // in the way of step 1
  ASSERT_FALSE(migrate(database_));
  EXPECT_EQ(database_.query_number("PRAGMA user_version"), 0);
  EXPECT_FALSE(database_.in_transaction());
  EXPECT_EQ(database_.query_number("SELECT count(*) FROM sqlite_master WHERE name='probe'"), 0);
}

}  // namespace
}  // namespace testgen::storage
