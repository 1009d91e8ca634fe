#include "engine/explorer/word_sweep.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/strings.h"
#include "engine/explorer/observation.h"
#include "engine/explorer/regex_strings.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kFewestWords = 6;  // fewer are no table
constexpr std::size_t kMostWords = 1200;
constexpr std::size_t kMostTables = 8;
constexpr std::uint32_t kLinesApart = 3;  // words further apart stand in two tables
constexpr std::size_t kWordsATest = 12;
constexpr std::size_t kLongestWord = 40;
constexpr std::size_t kProofs = 4;  // mutants of a dozen: enough to see that the table is read

// A value that a table's entry suggests, and the mutants of that entry.
struct Word {
  Value value;
  std::uint32_t line = 0;
  std::vector<std::size_t> mutants;
};

bool looks_like_regex(std::string_view text) {
  return text.find_first_of("\\([|$^*+?") != std::string_view::npos;
}

// The text itself, one that the regular expression matches, or the character of that number.
std::optional<Value> word_of(std::string_view literal, base::Random& random) {
  if (literal.starts_with("u'") || literal.starts_with("u\"")) literal.remove_prefix(1);
  const auto value = parse_literal(literal);
  if (!value) return std::nullopt;
  if (value->kind == ValueKind::Int) {
    const std::int64_t code = value->number;
    const bool character =
        value->text.empty() && code > 0x9F && code < 0xFFFE && (code < 0xD800 || code > 0xDFFF);
    if (!character) return std::nullopt;
    std::string text;
    base::append_utf8(text, static_cast<std::uint32_t>(code));
    return Value::string(std::move(text));
  }
  if (value->kind != ValueKind::String || value->text.empty()) return std::nullopt;
  std::string text = value->text;
  if (looks_like_regex(text)) {
    auto match = matching_text(text, {}, random);
    if (!match || match->empty()) return std::nullopt;
    text = *std::move(match);
  }
  if (text.size() > kLongestWord) return std::nullopt;
  return Value::string(std::move(text));
}

class WordSweep {
 public:
  WordSweep(Harness& harness, const Universe& universe, const Archive& archive, MutantTrial& trial,
            std::vector<PoolTest>& pool, base::Random& random, Budget& budget, double until)
      : harness_(harness),
        universe_(universe),
        archive_(archive),
        trial_(trial),
        pool_(pool),
        random_(random),
        budget_(budget),
        until_(until) {}

  base::Status run() {
    collect_words();
    divide_into_tables();
    if (tables_.empty()) return {};
    collect_templates();
    for (Table& table : tables_) table.templates = templates_;
    // Tables take turns, so that a long one does not use up the time of the others.
    for (bool more = true; more && budget_.used() < until_;) {
      more = false;
      for (Table& table : tables_) {
        if (table.next >= table.words.size() || table.templates.empty()) continue;
        TG_TRY(try_dozen(table));
        more = true;
        if (budget_.used() >= until_) break;
      }
    }
    return {};
  }

 private:
  struct Template {
    TestProgram program;
    std::size_t kills = 0;
    bool blind = false;  // it was asked, and noticed nothing
  };
  struct Table {
    std::vector<std::size_t> words;
    std::vector<Template> templates;  // those that were not asked in vain
    std::size_t next = 0;             // word
  };

