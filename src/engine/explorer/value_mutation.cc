// Small changes of values: what ValueFactory::mutate draws from.
#include <algorithm>
#include <iterator>

#include "engine/explorer/text_edits.h"
#include "engine/explorer/value_factory.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kMaxText = 240;
constexpr std::size_t kMaxItems = 60;
constexpr double kRecombine = 0.25;

}  // namespace

void ValueFactory::mutate_string(std::string& text, const Callable& callable) {
  mutate_characters(text, callable);
  if (text.size() > kMaxText) {
    const auto ends = character_starts(text);
    text.resize(*std::prev(std::upper_bound(ends.begin(), ends.end(), kMaxText)));
  }
}

void ValueFactory::mutate_characters(std::string& text, const Callable& callable) {
  // Parts of texts that led somewhere lead further together.
  if (!texts_.empty() && random_.chance(kRecombine)) {
    const std::string& other = texts_[random_.below(texts_.size())];
    const bool lines = text.find('\n') != std::string::npos;
    text = random_.chance(lines ? 0.6 : 0.15) ? edit_lines(text, other, random_)
                                              : recombine(text, other, random_);
    return;
  }
  const auto starts = character_starts(text);
  const std::size_t count = starts.size() - 1;
  const auto at = [&] { return starts[random_.below(starts.size())]; };
  switch (random_.below(10)) {
    case 0:
      if (count > 0) {
        const std::size_t i = random_.below(count);
        text.erase(starts[i], starts[i + 1] - starts[i]);
      }
      break;
    case 1:
    case 2:
      text.insert(at(), make_string(callable).text);
      break;
    case 3:
      if (count > 0) {
        const std::size_t i = random_.below(count);
        std::string piece = make_string(callable).text.substr(0, 1);
        if (!piece.empty() && (static_cast<unsigned char>(piece[0]) & 0x80U) != 0) piece = "?";
        text.replace(starts[i], starts[i + 1] - starts[i], piece);
      }
      break;
    case 4:
      text += make_string(callable).text;
      break;
    case 5:
      text.insert(0, make_string(callable).text);
      break;
    case 6:
      for (char& c : text) {
        if (c >= 'a' && c <= 'z') {
          c = static_cast<char>(c - 32);
        } else if (c >= 'A' && c <= 'Z') {
          c = static_cast<char>(c + 32);
        }
      }
      break;
    case 7:
      if (count > 1) text = text.substr(0, starts[1 + random_.below(count)]);
      break;
    case 8:
      text = cut_out(text, random_);
      break;
    default:
      if (text.size() < kMaxText / 2) {
        // Twice the same, as a list would hold it.
        const std::string once = text;
        text += (random_.chance(0.4) ? "" : separator(callable)) + once;
      }
  }
}

void ValueFactory::mutate_items(Value& value, const Callable& callable) {
  const std::size_t stride = value.kind == ValueKind::Dict ? 2 : 1;
  const std::size_t count = value.items.size() / stride;
  const bool needs_hash = value.kind == ValueKind::Set || value.kind == ValueKind::FrozenSet;
  const auto begin = [&](std::size_t i) {
    return value.items.begin() + static_cast<std::ptrdiff_t>(i * stride);
  };
  switch (random_.below(5)) {
    case 0:
      if (count > 0) {
        const std::size_t i = random_.below(count);
        value.items.erase(begin(i), begin(i) + static_cast<std::ptrdiff_t>(stride));
      }
      break;
    case 1:
    case 2: {
      if (count >= kMaxItems) break;
      Value item = count > 0 ? value.items[random_.below(count) * stride] : make_int(callable);
      if (count > 0) mutate(item, callable);
      if ((needs_hash || stride == 2) && !is_hashable(item)) item = make_int(callable);
      const std::size_t i = random_.below(count + 1);
      const auto where = value.items.insert(begin(i), std::move(item));
      if (stride == 2) {
        Value content = count > 0 ? value.items.back() : make_int(callable);
        value.items.insert(where + 1, std::move(content));
      }
      break;
    }
    case 3:
      if (count > 1 && stride == 1)
        std::swap(value.items.front(), value.items[random_.below(count)]);
      break;
    default:
      if (stride == 1 && !needs_hash && count > 0 && count * 2 <= kMaxItems) {
        const std::vector<Value> copy = value.items;
        value.items.insert(value.items.end(), copy.begin(), copy.end());
      }
  }
}

void ValueFactory::mutate(Value& value, const Callable& callable) {
  std::vector<Value*> nodes;
  collect_nodes(value, nodes);
  Value& node = *nodes[random_.below(nodes.size())];
  switch (node.kind) {
    case ValueKind::None:
      node = make_int(callable);
      break;
    case ValueKind::Bool:
      node.number = node.number == 0 ? 1 : 0;
      break;
    case ValueKind::Int:
      if (!node.text.empty() || random_.chance(0.3)) {
        node = make_int(callable);
      } else {
        switch (random_.below(5)) {
          case 0:
            node.number = add_wrapping(node.number, 1);
            break;
          case 1:
            node.number = add_wrapping(node.number, -1);
            break;
          case 2:
            node.number = node.number == INT64_MIN ? 0 : -node.number;
            break;
          case 3:
            node.number = add_wrapping(node.number, random_.between(-20, 20));
            break;
          default:
            node.number = std::clamp<std::int64_t>(node.number, -50'000, 50'000) * 2;
        }
      }
      break;
    case ValueKind::Float:
      switch (random_.below(4)) {
        case 0:
          node = make_float(callable);
          break;
        case 1:
          node.real = -node.real;
          break;
        case 2:
          node.real += 0.25;
          break;
        default:
          node.real = 1.0 - node.real;
      }
      break;
    case ValueKind::String:
      mutate_string(node.text, callable);
      break;
    case ValueKind::Bytes:
      if (random_.chance(0.4)) {
        node = make_bytes(callable);
      } else {
        mutate_string(node.text, callable);
      }
      break;
    case ValueKind::Name:
      if (!node.text.starts_with(universe_.alias + ".") &&
          node.text.find("tmp_path") == std::string::npos) {
        node = make_callable({});
      }
      break;
    case ValueKind::Call:
    case ValueKind::Fixture:
      break;
    case ValueKind::Repeat:
      node.number =
          std::max<std::int64_t>(1, random_.chance(0.5) ? node.number / 2 : node.number + 1);
      break;
    default:
      mutate_items(node, callable);
  }
}

}  // namespace testgen::engine
