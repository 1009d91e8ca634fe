// Rules and models as read from YAML (docs/reference/scan-rules.md is the schema in prose). Plain
// data, made once by the loader, immutable afterwards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scan/finding.h"
#include "scan/match/pattern.h"
#include "scan/syntax/grammar.h"

namespace testgen::scan {

inline constexpr int kRuleSchema = 1;

// A set of taint kinds ("sql", "path"), one bit each; the rule set knows their names.
using Kinds = std::uint64_t;
inline constexpr Kinds kAllKinds = ~Kinds{0};

// Which argument: by position, by keywords, or all of them ("0|name|title"). Body is the first
// argument as a web framework takes it: of (body, status, headers) the body, and not what it turns
// into JSON.
struct Selector {
  enum class What : std::uint8_t {
    Argument,
    Any,
    Receiver,
    Value,
    Rest,
    Body
  } what = What::Argument;
  int position = -1;  // of Rest: the first
  std::vector<std::string> names;
};

// What is asked of a value. Several in one condition must all hold.
struct Predicate {
  enum class Test : std::uint8_t {
    Equals,      // a literal: text, number, true, false, null
    In,          // one of texts, without regard to case
    Matches,     // regular expression on the text of a literal
    StartsWith,  // the beginning that is known
    Begins,      // regular expression on the beginning that is known
    Missing,     // the argument is not given
    Constant,    // nothing but literals
    Headed,      // text that begins with something that is no input, though not known
    Listed,      // a list
    Built,       // text put together from parts that are not all literal
    Below,       // a number less than this
    Above,
    Is,        // the name it stands for: ssl.CERT_NONE
    Named,     // the name that is written there matches
    Has,       // a fact was established about the object
    Contains,  // a list or map with this literal in it, or a text
    Tainted,   // by this kind
    Returns,   // a function that does nothing but return this literal
    Operator,  // written with this operator between its parts
    Mentions,  // a name or call that matches is in what is written there
  } test = Test::Equals;
  bool negated = false;
  std::vector<std::string> texts;
  double number = 0;
  std::optional<Pattern> pattern;
  Kinds kinds = 0;  // of Tainted
  std::uint32_t fact = 0;
};

struct Condition {
  Selector at;
  std::vector<Predicate> all;
};

// How what is found is mended, where that needs no judgement: text in place of a part of it.
struct Rewrite {
  enum class What : std::uint8_t {
    Write,   // in place of a literal, or with {} around what is written there
    Rename,  // the last part of a dotted name
    Add,     // an argument behind the others
  } what = What::Write;
  enum class At : std::uint8_t { Place, Callee, Argument } at = At::Place;  // Place: or its value
  Selector argument;
  std::string text;                                        // of Write and Add
  std::vector<std::pair<std::string, std::string>> names;  // of Rename: old, new
};

struct Finder {
  enum class What : std::uint8_t {
    Call,       // a call of one of the names
    Name,       // any use of one of the names
    Assign,     // an assignment to one of the names; "x[]" is to an item of x
    Return,     // a function decorated with one of the names returns
    Import,     // a module is imported
    Decorator,  // a function or class is decorated with one of the names
    Key,        // a literal map or keyword with this key
    Compare,    // == or != with one side so named
    Text,       // bytes of a line
    Query,      // what a query captures as @found; it is the one name
  } what = What::Call;
  std::vector<std::string> names;
  std::vector<Selector> tainted;  // of rules with a taint kind
  std::vector<Condition> when;
  std::vector<Condition> unless;     // any of them
  std::vector<std::string> imports;  // needs one of these modules in the file
  std::optional<Severity> severity;
  std::optional<Confidence> confidence;
  std::optional<Pattern> pattern;  // of Text, and of names matched by expression
  std::vector<Rewrite> edit;       // all of them, or none
};

struct Example {
  std::string code;
  std::uint32_t line = 0;  // in the rule's file
};

// What --fix makes of a text.
struct FixedExample {
  Example before;
  std::string after;
};

struct SecretSpec {
  std::vector<std::string> prefixes;  // what a token begins with
  std::optional<Pattern> token;       // the whole of it, from the prefix on
  double entropy = 0;                 // least bits a character
  std::string checksum;               // "", "github", "npm"
};

struct Rule {
  std::string id;
  std::string file;  // where it was read from
  std::uint32_t line = 0;
  std::vector<Language> languages;  // empty: any text
  std::string title;
  std::string message;
  std::string fix;
  Severity severity = Severity::Medium;
  Confidence confidence = Confidence::Medium;
  std::uint32_t cwe = 0;
  std::vector<std::uint32_t> related;
  std::string owasp;
  bool audit = false;    // off unless asked for
  bool tainted = false;  // its finders need tainted arguments
  Kinds kinds = 0;
  std::vector<Finder> find;
  std::optional<SecretSpec> secret;
  std::vector<Example> bad;
  std::vector<Example> ok;
  std::vector<FixedExample> fixed;
};

// A finding with all that the rule says of it, and no place yet.
[[nodiscard]] Finding finding_by(const Rule& rule);

// Whether the language is one of them; dialects of one name, such as those of TypeScript, are one.
[[nodiscard]] bool is_about(const std::vector<Language>& languages, Language language);

// What a language's libraries do to values.
struct Model {
  struct Source {
    std::string name;
    std::string what;      // "an HTTP request"
    bool local = false;    // the person at the machine: counts less
    bool carrier = false;  // holds input: what a call makes of it is input
    Kinds kinds = kAllKinds;
  };
  struct Sanitizer {
    std::vector<std::string> names;
    Kinds kinds = kAllKinds;  // what the result is safe for
    std::vector<Condition> when;
  };
  struct Entry {  // a function handed to one of the names is called with these
    std::vector<std::string> names;
    std::vector<std::string> parameters;
  };
  struct Parameters {  // of functions decorated or annotated with one of the names
    std::vector<std::string> names;
    bool tainted = false;
  };
  struct Box {  // an object that keeps what is put into it, by constant keys
    std::vector<std::string> types;
    std::vector<std::string> put;
    std::vector<int> put_keys;
    int put_value = 0;
    std::vector<std::string> get;
    std::vector<int> get_keys;
  };
  struct Fact {
    std::uint32_t fact = 0;
    std::vector<std::string> names;
    std::vector<Condition> when;
    bool on_result = false;            // of the call's value and not of its receiver
    std::optional<Selector> argument;  // of this argument and not of the receiver
  };
  struct Fill {  // a call that puts input into one of its arguments
    std::vector<std::string> names;
    Selector into;
    std::optional<Selector> from;  // what it puts there; absent: what `source` says
    Source source;
  };
  struct Guard {  // a test that, when it holds (or fails), makes its subject safe
    std::vector<std::string> names;
    Selector subject;
    bool holds = true;
    Kinds kinds = kAllKinds;
    std::vector<Condition> when;
  };
  struct Type {  // what a call returns, by another name
    std::vector<std::string> names;
    std::string is;
  };
  std::vector<Language> languages;
  std::vector<Source> sources;
  std::vector<Sanitizer> sanitizers;
  std::vector<std::string> clean;  // results carry no taint at all
  std::vector<std::string> pass;   // results are as trustworthy as what goes in
  std::vector<std::string> same;   // results are the first argument
  std::vector<std::string> exits;  // never return
  std::vector<Entry> entries;
  std::vector<Parameters> parameters;
  std::vector<Box> boxes;
  std::vector<Fact> facts;
  std::vector<Fill> fills;
  std::vector<Guard> guards;
  std::vector<Type> types;
};

}  // namespace testgen::scan
