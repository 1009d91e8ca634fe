// What the store does when the machine fails it: a process that dies, a full disk, a read-only
// or damaged file.
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/file_system.h"
#include "storage/sqlite_store.h"

namespace testgen::storage {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::WallTime;

constexpr std::uint64_t kNoLimit = 1'000'000;

model::Job make_job(const std::string& id, std::size_t request_bytes = 10) {
  model::Job job;
  job.id = id;
  job.kind = "generate";
  job.request_json = std::string(request_bytes, 'x');
  return job;
}

class SqliteStoreFailuresTest : public ::testing::Test {
 protected:
  std::unique_ptr<SqliteStore> open(std::int64_t max_pages = 0) {
    auto opened = SqliteStore::open({.file = file_, .max_pages = max_pages});
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
  }
  void write_file(std::string_view content) { std::ofstream(file_) << content; }

  base::TempDir folder_ = *base::TempDir::create("store");
  fs::path file_ = folder_.path() / "jobs.db";
};

// The files as they are at some instant are what a killed process leaves behind.
TEST_F(SqliteStoreFailuresTest, AcknowledgedJobsAreInACopyTakenWhileItRuns) {
  const auto store = open();
  ASSERT_TRUE(store->enqueue(make_job("a"), kNoLimit));
  ASSERT_TRUE(store->enqueue(make_job("b"), kNoLimit));
  ASSERT_TRUE(store->claim("worker", WallTime{}, WallTime::max())->has_value());

  const fs::path copy = folder_.path() / "copy";
  fs::create_directory(copy);
  fs::copy(file_, copy / "jobs.db");
  fs::copy(file_.string() + "-wal", copy / "jobs.db-wal");

  const auto revived = SqliteStore::open({.file = copy / "jobs.db"});
  ASSERT_TRUE(revived) << revived.error().message;
  EXPECT_EQ((*revived)->get("a")->state, model::JobState::Running);
  EXPECT_EQ((*revived)->requeue_lost(WallTime{}, Store::Lost::All, {3, {}, "{}"})->queued,
            std::vector<std::string>{"a"});
  EXPECT_EQ((*revived)->counts()->queued, 2U);
}

TEST_F(SqliteStoreFailuresTest, AKilledProcessLosesNoAcknowledgedJob) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto store = SqliteStore::open({.file = file_});
    if (!store) _exit(1);
    for (char i = 0;; ++i) {
      if (!(*store)->enqueue(make_job("job" + std::to_string(int{i})), kNoLimit)) _exit(2);
      if (write(pipe_ends[1], &i, 1) != 1) _exit(3);
    }
  }
  char last = -1;
  while (last < 20) ASSERT_EQ(read(pipe_ends[0], &last, 1), 1);
  kill(child, SIGKILL);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  close(pipe_ends[1]);
  char more = 0;
  while (read(pipe_ends[0], &more, 1) == 1) last = more;
  close(pipe_ends[0]);

  const auto store = open();
  for (int i = 0; i <= last; ++i) {
    EXPECT_TRUE(store->get("job" + std::to_string(i))) << i << " of " << int{last};
  }
}

