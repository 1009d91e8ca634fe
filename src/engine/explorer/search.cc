#include "engine/explorer/search.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "engine/explorer/consumption.h"
#include "engine/explorer/error_hints.h"
#include "engine/explorer/operand_match.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kBatchSize = Harness::kBatch;
constexpr std::size_t kFollowedPerRound = 16;
constexpr std::size_t kSubstitutionsPerProgram = 48;
constexpr std::size_t kQueueLimit = 4000;
constexpr std::uint64_t kFollowEvery = 6;  // rounds, when nothing new asks for it
constexpr std::uint64_t kFollowInsisting = 2;
constexpr std::uint64_t kHangs = 3;      // of a callable that has done little else
constexpr std::uint64_t kMostHangs = 7;  // of any callable: each costs as long as hundreds of tests
constexpr std::uint64_t kCrashes = 12;   // of a callable that has done nothing else
constexpr std::uint64_t kMostCrashes = 60;  // of any callable: each costs a new process
constexpr std::size_t kHintQueue = 1000;    // above it hints are let pass
constexpr int kHintsPerMessage = 8;
constexpr std::size_t kHintFollowers = 6;
constexpr std::uint64_t kLazyShare = 3;  // one of so many results is lazy: the callable is
// A plateau: nothing new for this part of the budget, and for this part of what was used.
constexpr double kPatience = 0.12;
constexpr std::uint64_t kQuietTries = 2000;  // and for so many programs
constexpr double kQuietShare = 0.55;
// Beyond its part of the budget, while something new was found in so much of it.
constexpr double kOvertime = 0.12;
constexpr double kLateGain = 0.03;

// A message without what varies from case to case.
std::string kind_of_message(const RaisedException& raised) {
  std::string out = raised.type + " ";
  bool quoted = false;
  for (const char c : raised.message) {
    // A key is all that a KeyError says.
    if (c == '\'' && raised.type != "KeyError") quoted = !quoted;
    if (!quoted && (c < '0' || c > '9')) out += c;
    if (out.size() > 60) break;
  }
  return out;
}

}  // namespace

Search::Search(Harness& harness, Universe& universe, const model::ModuleModel& module,
               Archive& archive, base::Random& random, Budget& budget)
    : harness_(harness),
      universe_(universe),
      module_(module),
      archive_(archive),
      random_(random),
      budget_(budget),
      values_(universe, random),
      programs_(universe, values_, random),
      environment_(universe, module, values_, random),
      efforts_(universe.callables.size()),
      frontiers_(module, archive, universe, random) {
  for (const Callable& callable : universe_.callables) {
    auto& weights = first_weights_.emplace_back();
    for (const ParameterInfo& parameter : callable.parameters) weights.push_back(parameter.weights);
  }
  compute_reach();
}

// A callable may reach its own goals, those of what it calls by name, and those of what they
// call: three levels are enough to steer by.
void Search::compute_reach() {
  std::map<std::string, std::vector<std::size_t>> by_name;
  for (std::size_t i = 0; i < universe_.callables.size(); ++i) {
    by_name[universe_.callables[i].name].push_back(i);
  }
  for (std::size_t i = 0; i < universe_.callables.size(); ++i) {
    std::set<std::size_t> seen{i};
    std::vector<std::size_t> level{i};
    for (int depth = 0; depth < 3 && !level.empty(); ++depth) {
      std::vector<std::size_t> next;
      for (const std::size_t index : level) {
        const auto* function = universe_.callables[index].function;
        if (function == nullptr) continue;
        for (const auto& name : function->called_names) {
          const auto found = by_name.find(name);
          if (found == by_name.end()) continue;
          for (const std::size_t target : found->second) {
            if (seen.insert(target).second) next.push_back(target);
          }
        }
      }
      level = std::move(next);
    }
    efforts_[i].reach.assign(seen.begin(), seen.end());
  }
}

void Search::begin_with(std::vector<TestProgram> programs) {
  std::move(programs.begin(), programs.end(), std::back_inserter(queue_));
}

void Search::seed_queue() {
  for (const auto& example : universe_.examples) {
    if (auto program = programs_.from_example(example)) queue_.push_back(*std::move(program));
  }
  for (int round = 0; round < 4; ++round) {
    for (std::size_t i = 0; i < universe_.callables.size(); ++i) {
      if (!universe_.callables[i].wanted) continue;
      if (auto program = programs_.make(i)) {
        environment_.prepare(*program);
        queue_.push_back(*std::move(program));
      }
    }
  }
}

