#include "scan/query/query.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <utility>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TG_LEAKS_ARE_COUNTED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define TG_LEAKS_ARE_COUNTED 1
#endif
#ifdef TG_LEAKS_ARE_COUNTED
#include <sanitizer/lsan_interface.h>
#endif

namespace testgen::scan {
namespace {

// tree-sitter forgets a few bytes of some queries that it refuses. That is once for a rule that is
// wrong, and no fault of ours that a sanitizer should tell us of.
TSQuery* new_query(Language language, std::string_view text, std::uint32_t& offset,
                   TSQueryError& error) {
#ifdef TG_LEAKS_ARE_COUNTED
  const __lsan::ScopedDisabler not_counted;
#endif
  return ts_query_new(Grammar::of(language).handle(), text.data(),
                      static_cast<std::uint32_t>(text.size()), &offset, &error);
}

constexpr std::uint32_t kMaxOpenMatches = 512;

struct DeleteCursor {
  void operator()(TSQueryCursor* cursor) const { ts_query_cursor_delete(cursor); }
};

// One a thread: a cursor keeps its memory.
TSQueryCursor* thread_cursor() {
  thread_local const std::unique_ptr<TSQueryCursor, DeleteCursor> cursor = [] {
    TSQueryCursor* const made = ts_query_cursor_new();
    ts_query_cursor_set_match_limit(made, kMaxOpenMatches);
    return std::unique_ptr<TSQueryCursor, DeleteCursor>(made);
  }();
  return cursor.get();
}

struct Deadline {
  std::chrono::steady_clock::time_point at;
  bool late = false;
};

bool is_late(TSQueryCursorState* state) {
  auto* deadline = static_cast<Deadline*>(state->payload);
  deadline->late = std::chrono::steady_clock::now() > deadline->at;
  return deadline->late;
}

std::string_view text_of(const TSNode& node, std::string_view text) {
  const std::size_t start = ts_node_start_byte(node);
  const std::size_t end = ts_node_end_byte(node);
  return start <= end && end <= text.size() ? text.substr(start, end - start) : std::string_view();
}

// Where a text of no bytes stands for a node, which tree-sitter is not prepared for.
std::optional<std::size_t> empty_node(std::string_view text) {
  bool in_test = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ';') {
      i = std::min(text.find('\n', i), text.size());
    } else if (text[i] == '(' || text[i] == ')') {
      const std::size_t next = text.find_first_not_of(" \t\r\n", i + 1);
      in_test = text[i] == '(' && next != std::string_view::npos && text[next] == '#';
    } else if (text[i] == '"') {
      const std::size_t begin = i++;
      while (i < text.size() && text[i] != '"') i += text[i] == '\\' ? 2 : 1;
      if (!in_test && i == begin + 1) return begin;
    }
  }
  return std::nullopt;
}

std::string name_at(std::string_view text, std::size_t offset) {
  std::size_t end = offset;
  while (end < text.size() &&
         std::string_view(" \t\r\n()[]:@\"").find(text[end]) == std::string_view::npos) {
    ++end;
  }
  return "\"" + std::string(text.substr(offset, end - offset)) + "\"";
}

QueryFault fault_of(TSQueryError error, std::string_view text, std::uint32_t offset,
                    Language language) {
  QueryFault out{offset, "", ""};
  const std::string name = name_at(text, std::min<std::size_t>(offset, text.size()));
  const std::string grammar = " in the grammar of " + std::string(to_string(language));
  switch (error) {
    case TSQueryErrorNodeType:
      out.message = "there is no node " + name + grammar;
      break;
    case TSQueryErrorField:
      out.message = "there is no field " + name + grammar;
      break;
    case TSQueryErrorCapture:
      out.message = "nothing is captured as " + name;
      break;
    case TSQueryErrorStructure:
      out.message = "this can match nothing" + grammar;
      break;
    default:
      out.message = "the query cannot be read from here on";
  }
  return out;
}

}  // namespace

void Query::Delete::operator()(TSQuery* query) const {
  ts_query_delete(query);
}

std::optional<Query> Query::compile(Language language, std::string_view text, QueryFault& fault) {
  if (text.size() > kMaxText) {
    fault = {0, "the query is longer than 8 KiB", "several rules are easier to read"};
    return std::nullopt;
  }
  if (const auto at = empty_node(text)) {
    fault = {*at, "an empty text is no node", ""};
    return std::nullopt;
  }
  std::uint32_t offset = 0;
  TSQueryError error = TSQueryErrorNone;
  Query out(new_query(language, text, offset, error));
  if (!out.handle_) {
    fault = fault_of(error, text, offset, language);
    return std::nullopt;
  }
  if (ts_query_pattern_count(out.handle_.get()) == 0) {
    fault = {0, "the query looks for nothing", ""};
    return std::nullopt;
  }
  if (!out.find_place(fault) || !out.read_tests(text, fault)) return std::nullopt;
  return out;
}

bool Query::find_place(QueryFault& fault) {
  const std::uint32_t captures = ts_query_capture_count(handle_.get());
  std::optional<std::uint32_t> found;
  for (std::uint32_t i = 0; i < captures; ++i) {
    std::uint32_t size = 0;
    const char* const name = ts_query_capture_name_for_id(handle_.get(), i, &size);
    if (std::string_view(name, size) == "found") found = i;
  }
  const std::uint32_t patterns = ts_query_pattern_count(handle_.get());
  for (std::uint32_t i = 0; i < patterns; ++i) {
    const TSQuantifier quantifier =
        found ? ts_query_capture_quantifier_for_id(handle_.get(), i, *found) : TSQuantifierZero;
    if (quantifier == TSQuantifierOne || quantifier == TSQuantifierOneOrMore) continue;
    fault = {ts_query_start_byte_for_pattern(handle_.get(), i),
             "this does not always capture what is found", "write @found behind it"};
    return false;
  }
  found_ = found.value_or(0);
  return true;
}

