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

TEST_F(MigrationsTest, KeepTheJobsAndKeysOfTheVersionBefore) {
  ASSERT_TRUE(database_.execute(std::string(migrations()[0]) + std::string(migrations()[1]) +
                                "PRAGMA user_version=2;"
                                "INSERT INTO jobs (id, kind, state, request, idempotency_key, "
                                "attempts, created) VALUES ('a','generate','queued','{}','k',2,7),"
                                "('b','generate','queued','{}',NULL,0,8)"));
  ASSERT_TRUE(migrate(database_));
  EXPECT_EQ(database_.query_number("SELECT count(*) FROM jobs WHERE tenant=''"), 2);
  EXPECT_EQ(database_.query_number("SELECT attempts FROM jobs WHERE id='a'"), 2);
  EXPECT_EQ(database_.query_text("SELECT job FROM idempotency_keys WHERE key='k'"), "a");
  ASSERT_TRUE(
      database_.execute("INSERT INTO jobs (id, kind, state, request, created) VALUES "
                        "('c','generate','queued','{}',9)"));
  EXPECT_EQ(database_.query_number("SELECT sequence FROM jobs WHERE id='c'"), 3);
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
