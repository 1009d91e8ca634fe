#include "lang/python/interpreter.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/file_system.h"

namespace testgen::lang::python {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

const base::SystemClock kClock;

class Interpreter : public testing::Test {
 protected:
  // An executable that prints `answer` and ignores its arguments.
  std::string fake(const std::string& name, const std::string& body) {
    const fs::path path = folder_.path() / name;
    EXPECT_TRUE(base::write_file_atomic(path, "#!/bin/sh\n" + body + "\n"));
    EXPECT_EQ(::chmod(path.c_str(), 0755), 0);
    return path.string();
  }
  std::string fake_python(const std::string& name, const std::string& pytest) {
    return fake(name, "echo '{\"executable\": \"" + (folder_.path() / name).string() +
                          "\", \"version\": \"3.12.1\", \"number\": 312, \"implementation\": "
                          "\"cpython\", \"roots\": [\"/opt/py\", \"/opt/py/bin\"], \"search\": "
                          "[\"/opt/py/lib/site\"], \"library\": \"/opt/py/lib\", \"modules\": "
                          "[\"b\", \"a\"], \"pytest\": \"" +
                          pytest + "\", \"coverage\": \"\"}'");
  }
  static RuntimeRequest only(const std::string& path) {
    RuntimeRequest request;
    request.system_default = path;
    return request;
  }
  base::TempDir folder_ = *base::TempDir::create("interpreter");
};

TEST_F(Interpreter, WithoutARunnerIsEnoughWhenNoneIsNeeded) {
  RuntimeRequest request = only(fake_python("bare", ""));
  EXPECT_FALSE(find_interpreter(request, kClock));
  request.needs_runner = false;
  EXPECT_TRUE(find_interpreter(request, kClock));
  request.explicit_path = request.system_default;
  EXPECT_TRUE(find_interpreter(request, kClock));
}

TEST_F(Interpreter, TheSystemPythonIsUsableAndCompletelyDescribed) {
  const auto found = find_interpreter(only("/usr/bin/python3"), kClock);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->version.substr(0, 2), "3.");
  EXPECT_FALSE(found->runner_version.empty());
  EXPECT_TRUE(fs::exists(found->standard_library / "json" / "decoder.py"));
  const auto& modules = found->standard_modules;
  EXPECT_TRUE(std::is_sorted(modules.begin(), modules.end()));
  EXPECT_TRUE(std::binary_search(modules.begin(), modules.end(), "textwrap"));
  ASSERT_FALSE(found->search_path.empty());
  for (const auto& folder : found->read_only_paths) EXPECT_TRUE(folder.is_absolute());
}

TEST_F(Interpreter, PathsInsideOthersAreLeftOut) {
  const auto found = find_interpreter(only(fake_python("python", "8.0")), kClock);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->read_only_paths, (std::vector<fs::path>{"/opt/py"}));
  EXPECT_EQ(found->standard_modules, (std::vector<std::string>{"a", "b"}));
}

TEST_F(Interpreter, TheFirstCandidateWithPytestWins) {
  RuntimeRequest request = only(fake_python("system", "7.2"));
  request.on_path = fake_python("bare", "");
  const auto found = find_interpreter(request, kClock);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->executable, folder_.path() / "system");
}

TEST_F(Interpreter, ARefusalListsEveryCandidateAndSaysWhatToInstall) {
  RuntimeRequest request = only(folder_.path() / "missing");
  request.on_path = fake_python("bare", "");
  const auto found = find_interpreter(request, kClock);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::Environment);
  EXPECT_NE(found.error().message.find("bare (Python 3.12.1) has no pytest"), std::string::npos);
  EXPECT_NE(found.error().message.find("missing is not there"), std::string::npos);
  EXPECT_NE(found.error().hint.find("python3-pytest"), std::string::npos);
}

TEST_F(Interpreter, TheUsersChoiceIsNotReplaced) {
  RuntimeRequest request = only("/usr/bin/python3");
  request.explicit_path = fake_python("bare", "");
  EXPECT_EQ(find_interpreter(request, kClock).error().code, ErrorCode::Environment);
  request.explicit_path = folder_.path() / "missing";
  EXPECT_EQ(find_interpreter(request, kClock).error().code, ErrorCode::Environment);
}

