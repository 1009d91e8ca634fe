// What only the real sandbox does. Hostile programs are in tests/sandbox.
#include "sandbox/bubblewrap.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/file_system.h"
#include "base/process.h"

namespace testgen::sandbox {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using model::Outcome;

class Bubblewrap : public testing::Test {
 protected:
  model::RunResult shell(const std::string& script, Request request = {}) {
    request.argv = {"/bin/sh", "-c", script};
    request.environment = {"PATH=/usr/bin:/bin"};
    auto result = sandbox_.run(request, {});
    EXPECT_TRUE(result) << base::describe(result.error());
    return result ? *result : model::RunResult{};
  }

  BubblewrapSandbox sandbox_;
};

TEST_F(Bubblewrap, WritableFoldersReachTheHostAndReadOnlyOnesDoNotChange) {
  const auto out = *base::TempDir::create("sandbox-test");  // mode 0700
  const auto in = *base::TempDir::create("sandbox-test");
  std::ofstream(in.path() / "name") << "content";
  Request request;
  request.writable = {out.path()};
  request.read_only = {in.path()};
  request.working_directory = out.path().string();
  const auto result =
      shell("cat " + in.path().string() + "/name > copy; echo x > " + in.path().string() + "/new",
            request);
  EXPECT_NE(result.exit_code, 0);
  EXPECT_EQ(*base::read_file(out.path() / "copy", 100), "content");
  EXPECT_FALSE(fs::exists(in.path() / "new"));
}

TEST_F(Bubblewrap, AWritableFolderServesOneRunAfterAnother) {
  const auto out = *base::TempDir::create("sandbox-test");
  Request request;
  request.writable = {out.path()};
  request.working_directory = out.path().string();
  EXPECT_EQ(shell("mkdir -m 700 d && echo 1 > d/f", request).exit_code, 0);
  EXPECT_EQ(shell("cat d/f && echo 2 > d/f", request).standard_output, "1\n");
  EXPECT_EQ(*base::read_file(out.path() / "d" / "f", 100), "2\n");
}

TEST_F(Bubblewrap, TheProgramIsNeitherRootNorPidOneNorPrivileged) {
  EXPECT_NE(shell("id -u").standard_output, "0\n");
  EXPECT_NE(shell("echo $$").standard_output, "1\n");
  EXPECT_EQ(shell("grep CapEff /proc/self/status").standard_output, "CapEff:\t0000000000000000\n");
}

TEST_F(Bubblewrap, OrphansAreCountedAndDoNotOutliveTheProgram) {
  const auto pipe = *base::make_pipe();
  Request request;
  request.descriptors = {{3, pipe.write_end.get()}};
  const auto start = std::chrono::steady_clock::now();
  const auto result = shell(
      "(setsid /usr/bin/python3 -c 'import time\nwhile time.process_time() < 0.2: pass\n"
      "open(\"/tmp/done\", \"w\")' &) ;"
      "(setsid sleep 1000 &); while [ ! -e /tmp/done ]; do sleep 0.05; done",
      request);
  EXPECT_EQ(result.outcome, Outcome::Exited);
  EXPECT_GE(result.cpu, 150ms);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST_F(Bubblewrap, CountsTheTimeOfATreeThatWasKilled) {
  Request request;
  request.limits.wall = 500ms;
  const auto result = shell("while :; do :; done & sleep 1000", request);
  EXPECT_EQ(result.outcome, Outcome::TimedOut);
  EXPECT_GE(result.cpu, 100ms);
}

TEST(BubblewrapSetup, SaysWhatToInstall) {
  BubblewrapSandbox sandbox("no-such-bubblewrap");
  const auto status = sandbox.check();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, base::ErrorCode::Environment);
  EXPECT_EQ(status.error().hint, "apt-get install bubblewrap");
}

TEST(BubblewrapSetup, ExplainsWhyItDoesNotWorkHere) {
  const auto dir = *base::TempDir::create("sandbox-test");
  const auto fake = dir.path() / "bwrap";
  std::ofstream(fake) << "#!/bin/sh\necho 'bwrap: Creating new namespace failed: Operation not "
                         "permitted' >&2\nexit 1\n";
  ::chmod(fake.c_str(), 0755);
  BubblewrapSandbox sandbox(fake.string());
  const auto status = sandbox.check();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, base::ErrorCode::Environment);
  EXPECT_NE(status.error().message.find("Creating new namespace failed"), std::string::npos);
  EXPECT_NE(status.error().hint, "");
}

TEST(BubblewrapSetup, RefusesARequestThatMakesNoSense) {
  BubblewrapSandbox sandbox;
  Request request;
  EXPECT_FALSE(sandbox.run(request, {}));
  request.argv = {"relative"};
  EXPECT_FALSE(sandbox.run(request, {}));
  request.argv = {"/bin/true"};
  request.environment = {"NOEQUALS"};
  EXPECT_FALSE(sandbox.run(request, {}));
  request.environment = {};
  request.descriptors = {{1, 1}};
  EXPECT_FALSE(sandbox.run(request, {}));
  request.descriptors = {};
  request.read_only = {"/no/such/folder"};
  EXPECT_EQ(sandbox.run(request, {}).error().code, base::ErrorCode::NotFound);
}

}  // namespace
}  // namespace testgen::sandbox
