#include "analysis/edits.h"

#include <algorithm>

namespace testgen::analysis {
namespace {

bool joins_words(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '_' || byte >= 0x80;
}

}  // namespace

void Edits::add(std::uint32_t offset, Phase phase, Index node, std::string text, bool is_call,
                bool parenthesize) {
  edits_.push_back(Edit{offset, phase, node, static_cast<std::uint32_t>(edits_.size()), is_call,
                        parenthesize, std::move(text)});
}

void Edits::wrap(Index node, std::string_view name, std::size_t number, bool parenthesize) {
  add(tree_[node].start, Phase::Open, node, std::string(name) + "(" + std::to_string(number), true,
      parenthesize);
  add(tree_[node].end, Phase::Close, node, parenthesize ? "))" : ")");
}

void Edits::surround(Index node, std::string before, std::string after) {
  add(tree_[node].start, Phase::Open, node, std::move(before));
  add(tree_[node].end, Phase::Close, node, std::move(after));
}

void Edits::insert(std::uint32_t offset, std::string text) {
  add(offset, Phase::Plain, 0, std::move(text));
}

std::string Edits::apply() {
  std::sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) {
    if (a.offset != b.offset) return a.offset < b.offset;
    if (a.phase != b.phase) return a.phase < b.phase;
    if (a.phase == Phase::Close) {
      return a.node != b.node ? a.node > b.node : a.sequence > b.sequence;
    }
    return a.node != b.node ? a.node < b.node : a.sequence < b.sequence;
  });
  const std::string& text = tree_.text();
  std::string out;
  out.reserve(text.size() + edits_.size() * 12);
  std::size_t done = 0;
  for (const Edit& edit : edits_) {
    out.append(text, done, edit.offset - done);
    done = edit.offset;
    // A probe right after a word (`if(x)`) needs a space. The blank after the comma marks it,
    // and one before the comma marks added parentheses, so that uninstrument() can tell.
    const bool space = edit.is_call && !out.empty() && joins_words(out.back());
    if (space) out += ' ';
    out += edit.text;
    if (edit.is_call) {
      if (edit.parenthesize) out += ' ';
      out += ',';
      if (space) out += ' ';
      if (edit.parenthesize) out += '(';
    }
  }
  out.append(text, done);
  return out;
}

}  // namespace testgen::analysis