  // A survivor's own literal is its word. Where that says nothing to a caller, as the replacement
  // of a rule, `\\1en`, it is the others of its line.
  void collect_words() {
    const auto& mutants = trial_.mutation().mutants;
    std::map<std::uint32_t, std::vector<std::size_t>> mute;  // by line
    for (std::size_t i = 0; i < mutants.size(); ++i) {
      if (!trial_.at_import(i) || trial_.killed(i)) continue;
      const bool speaks =
          mutants[i].operation == "constant" && mutants[i].original.find('\\') == std::string::npos;
      if (!speaks) mute[mutants[i].line].push_back(i);
    }
    std::map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < mutants.size() && words_.size() < kMostWords; ++i) {
      if (!trial_.at_import(i) || mutants[i].operation != "constant") continue;
      std::vector<std::size_t> shown;
      if (!trial_.killed(i)) shown.push_back(i);
      if (const auto found = mute.find(mutants[i].line); found != mute.end()) {
        shown.insert(shown.end(), found->second.begin(), found->second.end());
      }
      if (shown.empty()) continue;
      auto value = word_of(mutants[i].original, random_);
      if (!value) continue;
      const auto [place, fresh] = known.emplace(value->text, words_.size());
      if (fresh) words_.push_back({*std::move(value), mutants[i].line, {}});
      auto& of_word = words_[place->second].mutants;
      of_word.insert(of_word.end(), shown.begin(), shown.end());
    }
  }

  // Words on neighbouring lines make a table; the longest come first.
  void divide_into_tables() {
    std::vector<std::size_t> order(words_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
      return words_[a].line < words_[b].line;
    });
    std::uint32_t last = 0;
    for (const std::size_t word : order) {
      if (tables_.empty() || words_[word].line > last + kLinesApart) tables_.emplace_back();
      tables_.back().words.push_back(word);
      last = words_[word].line;
    }
    std::erase_if(tables_, [](const Table& table) { return table.words.size() < kFewestWords; });
    std::stable_sort(tables_.begin(), tables_.end(), [](const Table& a, const Table& b) {
      return a.words.size() > b.words.size();
    });
    if (tables_.size() > kMostTables) tables_.resize(kMostTables);
  }

  // The plainest program of each callable that takes a text first and gives its result at once.
  void collect_templates() {
    std::map<std::size_t, std::pair<std::size_t, const TestProgram*>> plainest;
    const auto consider = [&](const TestProgram& program, Standing standing) {
      const Statement& act = program.statements.back();
      const Callable& callable = universe_.callables[act.callable];
      const bool fits =
          standing == Standing::Returned && callable.wanted && act.kind == Statement::Kind::Call &&
          act.sweep.empty() && callable.kind != CallableKind::Constructor &&
          callable.kind != CallableKind::Property && callable.consumption == Consumption::Direct &&
          !is_operator_method(callable.name) && !callable.parameters.empty() &&
          !act.arguments.empty() && act.arguments[0].kind == ValueKind::String &&
          program.statements.size() <= 2;
      if (!fits) return;
      const std::size_t cost = weight(program) + oddity(program, universe_);
      const auto [place, fresh] = plainest.try_emplace(act.callable, cost, &program);
      if (!fresh && cost < place->second.first) place->second = {cost, &program};
    };
    for (const std::size_t index : archive_.champions()) {
      consider(archive_.entry(index).program, archive_.entry(index).standing);
    }
    for (const PoolTest& test : pool_) consider(test.member.program, test.member.standing);
    for (const auto& [callable, found] : plainest) templates_.push_back({*found.second, 0, false});
  }

  [[nodiscard]] TestProgram swept(const Template& with, std::vector<Value> values) const {
    TestProgram out = with.program;
    Statement& act = out.statements.back();
    const std::string& parameter = universe_.callables[act.callable].parameters[0].name;
    const bool plain = out.statements.size() == 1 && parameter != universe_.alias &&
                       parameter != "result" && !parameter.starts_with("_");
    act.arguments[0] = Value::name(plain ? parameter : "word");
    act.sweep = std::move(values);
    return out;
  }

  // The functions in turn, until one notices most of what was tried. Whether a function reads the
  // table shows with a few mutants; every one of them would run the whole file.
  base::Status try_dozen(Table& table) {
    const std::size_t end = std::min(table.words.size(), table.next + kWordsATest);
    std::vector<Value> values;
    std::vector<std::size_t> mutants;
    for (std::size_t i = table.next; i < end; ++i) {
      values.push_back(words_[table.words[i]].value);
      mutants.push_back(words_[table.words[i]].mutants.front());
    }
    table.next = end;
    std::vector<std::size_t> proofs;
    const std::size_t count = std::min(kProofs, mutants.size());
    for (std::size_t k = 0; k < count; ++k) proofs.push_back(mutants[k * mutants.size() / count]);
    std::stable_sort(table.templates.begin(), table.templates.end(),
                     [](const Template& a, const Template& b) { return a.kills > b.kills; });
    for (Template& with : table.templates) {
      TG_ASSIGN(auto test, make_test(with, values));
      if (!test) continue;
      std::vector<PoolTest> tests;
      tests.push_back(*std::move(test));
      TG_TRY(trial_.try_tests(tests, {0}, proofs, true, until_));
      const std::size_t kills = tests.front().kills.size();
      with.kills += kills;
      with.blind = with.kills == 0;
      if (kills > 0) pool_.push_back(std::move(tests.front()));
      if (2 * kills >= count) break;
    }
    std::erase_if(table.templates, [](const Template& with) { return with.blind; });
    return {};
  }

  // Without the words that the function refuses.
  base::Result<std::optional<PoolTest>> make_test(const Template& with,
                                                  const std::vector<Value>& values) {
    TG_ASSIGN(auto whole, observed(swept(with, values)));
    if (whole) return whole;
    std::vector<Candidate> candidates;
    for (const Value& value : values) {
      candidates.push_back(render_program(swept(with, {value}), universe_).candidate());
    }
    budget_.spend(candidates.size());
    TG_ASSIGN(const auto results, harness_.run(candidates, {}));
    std::vector<Value> taken;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (results[i].outcome == CandidateOutcome::Passed) taken.push_back(values[i]);
    }
    if (taken.empty() || taken.size() == values.size()) return std::optional<PoolTest>();
    return observed(swept(with, std::move(taken)));
  }

  base::Result<std::optional<PoolTest>> observed(TestProgram program) {
    const RenderedProgram rendered = render_program(program, universe_);
    budget_.spend(1);
    TG_ASSIGN(const auto results, harness_.run({rendered.candidate()}, {.observe = true}));
    const CandidateResult& result = results.front();
    if (result.outcome != CandidateOutcome::Passed) return std::optional<PoolTest>();
    SuiteMember member{
        std::move(program), Standing::Returned, signature_of(result), {}, result.goals};
    auto test = test_of(member, rendered, result, universe_);
    if (!test || test->assertions.front().literal.find('[') != 0) return std::optional<PoolTest>();
    return std::optional<PoolTest>({std::move(member), *std::move(test), {}, false});
  }

  Harness& harness_;
  const Universe& universe_;
  const Archive& archive_;
  MutantTrial& trial_;
  std::vector<PoolTest>& pool_;
  base::Random& random_;
  Budget& budget_;
  double until_;
  std::vector<Word> words_;
  std::vector<Table> tables_;
  std::vector<Template> templates_;  // of all callables that take a text
};

}  // namespace

base::Status sweep_tables(Harness& harness, const Universe& universe, const Archive& archive,
                          MutantTrial& trial, std::vector<PoolTest>& pool, base::Random& random,
                          Budget& budget, double until) {
  return WordSweep(harness, universe, archive, trial, pool, random, budget, until).run();
}

}  // namespace testgen::engine