bool Query::read_tests(std::string_view text, QueryFault& fault) {
  const std::uint32_t patterns = ts_query_pattern_count(handle_.get());
  tests_.resize(patterns);
  for (std::uint32_t i = 0; i < patterns; ++i) {
    std::uint32_t count = 0;
    const TSQueryPredicateStep* const steps =
        ts_query_predicates_for_pattern(handle_.get(), i, &count);
    std::vector<std::string> words;
    std::vector<std::optional<std::uint32_t>> captures;
    for (std::uint32_t at = 0; at < count; ++at) {
      std::uint32_t size = 0;
      if (steps[at].type == TSQueryPredicateStepTypeDone) {
        if (!read_test(i, words, captures, fault)) {
          const std::size_t begin = ts_query_start_byte_for_pattern(handle_.get(), i);
          const std::size_t where = text.find("#" + (words.empty() ? "" : words[0]), begin);
          fault.offset = where == std::string_view::npos ? begin : where;
          return false;
        }
        words.clear();
        captures.clear();
      } else if (steps[at].type == TSQueryPredicateStepTypeString) {
        const char* const value =
            ts_query_string_value_for_id(handle_.get(), steps[at].value_id, &size);
        words.emplace_back(value, size);
        captures.emplace_back();
      } else {
        words.emplace_back();
        captures.emplace_back(steps[at].value_id);
      }
    }
  }
  return true;
}

bool Query::read_test(std::uint32_t pattern, const std::vector<std::string>& words,
                      const std::vector<std::optional<std::uint32_t>>& captures,
                      QueryFault& fault) {
  std::string name = words.empty() ? "" : words[0];
  Test test;
  if (name.starts_with("not-")) {
    test.negated = true;
    name.erase(0, 4);
  }
  const bool several = name == "any-of?";
  if (name != "eq?" && name != "match?" && !several) {
    fault.message = "\"#" + (words.empty() ? "" : words[0]) + "\" is not a test";
    fault.hint = "#eq?, #match? or #any-of?, or one of them with not-";
    return false;
  }
  const bool counted = several ? words.size() >= 3 : words.size() == 3;
  if (!counted || !captures[1] || (captures[2] && name != "eq?")) {
    fault.message = "\"#" + words[0] + "\" asks a capture about " +
                    (several            ? "one or more texts"
                     : name == "match?" ? "one expression"
                                        : "a text or another capture");
    return false;
  }
  test.capture = *captures[1];
  if (captures[2]) {
    test.what = Test::What::Capture;
    test.other = *captures[2];
  } else if (name == "match?") {
    test.what = Test::What::Match;
    auto compiled = Pattern::compile(words[2]);
    if (!compiled) {
      fault.message = compiled.error().message;
      fault.hint = compiled.error().hint;
      return false;
    }
    test.pattern = *std::move(compiled);
  } else {
    for (std::size_t i = 2; i < words.size(); ++i) {
      if (captures[i]) {
        fault.message = "\"#" + words[0] + "\" asks a capture about one or more texts";
        return false;
      }
      test.texts.push_back(words[i]);
    }
  }
  tests_[pattern].push_back(std::move(test));
  return true;
}

// Of a capture that caught nothing, nothing holds, and so what is negated does. One that caught
// several must hold for each.
bool Query::holds(const Test& test, const TSQueryMatch& match, std::string_view text) {
  std::optional<std::string_view> other;
  for (std::uint16_t i = 0; i < match.capture_count && test.what == Test::What::Capture; ++i) {
    if (match.captures[i].index == test.other) other = text_of(match.captures[i].node, text);
  }
  bool any = false;
  for (std::uint16_t i = 0; i < match.capture_count; ++i) {
    if (match.captures[i].index != test.capture) continue;
    const std::string_view one = text_of(match.captures[i].node, text);
    bool good = false;
    switch (test.what) {
      case Test::What::Text:
        good = std::find(test.texts.begin(), test.texts.end(), one) != test.texts.end();
        break;
      case Test::What::Capture:
        good = other == one;
        break;
      case Test::What::Match:
        good = test.pattern->found_in(one);
        break;
    }
    if (good == test.negated) return false;
    any = true;
  }
  return any || test.negated;
}

bool Query::find(const Tree& tree, std::vector<Found>& out, const QueryLimits& limits) const {
  if (tree.parsed() == nullptr) return true;
  TSQueryCursor* const cursor = thread_cursor();
  Deadline deadline{std::chrono::steady_clock::now() + limits.time};
  const TSQueryCursorOptions options{&deadline, is_late};
  ts_query_cursor_exec_with_options(cursor, handle_.get(), ts_tree_root_node(tree.parsed()),
                                    &options);
  TSQueryMatch match;
  for (std::size_t seen = 0; ts_query_cursor_next_match(cursor, &match); ++seen) {
    if (seen == limits.max_matches) return false;
    const auto& tests = tests_[match.pattern_index];
    if (!std::all_of(tests.begin(), tests.end(),
                     [&](const Test& test) { return holds(test, match, tree.text()); })) {
      continue;
    }
    for (std::uint16_t i = 0; i < match.capture_count; ++i) {
      const TSNode& node = match.captures[i].node;
      if (match.captures[i].index != found_) continue;
      out.push_back({ts_node_start_byte(node), ts_node_end_byte(node)});
    }
  }
  return !deadline.late && !ts_query_cursor_did_exceed_match_limit(cursor);
}

}  // namespace testgen::scan
