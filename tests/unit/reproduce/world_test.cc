// How a test gives what a program reads from the world around it.
#include "reproduce/world.h"

#include <gtest/gtest.h>

#include "python_text.h"

namespace testgen::reproduce {
namespace {

const Marker kMarker{"m", "\"m\"", "b\"m\"", false};

std::vector<std::string> contexts(const std::string& code, std::string_view input,
                                  std::string_view source, std::string_view near = "") {
  const PythonText text(code);
  std::vector<std::string> out;
  for (const World& one : worlds_of(text.tree, input, text.span(source), near, kMarker)) {
    out.push_back(one.shown + ": " + one.context);
  }
  return out;
}

TEST(World, OptionsOfTheModulesOwnParserAreGiven) {
  const auto all = contexts(
      "def main():\n"
      "    p = argparse.ArgumentParser()\n"
      "    p.add_argument('-q', '--quiet', action='store_true')\n"
      "    p.add_argument('-o', '--out-file', help='x')\n"
      "    p.add_argument('-l', dest='level')\n"
      "    p.add_argument('target')\n"
      "    p.add_argument('more', nargs='*')\n"
      "    args = p.parse_args()\n",
      "input: argparse.ArgumentParser().parse_args()", "p.parse_args()", "open(args.level)");
  EXPECT_EQ(all, (std::vector<std::string>{
                     R"(-l: mock.patch("sys.argv", ["program", "-l", "m", "a"]))",
                     R"(--out-file: mock.patch("sys.argv", ["program", "--out-file", "m", "a"]))",
                     R"(sys.argv: mock.patch("sys.argv", ["program", "m"]))"}));
}

TEST(World, WithoutAParserTheFirstArgumentsAre) {
  EXPECT_EQ(
      contexts("x = sys.argv[1]\n", "input: sys.argv", "sys.argv"),
      (std::vector<std::string>{R"(sys.argv: mock.patch("sys.argv", ["program", "m"]))",
                                R"(sys.argv: mock.patch("sys.argv", ["program", "a", "m"]))"}));
}

TEST(World, AVariableIsSetByItsName) {
  const std::vector<std::string> home{R"(HOME: mock.patch.dict("os.environ", {"HOME": "m"}))"};
  EXPECT_EQ(contexts("x = os.environ['HOME']\n", "input: os.environ", "os.environ"), home);
  EXPECT_EQ(contexts("x = os.environ.get('HOME', '')\n", "input: os.environ", "os.environ"), home);
  EXPECT_EQ(contexts("x = os.getenv('HOME')\n", "input: os.getenv()", "os.getenv('HOME')"), home);
  EXPECT_TRUE(contexts("x = os.environ[name]\n", "input: os.environ", "os.environ").empty());
}

TEST(World, WhatIsTypedIs) {
  EXPECT_EQ(
      contexts("x = input()\n", "input: input()", "input()"),
      (std::vector<std::string>{R"(input(): mock.patch("builtins.input", return_value="m"))"}));
  EXPECT_EQ(contexts("x = sys.stdin.read()\n", "input: sys.stdin.read()", "sys.stdin.read()"),
            (std::vector<std::string>{R"(sys.stdin: mock.patch("sys.stdin", io.StringIO("m")))"}));
}

TEST(World, InputFromElsewhereIsNone) {
  EXPECT_TRUE(contexts("x = request.args\n", "input: flask.request.args", "request.args").empty());
  EXPECT_TRUE(contexts("x = s.recv(1)\n", "input: socket.socket().recv()", "s.recv(1)").empty());
}

}  // namespace
}  // namespace testgen::reproduce
