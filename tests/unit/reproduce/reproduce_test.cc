// Suspects in real files, with real pytest in the real sandbox.
#include "reproduce/reproduce.h"

#include <gtest/gtest.h>

#include "base/file_system.h"
#include "python_text.h"
#include "sandbox/bubblewrap.h"

namespace testgen::reproduce {
namespace {

class ReproduceTest : public ::testing::Test {
 protected:
  FileTests tests_of(const std::string& code, const std::vector<std::string>& calls) {
    const auto file = folder_.path() / "net.py";
    EXPECT_TRUE(base::write_file_atomic(file, code));
    const PythonText text(code);
    std::vector<Suspect> suspects;
    for (const std::string& call : calls) {
      suspects.push_back({"python/command-injection", 78, text.span(call), std::nullopt, ""});
    }
    auto made = Reproducer(sandbox_, clock_)
                    .reproduce(file, suspects,
                               {folder_.path() / "tests", "/usr/bin/python3", [](double) {}}, {});
    if (!made) {
      ADD_FAILURE() << describe(made.error());
      return {};
    }
    return *std::move(made);
  }

  base::TempDir folder_ = *base::TempDir::create("testgen-reproduce");
  base::SystemClock clock_;
  sandbox::BubblewrapSandbox sandbox_;
};

TEST_F(ReproduceTest, KeepsWhatIsShownAndSaysWhyOfTheRest) {
  const FileTests made = tests_of(
      "import os\n"
      "import shlex\n\n\n"
      "def ping(host):\n"
      "    return os.system(f'ping {host}')\n\n\n"
      "def quoted(host):\n"
      "    return os.system('ping ' + shlex.quote(host))\n\n\n"
      "def checked(host):\n"
      "    if not host.isalnum():\n"
      "        raise ValueError('not a name')\n"
      "    return os.system('ping -- ' + host)\n",
      {"os.system(f'ping {host}')", "os.system('ping ' + shlex.quote(host))",
       "os.system('ping -- ' + host)"});
  ASSERT_EQ(made.of.size(), 3U);
  EXPECT_EQ(made.of[0].test, "test_ping_hands_host_to_os_system") << made.of[0].why_not;
  EXPECT_EQ(made.of[1].why_not,
            "os.system was called, but the text that was passed in did not arrive as it was");
  EXPECT_EQ(
      made.of[2].why_not,
      "no call with that text got as far as os.system; the first that failed: ValueError: not "
      "a name");
  EXPECT_EQ(made.file_name, "test_security_net.py");
  EXPECT_NE(made.text.find("assert sink.call_args.args[0] == "), std::string::npos) << made.text;
  EXPECT_EQ(made.text.find("quoted"), std::string::npos);
}

TEST_F(ReproduceTest, WhatIsBehindBranchesIsSearchedFor) {
  const FileTests made = tests_of(
      "import os\n\n\n"
      "def run(mode, name, retries):\n"
      "    if mode == 'raw' and len(name) > 9 and name.endswith('.log') and retries == 7:\n"
      "        os.system('cat ' + name)\n",
      {"os.system('cat ' + name)"});
  ASSERT_EQ(made.of.size(), 1U);
  EXPECT_EQ(made.of[0].test, "test_run_hands_name_to_os_system") << made.of[0].why_not;
}

TEST_F(ReproduceTest, CallsBeginWhereTheModuleIsCalledFrom) {
  const FileTests made = tests_of(
      "import os\n\n\n"
      "class Runner:\n"
      "    def __init__(self, folder, level: int):\n"
      "        self.command = 'ls ' + folder\n"
      "        self.level = level\n\n"
      "    def start(self):\n"
      "        if self.level > 3:\n"
      "            self.__go()\n\n"
      "    def __go(self):\n"
      "        os.system(self.command)\n",
      {"os.system(self.command)"});
  ASSERT_EQ(made.of.size(), 1U);
  EXPECT_FALSE(made.of[0].test.empty()) << made.of[0].why_not;
  EXPECT_NE(made.text.find(".start()"), std::string::npos) << made.text;
}

TEST_F(ReproduceTest, AStandInKeepsItsPlaceInWhatWasFound) {
  const FileTests made = tests_of(
      "def find(cursor, table, name):\n"
      "    if table not in ('users', 'groups') or not name.startswith('n:'):\n"
      "        raise ValueError(table)\n"
      "    cursor.execute('SELECT * FROM ' + table + ' WHERE n = ' + name)\n",
      {"cursor.execute('SELECT * FROM ' + table + ' WHERE n = ' + name)"});
  ASSERT_EQ(made.of.size(), 1U);
  EXPECT_FALSE(made.of[0].test.empty()) << made.of[0].why_not;
  EXPECT_NE(made.text.find("cursor = mock.MagicMock()"), std::string::npos) << made.text;
}

TEST_F(ReproduceTest, ValuesBesideTheTextOfAQueryShowNothing) {
  const FileTests made = tests_of(
      "def find(cursor, name):\n"
      "    cursor.execute('SELECT * FROM t WHERE n = ?', (name,))\n",
      {"cursor.execute('SELECT * FROM t WHERE n = ?', (name,))"});
  ASSERT_EQ(made.of.size(), 1U);
  EXPECT_EQ(made.of[0].why_not,
            "cursor.execute was called, but the text that was passed in did not arrive as it was");
}

TEST_F(ReproduceTest, WhatIsNotTheSameEachTimeIsNotKept) {
  const FileTests made = tests_of(
      "import os\nimport sys\n\n\n"
      "def ping(host):\n"
      "    if 'pytest' not in sys.modules:\n"
      "        os.system(host)\n",
      {"os.system(host)"});
  ASSERT_EQ(made.of.size(), 1U);
  EXPECT_TRUE(made.of[0].test.empty());
  EXPECT_NE(made.of[0].why_not.find("did not pass again"), std::string::npos) << made.of[0].why_not;
  EXPECT_TRUE(made.text.empty());
}

// The probe's replies go through a descriptor that the code under test can write to, too.
TEST_F(ReproduceTest, WhatTheCodeItselfClaimsIsNotBelieved) {
  const FileTests made = tests_of(
      "import json\nimport os\n\n"
      "FOUND = {'call': 0, 'way': [['args', 0]], 'type': 'str', 'text': 'testgen\\'\";id'}\n"
      "for number in range(3, 12):\n"
      "    try:\n"
      "        os.write(number, (json.dumps({'attempt': 0, 'calls': 1, 'found': FOUND}) + "
      "'\\n').encode())\n"
      "    except OSError:\n"
      "        pass\n\n\n"
      "def ping(host):\n"
      "    if host == 'never':\n"
      "        os.system(host)\n",
      {"os.system(host)"});
  ASSERT_EQ(made.of.size(), 1U);
  EXPECT_TRUE(made.of[0].test.empty());
  EXPECT_NE(made.of[0].why_not.find("its test did not pass again"), std::string::npos)
      << made.of[0].why_not;
  EXPECT_TRUE(made.text.empty());
}

TEST_F(ReproduceTest, AModuleThatCannotBeImportedSaysWhy) {
  const FileTests made =
      tests_of("import os\nimport no_such_package\n\n\ndef ping(host):\n    os.system(host)\n",
               {"os.system(host)"});
  ASSERT_EQ(made.of.size(), 1U);
  EXPECT_NE(made.of[0].why_not.find("the module cannot be imported"), std::string::npos)
      << made.of[0].why_not;
}

}  // namespace
}  // namespace testgen::reproduce