double Search::urgency(std::size_t callable) const {
  const Callable& target = universe_.callables[callable];
  if (!target.usable || !target.wanted) return 0.0;
  double open = 0;
  for (const std::size_t reached : efforts_[callable].reach) {
    for (const std::uint32_t goal : universe_.callables[reached].goals) {
      if (archive_.open(goal)) open += reached == callable ? 1.0 : 0.3;
    }
  }
  const Effort& effort = efforts_[callable];
  const double patience = 1.0 + static_cast<double>(effort.since_gain) / 150.0;
  const double floor = effort.tries < 60 ? 0.5 : 0.02;
  return (open + floor) / patience * (target.is_private ? 0.6 : 1.0);
}

// Nothing is left to find for the callables that tests are wanted for.
bool Search::all_reached() const {
  return std::none_of(
      universe_.callables.begin(), universe_.callables.end(), [this](const Callable& callable) {
        return callable.wanted && callable.usable &&
               std::any_of(callable.goals.begin(), callable.goals.end(),
                           [this](std::uint32_t goal) { return archive_.open(goal); });
      });
}

std::size_t Search::draw_callable() {
  std::vector<double> weights(universe_.callables.size());
  double total = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) total += weights[i] = urgency(i);
  double point = random_.unit() * total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    point -= weights[i];
    if (point < 0 && weights[i] > 0) return i;
  }
  return Universe::npos;
}

// A program at a frontier, changed in what the condition speaks of.
std::optional<TestProgram> Search::at_frontier() {
  const Frontier* chosen = frontiers_.draw();
  if (chosen == nullptr) return std::nullopt;
  return programs_.mutate(frontiers_.parent_at(*chosen), chosen->names);
}

// A recent program that returned, about one of the callables. Mostly one of those that did much:
// it has changed more.
const ArchiveEntry* Search::entry_for(const std::vector<std::size_t>& callables) {
  const ArchiveEntry* found = nullptr;
  const bool any = random_.chance(0.3);
  for (int attempt = 0; attempt < 6 && !callables.empty(); ++attempt) {
    const auto& known = archive_.of_callable(programs_.draw_by_credit(callables));
    if (known.empty()) continue;
    const std::size_t window = std::min<std::size_t>(known.size(), 6);
    const ArchiveEntry& entry = archive_.entry(known[known.size() - 1 - random_.below(window)]);
    if (entry.standing != Standing::Returned) continue;
    if (any) return &entry;
    if (found == nullptr || entry.result.goals.size() > found->result.goals.size()) found = &entry;
  }
  return found;
}

// A call on an object that an earlier program brought into an interesting state.
std::optional<TestProgram> Search::on_known_object(std::size_t callable) {
  const ClassInfo* owner = universe_.find_class(universe_.callables[callable].class_name);
  if (owner == nullptr || owner->concrete.empty()) return std::nullopt;
  const ClassInfo& kind = universe_.classes.at(random_.pick(owner->concrete));
  if (!kind.givers.empty() && random_.chance(0.4)) {
    const ArchiveEntry* giving = entry_for(kind.givers);
    if (giving != nullptr) {
      if (auto program = programs_.extend(giving->program, callable)) return program;
    }
  }
  const bool made = random_.chance(0.25);
  const ArchiveEntry* entry = entry_for(
      made ? (kind.producers.empty() ? std::vector<std::size_t>{kind.constructor} : kind.producers)
           : kind.methods);
  if (entry == nullptr) return std::nullopt;
  return programs_.extend(entry->program, callable);
}

std::optional<TestProgram> Search::next_program() {
  if (random_.chance(insisting_ ? 0.7 : 0.35)) {
    if (auto program = at_frontier()) return program;
  }
  const std::size_t callable = draw_callable();
  if (callable == Universe::npos) return std::nullopt;
  const Callable& target = universe_.callables[callable];
  const bool on_object =
      target.kind == CallableKind::Method || target.kind == CallableKind::Property;
  if (on_object && random_.chance(0.45)) {
    if (auto program = on_known_object(callable)) return program;
  }
  const auto& known = archive_.of_callable(callable);
  if (!known.empty() && random_.chance(0.7)) {
    // Recent entries stand nearer to the frontier.
    const std::size_t window =
        random_.chance(0.5) ? std::min<std::size_t>(known.size(), 4) : known.size();
    const std::size_t pick = known[known.size() - 1 - random_.below(window)];
    const TestProgram& parent = archive_.entry(pick).program;
    if (on_object && random_.chance(0.15)) {
      const ClassInfo* owner = universe_.find_class(target.class_name);
      const ArchiveEntry* donor = owner == nullptr ? nullptr : entry_for(owner->methods);
      if (donor != nullptr) {
        if (auto program = programs_.splice(parent, donor->program)) return program;
      }
    }
    return programs_.mutate(parent);
  }
  auto program = programs_.make(callable);
  if (program) {
    environment_.prepare(*program);
  } else {
    universe_.callables[callable].usable = false;  // no object can be made for it
  }
  return program;
}