TEST_F(SqliteStoreFailuresTest, AFullDiskRefusesTheJobAndKeepsTheOthers) {
  const auto store = open(/*max_pages=*/40);
  ASSERT_TRUE(store->enqueue(make_job("small"), kNoLimit));
  const auto refused = store->enqueue(make_job("big", 400'000), kNoLimit);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::ResourceExhausted);
  EXPECT_FALSE(refused.error().hint.empty());
  EXPECT_TRUE(store->get("small"));
  EXPECT_FALSE(store->get("big"));
  ASSERT_TRUE(store->enqueue(make_job("small2"), kNoLimit)) << "smaller ones still fit";
}

// Runs `body` in a child process, because what it does to itself would hold for every test
// after it; gives the child's exit code.
template <class Body>
int exit_code_of_child(Body body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

constexpr int kNotAllowed = 77;

TEST_F(SqliteStoreFailuresTest, ADiskThatIsReallyFullRefusesTheJobAndKeepsTheOthers) {
  const int code = exit_code_of_child([&] {
    const int name_space = geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER;
    if (unshare(name_space) != 0) return kNotAllowed;
    if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return kNotAllowed;
    if (mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=512k") != 0) return kNotAllowed;
    const auto store = SqliteStore::open({.file = file_});
    if (!store || !(*store)->enqueue(make_job("small"), kNoLimit)) return 1;
    const auto refused = (*store)->enqueue(make_job("big", 600'000), kNoLimit);
    if (refused || refused.error().code != ErrorCode::ResourceExhausted) return 2;
    if (!(*store)->get("small") || (*store)->get("big")) return 3;
    return (*store)->enqueue(make_job("small2"), kNoLimit) ? 0 : 4;
  });
  if (code == kNotAllowed) GTEST_SKIP() << "this machine does not let us mount a small disk";
  EXPECT_EQ(code, 0);
}

TEST_F(SqliteStoreFailuresTest, AFailedWriteRefusesTheJobAndKeepsTheOthers) {
  const int code = exit_code_of_child([&] {
    signal(SIGXFSZ, SIG_IGN);
    const auto store = SqliteStore::open({.file = file_});
    if (!store || !(*store)->enqueue(make_job("small"), kNoLimit)) return 1;
    const rlimit limit{200'000, 200'000};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
    const auto refused = (*store)->enqueue(make_job("big", 400'000), kNoLimit);
    if (refused || refused.error().code != ErrorCode::Io || refused.error().hint.empty()) return 3;
    return (*store)->get("small") && !(*store)->get("big") ? 0 : 4;
  });
  EXPECT_EQ(code, 0);
  EXPECT_TRUE(open()->get("small"));
}

TEST_F(SqliteStoreFailuresTest, RefusesAFileThatIsNotADatabaseAndKeepsIt) {
  const std::string text(4096, 'n');
  write_file(text);
  const auto refused = SqliteStore::open({.file = file_});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Io);
  EXPECT_NE(refused.error().hint.find("left as it is"), std::string::npos);
  EXPECT_EQ(base::read_file(file_, 1U << 20U), text);
}

TEST_F(SqliteStoreFailuresTest, RefusesADamagedDatabaseAndKeepsIt) {
  {
    const auto store = open();
    for (int i = 0; i < 50; ++i) {
      ASSERT_TRUE(store->enqueue(make_job("job" + std::to_string(i), 3000), kNoLimit));
    }
  }
  std::fstream bytes(file_, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(4096 * 3);
  bytes << std::string(4096 * 6, '\xff');
  bytes.close();
  const std::string damaged = *base::read_file(file_, 64U << 20U);
  const auto refused = SqliteStore::open({.file = file_});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Io);
  EXPECT_FALSE(refused.error().hint.empty());
  EXPECT_EQ(base::read_file(file_, 64U << 20U), damaged);
}

TEST_F(SqliteStoreFailuresTest, ReportsAFolderThatCannotBeWritten) {
  const int code = exit_code_of_child([&] {
    fs::permissions(folder_.path(), fs::perms::owner_read | fs::perms::owner_exec);
    if (geteuid() == 0 && setuid(65534) != 0) return 1;  // root may write anywhere
    const auto refused = SqliteStore::open({.file = file_});
    if (refused) return 2;
    return refused.error().code == ErrorCode::Io && !refused.error().hint.empty() ? 0 : 3;
  });
  fs::permissions(folder_.path(), fs::perms::owner_all);
  EXPECT_EQ(code, 0);
}

TEST_F(SqliteStoreFailuresTest, TheHealthCheckFailsWhenNothingCanBeWritten) {
  const int code = exit_code_of_child([&] {
    signal(SIGXFSZ, SIG_IGN);
    const auto store = SqliteStore::open({.file = file_});
    const rlimit limit{1, 1};
    if (!store || !(*store)->check() || setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    return (*store)->check() ? 2 : 0;
  });
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace testgen::storage
