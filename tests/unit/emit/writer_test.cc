#include "emit/writer.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "base/file_system.h"

namespace testgen::emit {
namespace {

namespace fs = std::filesystem;

class WriterTest : public testing::Test {
 protected:
  base::Result<WrittenFile> write(const std::string& path, const std::string& content) {
    return Writer(folder(), "0.1.0").write({path, content});
  }
  std::string read(const std::string& name) {
    return base::read_file(folder() / name, 1U << 20U).value_or("(missing)");
  }
  void put(const std::string& name, const std::string& text) {
    std::ofstream(folder() / name) << text;
  }
  [[nodiscard]] const fs::path& folder() const { return folder_.path(); }

 private:
  base::TempDir folder_ = *base::TempDir::create("writer-test");
};

TEST_F(WriterTest, SealsWhatItCreates) {
  const auto written = write("sub/test_a.py", "def test_a():\n    assert True\n");
  ASSERT_TRUE(written) << describe(written.error());
  EXPECT_EQ(written->outcome, WriteOutcome::Created);
  EXPECT_EQ(written->path, folder() / "sub/test_a.py");
  const std::string text = read("sub/test_a.py");
  EXPECT_EQ(text.rfind("# testgen: sha256=", 0), 0U);
  EXPECT_NE(text.find(" version=0.1.0\n"), std::string::npos);
  EXPECT_EQ(check_seal(text), Seal::Intact);
}

TEST_F(WriterTest, ReplacesItsOwnFileAndLeavesTheSameTextUntouched) {
  ASSERT_TRUE(write("test_a.py", "old\n"));
  EXPECT_EQ(write("test_a.py", "old\n")->outcome, WriteOutcome::Unchanged);
  EXPECT_EQ(write("test_a.py", "new\n")->outcome, WriteOutcome::Replaced);
  EXPECT_NE(read("test_a.py").find("new"), std::string::npos);
}

TEST_F(WriterTest, RewritesOnlyWhatItWroteAndNobodyChanged) {
  emit::Writer writer(folder(), "1.0.0");
  const fs::path path = folder() / "test_a.py";
  ASSERT_TRUE(writer.write({"test_a.py", "a = 1\n"}));
  ASSERT_TRUE(writer.rewrite(path, "a = 2\n"));
  EXPECT_EQ(check_seal(*base::read_file(path, 1000)), Seal::Intact);
  EXPECT_NE(base::read_file(path, 1000)->find("a = 2"), std::string::npos);
  ASSERT_TRUE(base::write_file_atomic(path, *base::read_file(path, 1000) + "b = 1\n"));
  EXPECT_FALSE(writer.rewrite(path, ""));
  EXPECT_TRUE(fs::exists(path));
  emit::Writer other(folder(), "1.0.0");
  ASSERT_TRUE(writer.write({"test_b.py", "b = 1\n"}));
  EXPECT_FALSE(other.rewrite(folder() / "test_b.py", "b = 2\n"));
  ASSERT_TRUE(writer.rewrite(folder() / "test_b.py", ""));
  EXPECT_FALSE(fs::exists(folder() / "test_b.py"));
}

TEST_F(WriterTest, NeverOverwritesAnEditedFile) {
  ASSERT_TRUE(write("test_a.py", "generated\n"));
  const std::string edited = read("test_a.py") + "# a person was here\n";
  put("test_a.py", edited);
  const auto written = write("test_a.py", "newer\n");
  ASSERT_TRUE(written);
  EXPECT_EQ(written->outcome, WriteOutcome::Beside);
  EXPECT_EQ(written->path.filename(), "test_a_testgen.py");
  EXPECT_EQ(written->note, "test_a.py was edited, so it was left alone");
  EXPECT_EQ(read("test_a.py"), edited);
  // The file beside is ours: the next run replaces it and does not pile up numbers.
  EXPECT_EQ(write("test_a.py", "newest\n")->path.filename(), "test_a_testgen.py");
}

TEST_F(WriterTest, NeverOverwritesAFileThatIsNotOurs) {
  put("test_a.py", "mine\n");
  put("test_a_testgen.py", "mine too\n");
  const auto written = write("test_a.py", "generated\n");
  ASSERT_TRUE(written);
  EXPECT_EQ(written->path.filename(), "test_a_testgen2.py");
  EXPECT_EQ(read("test_a.py"), "mine\n");
  EXPECT_EQ(read("test_a_testgen.py"), "mine too\n");
}

TEST_F(WriterTest, DoesNotFollowALink) {
  put("target.py", "precious\n");
  fs::create_symlink(folder() / "target.py", folder() / "test_a.py");
  EXPECT_EQ(write("test_a.py", "generated\n")->outcome, WriteOutcome::Beside);
  EXPECT_EQ(read("target.py"), "precious\n");
}

TEST_F(WriterTest, TwoModulesOfOneRunDoNotShareAName) {
  Writer writer(folder(), "0.1.0");
  EXPECT_EQ(writer.write({"test_util.py", "first\n"})->path.filename(), "test_util.py");
  const auto second = writer.write({"test_util.py", "second\n"});
  EXPECT_EQ(second->path.filename(), "test_util_testgen.py");
  EXPECT_NE(read("test_util.py").find("first"), std::string::npos);
}

TEST_F(WriterTest, StaysInsideItsFolder) {
  for (const char* path : {"", "/etc/x.py", "../x.py", "a/../../x.py", "a/", "./x.py"}) {
    EXPECT_FALSE(write(path, "x\n")) << path;
  }
}

TEST_F(WriterTest, AFullDiskIsAnErrorAndLeavesTheOldFileWhole) {
  ASSERT_TRUE(write("test_a.py", "old\n"));
  // RLIMIT_FSIZE stands in for a full disk: the write fails half way.
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4096, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto written = write("test_a.py", std::string(100'000, 'x'));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_FALSE(written);
  EXPECT_EQ(check_seal(read("test_a.py")), Seal::Intact);
  EXPECT_NE(read("test_a.py").find("old"), std::string::npos);
}

TEST_F(WriterTest, AFolderThatIsAFileIsAClearError) {
  put("out", "x");
  const auto written = Writer(folder() / "out", "0.1.0").write({"test_a.py", "x\n"});
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("out"), std::string::npos);
}

TEST_F(WriterTest, FilesOfAnotherKindAreNotReplaced) {
  ASSERT_TRUE(write("test_a.py", "tests\n"));
  const auto other = Writer(folder(), "0.1.0").write({"test_a.py", "findings\n"}, "security:a");
  ASSERT_TRUE(other);
  EXPECT_EQ(other->path.filename(), "test_a_testgen.py");
  EXPECT_EQ(other->note, "test_a.py holds other tests of ours, so it was left alone");
  const auto again = Writer(folder(), "0.1.0").write({"test_a.py", "more\n"}, "security:a");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->path.filename(), "test_a_testgen.py");
  EXPECT_NE(read("test_a.py").find("tests"), std::string::npos);
  EXPECT_NE(read("test_a_testgen.py").find("more"), std::string::npos);
  EXPECT_NE(intact_text(folder(), "test_a.py").value_or("").find("tests"), std::string::npos);
  EXPECT_NE(intact_text(folder(), "test_a.py", "security:a").value_or("").find("more"),
            std::string::npos);
  EXPECT_FALSE(intact_text(folder(), "test_a.py", "security:b"));
}

TEST_F(WriterTest, WhoeverComesSecondLeavesTheFirstAlone) {
  ASSERT_TRUE(Writer(folder(), "0.1.0").write({"test_a.py", "findings\n"}, "security:a"));
  const auto written = write("test_a.py", "tests\n");
  ASSERT_TRUE(written);
  EXPECT_EQ(written->path.filename(), "test_a_testgen.py");
  EXPECT_NE(read("test_a.py").find("findings"), std::string::npos);
}

TEST(Seal, TellsEditedFromForeign) {
  const std::string text = seal("body\n", "#", "1.2.3");
  EXPECT_EQ(check_seal(text), Seal::Intact);
  EXPECT_EQ(check_seal(text + " "), Seal::Broken);
  EXPECT_EQ(check_seal(""), Seal::Absent);
  EXPECT_EQ(check_seal("body\n"), Seal::Absent);
  EXPECT_EQ(check_seal("# testgen: sha256=\n"), Seal::Broken);
  EXPECT_EQ(check_seal("x = '# testgen: sha256='\n"), Seal::Absent);
}

}  // namespace
}  // namespace testgen::emit