std::vector<TestProgram> Search::next_batch() {
  std::vector<TestProgram> batch;
  const std::size_t size = rounds_ < 4 ? kBatchSize / 2 : kBatchSize;
  const std::size_t from_queue = rounds_ < 3 ? size : size / 2;
  while (batch.size() < from_queue && !queue_.empty()) {
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  for (std::size_t misses = 0; batch.size() < size && misses < 200;) {
    if (auto program = next_program()) {
      environment_.prepare(*program);
      batch.push_back(*std::move(program));
    } else {
      ++misses;
    }
  }
  return batch;
}

void Search::learn(const TestProgram& program, const CandidateResult& result, bool gained) {
  const Statement& act = program.statements.back();
  Callable& callable = universe_.callables[act.callable];
  const bool wrong_type =
      result.outcome == CandidateOutcome::Raised &&
      (result.exception.type == "TypeError" || result.exception.type == "AttributeError");
  if (!gained && !wrong_type) return;
  const auto complaint = wrong_type ? read_type_complaint(result.exception.message) : std::nullopt;
  const auto weigh = [](double& weight, double factor) {
    weight = std::clamp(weight * factor, 0.15, 60.0);
  };
  const auto adjust = [&](ParameterInfo& parameter, const Value& value) {
    double& weight = parameter.weights[static_cast<std::size_t>(tag_of(value))];
    if (gained) return weigh(weight, 1.2);
    if (!complaint || complaint->given.empty()) return weigh(weight, 0.97);
    if (is_of_type(value, complaint->given)) {
      weigh(weight, 0.93);
      if (complaint->wanted && tag_of(value) != *complaint->wanted) {
        weigh(parameter.weights[static_cast<std::size_t>(*complaint->wanted)], 1.3);
      }
      return;
    }
    // An item of it may be meant.
    for (const Value& item : value.items) {
      if (!is_of_type(item, complaint->given) || !complaint->wanted) continue;
      double& element = parameter.elements[static_cast<std::size_t>(*complaint->wanted)];
      element = std::min(element + 0.5, 20.0);
      weigh(parameter.elements[static_cast<std::size_t>(tag_of(item))], 0.8);
      if (parameter.elements[static_cast<std::size_t>(tag_of(item))] < 0.2) {
        parameter.elements[static_cast<std::size_t>(tag_of(item))] = 0.2;
      }
      break;
    }
  };
  for (std::size_t i = 0; i < act.arguments.size() && i < callable.parameters.size(); ++i) {
    adjust(callable.parameters[i], act.arguments[i]);
  }
  for (const auto& [name, value] : act.keywords) {
    for (ParameterInfo& parameter : callable.parameters) {
      if (parameter.name == name) adjust(parameter, value);
    }
  }
}

// Queues programs that take the hint of an exception, a few times for each kind of message.
void Search::take_hint(const TestProgram& program, const CandidateResult& result) {
  if (result.outcome != CandidateOutcome::Raised || queue_.size() > kHintQueue) return;
  const std::string& message = result.exception.message;
  if (message.empty()) return;
  int& count = hints_[{subject(program), kind_of_message(result.exception)}];
  if (++count > kHintsPerMessage) return;
  values_.set_context({});
  auto followers =
      follow_exception(program, result.exception, universe_, values_, random_, kHintFollowers);
  for (TestProgram& follower : followers) queue_.push_back(std::move(follower));
}

// Whether too many of a callable's results could not be run to their end for it to be a lazy one.
bool Search::refuses_consumption(Effort& effort, const CandidateResult& result) {
  const bool refused = could_not_be_consumed(result);
  if (refused) ++effort.refusals;
  if (refused || result.outcome == CandidateOutcome::Passed) ++effort.uses;
  return refused && effort.refusals * kLazyShare >= effort.uses;
}

void Search::note_outcome(const TestProgram& program, const CandidateResult& result) {
  if (result.outcome == CandidateOutcome::NotRun) return;
  Callable& callable = universe_.callables[subject(program)];
  Effort& effort = efforts_[subject(program)];
  ++effort.tries;
  ++effort.since_gain;
  if (result.outcome == CandidateOutcome::TimedOut) {
    ++effort.hangs;
    const bool often = effort.hangs * 4 > effort.tries;
    if ((effort.hangs >= kHangs && often) || effort.hangs >= kMostHangs) callable.usable = false;
  }
  if (result.outcome == CandidateOutcome::Crashed) {
    ++effort.crashes;
    if (effort.crashes >= (effort.crashes == effort.tries ? kCrashes : kMostCrashes)) {
      callable.usable = false;
    }
  }
  if (callable.kind == CallableKind::Constructor) return;
  if (result.outcome == CandidateOutcome::Passed && result.shape.starts_with("object ")) {
    note_returned_class(universe_, subject(program), result.shape.substr(7));
  }
  if (result.outcome == CandidateOutcome::Passed && callable.consumption == Consumption::Direct) {
    // Lazy results are run from now on; the program is queued again to see what it really does.
    // What mostly gives plain values has only handed on what it was given.
    const auto consumption = consumption_of(result.shape);
    ++effort.results;
    if (consumption) ++effort.lazy_results;
    if (consumption && effort.lazy_results * kLazyShare >= effort.results) {
      callable.consumption = *consumption;
      queue_.push_front(program);
    }
  } else if (callable.consumption != Consumption::Direct && refuses_consumption(effort, result)) {
    callable.consumption = Consumption::Direct;
    queue_.push_front(program);
  } else if (callable.consumption == Consumption::List &&
             (result.outcome == CandidateOutcome::OutOfFuel ||
              result.outcome == CandidateOutcome::TimedOut ||
              (result.outcome == CandidateOutcome::Discarded && result.touched.empty()))) {
    if (++effort.fuel_losses >= 3) {
      callable.consumption = Consumption::Slice;  // an endless one
      callable.usable = true;
      queue_.push_front(program);
    }
  }
}

// A lone call that gave an object of the module can be an argument, or the first of a longer
// program.
void Search::keep_object(const TestProgram& program, const CandidateResult& result) {
  const Statement& act = program.statements.back();
  if (result.outcome != CandidateOutcome::Passed || program.statements.size() != 1 ||
      act.kind != Statement::Kind::Call || !act.member.empty()) {
    return;
  }
  const Callable& callable = universe_.callables[act.callable];
  const std::string& made =
      callable.kind == CallableKind::Constructor ? callable.class_name : callable.returned_class;
  if (universe_.find_class(made) == nullptr || callable.consumption != Consumption::Direct) return;
  Value call = Value::call(universe_.spelling(callable), act.arguments);
  call.keywords = act.keywords;
  values_.keep_object(made, call);
}

RunOptions Search::bounded(RunOptions options) const {
  options.give_up = true;
  // Not before a first look at everything: the budget may be short.
  if (!budget_.counted() && rounds_ > 1) {
    options.patience =
        std::max(budget_.time_until(until_ + kOvertime), std::chrono::milliseconds(50));
  }
  return options;
}

base::Status Search::execute(const std::vector<TestProgram>& batch) {
  std::vector<Candidate> candidates;
  candidates.reserve(batch.size());
  for (const TestProgram& program : batch) {
    candidates.push_back(render_program(program, universe_).candidate());
  }
  budget_.spend(candidates.size());
  TG_ASSIGN(const auto results, harness_.run(candidates, bounded({})));
  for (std::size_t i = 0; i < batch.size(); ++i) {
    ++tries_since_gain_;
    note_outcome(batch[i], results[i]);
    for (TestProgram& arranged : environment_.respond(batch[i], results[i])) {
      if (queue_.size() < kQueueLimit) queue_.push_front(std::move(arranged));
    }
    const Archive::Gain gain = archive_.offer(batch[i], results[i]);
    learn(batch[i], results[i], gain.new_goal);
    take_hint(batch[i], results[i]);
    if (gain.new_goal) {
      programs_.credit(batch[i]);
      for (const Statement& statement : batch[i].statements) {
        for (const Value& value : statement.arguments) values_.keep_texts(value);
        for (const auto& [keyword, value] : statement.keywords) values_.keep_texts(value);
        values_.keep_texts(statement.value);
      }
      efforts_[subject(batch[i])].since_gain = 0;
      last_gain_ = budget_.used();
      tries_since_gain_ = 0;
    }
    if (gain.kept) keep_object(batch[i], results[i]);
    if (gain.kept && interesting_.size() < 200) interesting_.push_back(batch[i]);
  }
  return {};
}

// Runs interesting programs once more with operand capture and queues what follows from it.
base::Status Search::follow_operands() {
  std::vector<TestProgram> chosen;
  while (!interesting_.empty() && chosen.size() < kFollowedPerRound) {
    chosen.push_back(std::move(interesting_.back()));
    interesting_.pop_back();
  }
  // Old programs at the frontier get another look with fresh eyes.
  while (chosen.size() < kFollowedPerRound / 2) {
    if (random_.chance(0.6)) {
      if (const Frontier* frontier = frontiers_.draw()) {
        const TestProgram& parent = frontiers_.parent_at(*frontier);
        chosen.push_back(random_.chance(0.5) ? programs_.mutate(parent, frontier->names) : parent);
        continue;
      }
    }
    const std::size_t callable = draw_callable();
    if (callable == Universe::npos) break;
    const auto& known = archive_.of_callable(callable);
    if (known.empty()) break;
    const TestProgram& program = archive_.entry(random_.pick(known)).program;
    chosen.push_back(random_.chance(0.5) ? programs_.mutate(program) : program);
  }
  if (chosen.empty()) return {};
  std::vector<Candidate> candidates;
  candidates.reserve(chosen.size());
  for (const TestProgram& program : chosen) {
    candidates.push_back(render_program(program, universe_).candidate());
  }
  budget_.spend(candidates.size());
  TG_ASSIGN(const auto results, harness_.run(candidates, bounded({.capture = true})));
  const ObjectMaker make = [this](const std::string& name) -> std::optional<Value> {
    if (universe_.find_class(name) == nullptr) return std::nullopt;
    return values_.make_object(name, 1);
  };
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    for (const Capture& capture : results[i].captures) {
      for (const std::string& text : {capture.left, capture.right}) {
        if (const auto value = parse_literal(text)) values_.remember(*value);
      }
    }
    auto followers =
        substitute_operands(chosen[i], frontiers_.worth_following(results[i].captures),
                            module_.compare_sites, random_, kSubstitutionsPerProgram, make);
    for (TestProgram& follower : followers) {
      if (queue_.size() < kQueueLimit) queue_.push_back(std::move(follower));
    }
  }
  return {};
}

