// C, C++, C# and Rust, seen through rules of the built-in set.
#include "scan/ir/rust_format.h"
#include "scan_fixture.h"

namespace testgen::scan {
namespace {

bool runs_input(const std::string& body) {
  return finds("c/command-injection", "a.c",
               "void f(int s, int other) {\n  char in[64], cmd[256];\n  recv(s, in, 64, 0);\n" +
                   body + "\n}\n");
}

TEST(CFlow, GoesThroughBuffersThatCallsFill) {
  EXPECT_TRUE(runs_input("system(in);"));
  EXPECT_TRUE(runs_input("strcpy(cmd, \"a \"); strcat(cmd, in); system(cmd);"));
  EXPECT_TRUE(runs_input("snprintf(cmd, sizeof cmd, \"a %s\", in); system(cmd);"));
  EXPECT_FALSE(runs_input("strcpy(cmd, \"a\"); system(cmd);"));
  EXPECT_FALSE(runs_input("int n = atoi(in); snprintf(cmd, 9, \"%d\", n); system(cmd);"));
}

TEST(CFlow, FollowsBranchesLoopsAndJumps) {
  EXPECT_TRUE(runs_input("char *p = \"a\"; if (other) p = in; system(p);"));
  EXPECT_FALSE(runs_input("char *p = in; if (0) system(p);"));
  EXPECT_TRUE(runs_input("char *p = 0; do { p = in; } while (other); system(p);"));
  EXPECT_TRUE(runs_input("if (other) goto out;\nreturn;\nout:\n  system(in);"));
  EXPECT_TRUE(runs_input("switch (other) { case 1: break; default: system(in); }"));
}

TEST(CFlow, TakesNoVariableThatOthersMaySetForAConstant) {
  EXPECT_TRUE(finds("c/command-injection", "a.c",
                    "static int on = 0;\nvoid f(void) { if (on) system(getenv(\"X\")); }\n"));
  EXPECT_TRUE(finds("c/command-injection", "a.c",
                    "void f(void) { int n = 0; set(&n); if (n) system(getenv(\"X\")); }\n"));
}

TEST(CFlow, SeesWhatEitherSideOfAnIfdefDoes) {
  EXPECT_TRUE(runs_input("#ifdef A\nreturn;\n#else\nsystem(in);\n#endif"));
}

TEST(Freed, IsToldOnlyWhereItHoldsOnEveryWay) {
  const auto twice = [](const std::string& body) {
    return finds("c/double-free", "a.c", "void f(char *p, int n) {\n" + body + "\n}\n");
  };
  EXPECT_TRUE(twice("free(p); free(p);"));
  EXPECT_FALSE(twice("if (n) free(p); else free(p = other());"));
  EXPECT_FALSE(twice("if (n) { free(p); p = 0; } free(p);"));
  EXPECT_FALSE(twice("for (; n; n--) { p = make(); free(p); }"));
}

TEST(Cpp, JoinsStringsAndStreams) {
  const auto runs = [](const std::string& body) {
    return finds(
        "c/command-injection", "a.cc",
        "#include <string>\nvoid f() {\n  std::string in = getenv(\"QUERY\");\n" + body + "\n}\n");
  };
  EXPECT_TRUE(runs("std::string c = \"a \" + in; std::system(c.c_str());"));
  EXPECT_TRUE(runs("std::ostringstream o; o << \"a \" << in; system(o.str().c_str());"));
  EXPECT_TRUE(runs("auto g = [&](std::string c) { system(c.c_str()); }; g(in);"));
  EXPECT_FALSE(runs("std::string c = \"a \" + std::string(\"b\"); system(c.c_str());"));
}

bool queries_input(const std::string& body) {
  return finds("csharp/sql-injection", "a.cs",
               "class A { void F() { string x = Request.Query[\"x\"]; " + body + " } }");
}

TEST(CSharpFlow, GoesThroughTextsPropertiesAndMethods) {
  EXPECT_TRUE(queries_input("new SqlCommand($\"select {x}\");"));
  EXPECT_TRUE(queries_input("var c = new SqlCommand(); c.CommandText = \"a \" + x.Trim();"));
  EXPECT_TRUE(
      queries_input("var b = new StringBuilder(); b.Append(x); new SqlCommand(b.ToString());"));
  EXPECT_TRUE(queries_input("try { Go(); } catch (E) { new SqlCommand(x); } finally { }"));
  EXPECT_TRUE(queries_input("switch (n) { case 1: new SqlCommand(x); break; }"));
  EXPECT_FALSE(queries_input("int n = int.Parse(x); new SqlCommand(\"select \" + n);"));
  EXPECT_TRUE(finds("csharp/sql-injection", "a.cs",
                    "class A { void Q(string s) { new SqlCommand(s); } "
                    "void F() { Q(Request.Form[\"a\"]); } }"));
}

bool shell_gets_input(const std::string& body) {
  return finds("rust/command-injection", "a.rs",
               "use std::process::Command;\nasync fn f(Query(q): Query<P>) {\n" + body + "\n}\n");
}

TEST(RustFlow, GoesThroughValuesOfBlocksAndMacros) {
  EXPECT_TRUE(
      shell_gets_input("let x = if q.a { q.b } else { \"c\".to_string() };\nCommand::new(x);"));
  EXPECT_TRUE(
      shell_gets_input("let x = match go() { Some(_) => q.b, None => return };\nCommand::new(x);"));
  EXPECT_TRUE(shell_gets_input("let n = &q.b;\nlet x = format!(\"/bin/{n}\");\nCommand::new(x);"));
  EXPECT_TRUE(shell_gets_input("if let Some(x) = q.b { Command::new(x); }"));
  EXPECT_FALSE(shell_gets_input("let x = if q.a { \"a\" } else { \"b\" };\nCommand::new(x);"));
  EXPECT_TRUE(finds("rust/command-injection", "a.rs",
                    "use std::process::Command;\nfn name(a: String) -> String { a }\n"
                    "async fn f(Query(q): Query<P>) { Command::new(name(q.a)); }\n"));
}

TEST(RustFormat, IsTakenApart) {
  const auto shape = [](std::string_view format) {
    std::string out;
    for (const ir::FormatPart& part : ir::format_parts(format)) {
      out += "tn{"[part.kind];
      out += std::string(part.text) + ";";
    }
    return out;
  };
  EXPECT_EQ(shape("a {} b {name:>8}{0}"), "ta ;{;t b ;nname;{0;");
  EXPECT_EQ(shape("{{a}} {"), "ta}} ;{;");
  EXPECT_EQ(shape(""), "");
}

TEST(Headers, AreCOrCppByWhatIsInThem) {
  const auto language = [](std::string_view text) {
    return scan_file(built_in(), "include/a.h", text).language;
  };
  EXPECT_EQ(language("namespace a { int f(); }\n"), "cpp");
  EXPECT_EQ(language("struct a { int f; };\n"), "c");
}

TEST(BrokenCode, IsLoweredInEveryLanguage) {
  for (const char* const name :
       {"a.c", "a.cc", "a.cs", "a.rs", "a.py", "a.js", "a.ts", "a.tsx", "a.java", "a.go"}) {
    for (const char* const text :
         {"",     "{",     "f(",     "class",    "a = ",       "if (x",     "for (",
          "fn",   "x = =", "import", "switch (", "#define",    "use a::",   "a?.",
          "$\"{", "{}}",   "func (", "def",      "struct S {", "match x {", "try {"}) {
      const FileReport report = scan_file(built_in(), name, text, {.prefilter = false});
      EXPECT_FALSE(report.error) << name << ": " << text;
    }
  }
}

}  // namespace
}  // namespace testgen::scan
