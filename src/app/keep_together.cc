#include "app/keep_together.h"

#include <algorithm>
#include <set>

#include "base/file_system.h"
#include "emit/remove_tests.h"

namespace testgen::app {
namespace {

namespace fs = std::filesystem;

constexpr int kMostRounds = 3;            // a test that is gone may let another fail
constexpr std::size_t kMostOthers = 200;  // files of earlier commands
constexpr std::uint64_t kMostBytes = 16ULL << 20U;
constexpr std::string_view kReason =
    "it fails when the tests of other files run in the same process";

// Of earlier commands, as they were written: they are run, and stay as they are.
std::vector<fs::path> other_files(const fs::path& folder, const std::set<fs::path>& known) {
  std::vector<fs::path> out;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end;
       !failed && entry != end && out.size() < kMostOthers; entry.increment(failed)) {
    const fs::path& path = entry->path();
    if (path.extension() != ".py" || known.contains(path)) continue;
    const auto text = base::read_file(path, kMostBytes);
    if (text && emit::check_seal(*text) == emit::Seal::Intact) out.push_back(path);
  }
  return out;
}

std::size_t items_of(const model::TestCase& test) {
  return std::max<std::size_t>(1, test.verbatim->rows.size());
}

// The report says no more of what is gone.
void forget(const emit::Removal& removal, model::ModuleReport& report) {
  for (const model::TestCase& test : removal.removed) {
    report.omissions.push_back({test.name, std::string(kReason)});
    report.tests_dropped += 1;
    std::size_t items = items_of(test);
    report.tests_kept -= std::min(report.tests_kept, static_cast<std::uint32_t>(items));
    // Rows are listed by other names than the test that has them.
    for (const bool by_name : {true, false}) {
      std::erase_if(report.tests, [&](const model::KeptTest& kept) {
        const bool it =
            items > 0 && kept.function == test.function && (!by_name || kept.name == test.name);
        items -= it ? 1 : 0;
        return it;
      });
    }
  }
  report.functions_tested -=
      std::min(report.functions_tested, static_cast<std::uint32_t>(removal.untested.size()));
}

// The written file at `path`, with the report that it belongs to.
struct Place {
  emit::ModuleOutcome* module = nullptr;
  std::size_t index = 0;  // of its files
};

base::Status take_out(const std::set<std::string>& names, Place place, emit::Writer& writer) {
  model::ModuleReport& report = place.module->report;
  model::GeneratedFile& file = report.files[place.index];
  emit::Removal removal = emit::remove_tests(file.content, names);
  if (removal.removed.empty()) return {};
  TG_TRY(writer.rewrite(place.module->files[place.index].path, removal.text));
  forget(removal, report);
  file.content = std::move(removal.text);
  return {};
}

// A file without tests is gone from the folder.
void drop_emptied(emit::ModuleOutcome& module) {
  if (!module.write_errors.empty()) return;
  for (std::size_t i = module.files.size(); i-- > 0;) {
    if (!module.report.files[i].content.empty()) continue;
    const auto at = static_cast<std::ptrdiff_t>(i);
    module.report.files.erase(module.report.files.begin() + at);
    module.files.erase(module.files.begin() + at);
  }
}

}  // namespace

void keep_together(const fs::path& folder, const RunTogether& run, emit::Writer& writer,
                   std::vector<emit::ModuleOutcome>& modules) {
  const auto note = [&](const std::string& reason) {
    modules.front().report.omissions.push_back({"all files together", reason});
  };
  for (int round = 0; round < kMostRounds; ++round) {
    std::map<fs::path, Place> places;
    for (emit::ModuleOutcome& module : modules) {
      if (!module.write_errors.empty()) continue;  // which file is which is not known
      for (std::size_t i = 0; i < module.files.size(); ++i) {
        places[fs::absolute(module.files[i].path)] = {&module, i};
      }
    }
    std::vector<fs::path> files;
    std::set<fs::path> known;
    for (const auto& [path, place] : places) {
      files.push_back(path);
      known.insert(path);
    }
    if (files.empty()) return;
    const std::vector<fs::path> others = other_files(fs::absolute(folder), known);
    files.insert(files.end(), others.begin(), others.end());
    if (files.size() < 2) return;
    const auto together = run(files);
    if (!together) return note(together.error().message);
    if (!together->problem.empty()) note("they could not be tried: " + together->problem);
    bool changed = false;
    for (const auto& [path, names] : together->failed) {
      const auto place = places.find(path);
      if (place == places.end()) continue;
      if (const auto done = take_out(names, place->second, writer); !done)
        return note(done.error().message);
      changed = true;
    }
    if (!changed) return;
    for (emit::ModuleOutcome& module : modules) drop_emptied(module);
  }
}

}  // namespace testgen::app