// Nothing new for a while, so more of the same buys nothing that others could not use better.
bool Search::on_plateau(double now, double begin) const {
  const double quiet = now - last_gain_;
  return tries_since_gain_ >= kQuietTries && quiet > kPatience &&
         quiet > (now - begin) * kQuietShare && queue_.size() < kBatchSize;
}

// What has resisted so far is looked at afresh, and with nearly all that is left.
void Search::insist() {
  insisting_ = true;
  last_gain_ = budget_.used();
  tries_since_gain_ = 0;
  frontiers_.look_afresh();
  for (Effort& effort : efforts_) effort.since_gain = 0;
  // What was learnt of types serves what was found; what resists may want others.
  for (std::size_t i = 0; i < first_weights_.size(); ++i) {
    auto& parameters = universe_.callables[i].parameters;
    for (std::size_t k = 0; k < parameters.size() && k < first_weights_[i].size(); ++k) {
      parameters[k].weights = first_weights_[i][k];
    }
  }
}

base::Status Search::run(double until, const std::stop_token& stop,
                         const std::function<void(double)>& progress) {
  until_ = until;
  const double begin = last_gain_ = budget_.used();
  seed_queue();
  while (!stop.stop_requested()) {
    const double now = budget_.used();
    // A large module that still yields is worth more than its share.
    const bool yields = now - last_gain_ < kLateGain && now < until + kOvertime;
    if (now >= until && !yields) break;
    if (queue_.empty() && all_reached()) break;
    if (on_plateau(now, begin)) {
      if (insisting_) break;
      insist();
    }
    const auto batch = next_batch();
    if (batch.empty()) break;
    ++rounds_;
    TG_TRY(execute(batch));
    const std::uint64_t pause = insisting_ ? kFollowInsisting : kFollowEvery;
    if (!interesting_.empty() ? queue_.size() < 400 : rounds_ % pause == 0 && queue_.size() < 64) {
      TG_TRY(follow_operands());
    }
    progress(std::min(1.0, (now - begin) / (until - begin)));
  }
  return {};
}

}  // namespace testgen::engine