TEST_F(Interpreter, OneThatHangsIsGivenUp) {
  RuntimeRequest request = only(fake("hang", "exec sleep 1000"));
  request.explicit_path = request.system_default;
  request.timeout = base::Milliseconds(100);
  EXPECT_EQ(find_interpreter(request, kClock).error().code, ErrorCode::Timeout);
}

TEST_F(Interpreter, StrangeAnswersAreRefused) {
  for (const char* body :
       {"echo not json", "echo '[]'", "exit 3", "yes", "echo '{\"number\": 207}'",
        "echo '{\"number\": 310, \"implementation\": \"pypy\"}'", "kill -9 $$"}) {
    RuntimeRequest request;
    request.explicit_path = fake("odd", body);
    request.timeout = base::Milliseconds(5000);
    EXPECT_FALSE(find_interpreter(request, kClock)) << body;
  }
}

TEST_F(Interpreter, AProjectsEnvironmentIsFoundUpToItsRoot) {
  ASSERT_TRUE(base::write_file_atomic(folder_.path() / "venv/pyvenv.cfg", "home = /usr/bin\n"));
  ASSERT_TRUE(base::write_file_atomic(folder_.path() / "app/web/cart.py", "x = 1\n"));
  EXPECT_EQ(find_project_environment(folder_.path() / "app/web/cart.py"),
            fs::canonical(folder_.path()) / "venv");
  ASSERT_TRUE(base::write_file_atomic(folder_.path() / "app/pyproject.toml", ""));
  EXPECT_EQ(find_project_environment(folder_.path() / "app/web/cart.py"), fs::path());
}

TEST_F(Interpreter, AProjectsOwnProgramsAreNeverStarted) {
  fake("project/bin/python3", "touch '" + (folder_.path() / "started").string() + "'");
  fake("project/.venv/bin/python", "touch '" + (folder_.path() / "started").string() + "'");
  ASSERT_TRUE(
      base::write_file_atomic(folder_.path() / "project/.venv/pyvenv.cfg",
                              "home = " + (folder_.path() / "project/bin").string() + "\n"));
  RuntimeRequest request = only("/usr/bin/python3");
  request.project = folder_.path() / "project";
  const auto found = find_interpreter(request, kClock);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->origin, "/usr/bin/python3");
  EXPECT_FALSE(fs::exists(folder_.path() / "started"));
}

TEST_F(Interpreter, AnEnvironmentsPackagesAreFoundWithoutRunningItsPthFiles) {
  const fs::path environment = folder_.path() / "project/.venv";
  const auto system = find_interpreter(only("/usr/bin/python3"), kClock);
  ASSERT_TRUE(system);
  const std::string minor = system->version.substr(0, system->version.rfind('.'));
  const fs::path site = environment / "lib" / ("python" + minor) / "site-packages";
  ASSERT_TRUE(base::write_file_atomic(environment / "pyvenv.cfg",
                                      "home = /usr/bin\ninclude-system-site-packages = false\n"));
  ASSERT_TRUE(base::write_file_atomic(site / "pytest/__init__.py", ""));
  ASSERT_TRUE(base::write_file_atomic(site / "pytest-9.9.dist-info/METADATA",
                                      "Metadata-Version: 2.1\nName: pytest\nVersion: 9.9\n"));
  ASSERT_TRUE(base::write_file_atomic(folder_.path() / "editable/x.py", ""));
  ASSERT_TRUE(base::write_file_atomic(
      site / "evil.pth", "import os; open('" + (folder_.path() / "ran").string() + "', 'w')\n" +
                             (folder_.path() / "editable").string() + "\n"));
  fs::create_directories(environment / "bin");
  fs::create_symlink("/usr/bin/python3", environment / "bin/python");
  RuntimeRequest request = only("/usr/bin/python3");
  request.project = folder_.path() / "project";
  const auto found = find_interpreter(request, kClock);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->runner_version, "9.9");
  EXPECT_EQ(found->executable.filename(), "python");
  EXPECT_NE(
      std::find(found->search_path.begin(), found->search_path.end(), folder_.path() / "editable"),
      found->search_path.end());
  EXPECT_FALSE(fs::exists(folder_.path() / "ran"));
}

}  // namespace
}  // namespace testgen::lang::python
