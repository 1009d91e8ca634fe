// What a query's tests say about the words of a text. A query that is not one gives any words: it
// is refused elsewhere.
#include <algorithm>
#include <utility>

#include "scan/query/query.h"

namespace testgen::scan {
namespace {

class WordReader {
 public:
  explicit WordReader(std::string_view text) : text_(text) {}

  std::vector<QueryWords> patterns() {
    while (skip_space(), at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '(' || c == '[') {
        if (depth_++ == 0) out_.emplace_back();
        ++at_;
        if (at_ < text_.size() && text_[at_] == '#') test();
      } else if (c == ')' || c == ']') {
        if (depth_ > 0) --depth_;
        ++at_;
      } else if (c == '"') {
        if (depth_ == 0) out_.emplace_back();  // a token by itself
        (void)quoted();
      } else {
        const std::string token = bare();
        const bool behind = std::string_view("@?*+").find(token[0]) != std::string_view::npos;
        if (depth_ == 0 && !behind) out_.emplace_back();  // any node
      }
    }
    return std::move(out_);
  }

 private:
  void skip_space() {
    while (at_ < text_.size()) {
      if (text_[at_] == ';') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (std::string_view(" \t\r\n").find(text_[at_]) == std::string_view::npos) {
        return;
      } else {
        ++at_;
      }
    }
  }

  // Nothing for one with an escape: it stands for something else.
  std::optional<std::string> quoted() {
    const std::size_t begin = ++at_;
    bool escaped = false;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\') {
        escaped = true;
        ++at_;
      }
      ++at_;
    }
    const std::size_t end = std::min(at_, text_.size());
    at_ = std::min(at_ + 1, text_.size());
    if (escaped || end == begin) return std::nullopt;
    return std::string(text_.substr(begin, end - begin));
  }

  std::string bare() {
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n()[]\";").find(text_[at_]) == std::string_view::npos) {
      ++at_;
    }
    if (at_ == begin) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  void test() {
    const std::string name = bare();
    std::vector<std::string> words;
    bool known = name == "#eq?" || name == "#any-of?";
    int captures = 0;
    while (skip_space(), at_ < text_.size() && text_[at_] != ')') {
      if (text_[at_] == '"') {
        auto word = quoted();
        known = known && word;
        if (word) words.push_back(*std::move(word));
      } else if (text_[at_] == '@') {
        (void)bare();
        ++captures;
      } else {
        words.push_back(bare());
      }
    }
    if (known && captures == 1 && !words.empty()) out_.back().push_back(std::move(words));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::vector<QueryWords> out_;
};

}  // namespace

std::vector<QueryWords> words_of_query(std::string_view text) {
  return WordReader(text).patterns();
}

}  // namespace testgen::scan
