#include "scan/taint/value.h"

#include <algorithm>
#include <array>
#include <functional>
#include <vector>

namespace testgen::scan {
namespace {

constexpr std::size_t kFirstBlock = 64U << 10U;
constexpr std::uint32_t kMaxSteps = 12;
constexpr int kMaxOrigins = 6;
constexpr std::size_t kMaxAlternatives = 6;
constexpr std::size_t kMaxEntries = 64;  // past it, a container is one heap

}  // namespace

Values::Values() : arena_(kFirstBlock) {
  literal_.kind = Value::Kind::Literal;
  null_.kind = Value::Kind::Null;
  true_.kind = false_.kind = Value::Kind::Bool;
  true_.number = 1;
}

Ref Values::string(std::string_view text) {
  Value* const out = copy(Value{});
  out->kind = Value::Kind::String;
  out->text = text;
  return out;
}

std::string_view Values::keep(std::string_view text) {
  if (text.empty()) return {};
  auto* const bytes = static_cast<char*>(arena_.allocate(text.size(), 1));
  std::copy(text.begin(), text.end(), bytes);
  return {bytes, text.size()};
}

Ref Values::kept_string(std::string text) {
  return string(keep(text));
}

Ref Values::number(double value, std::string_view text) {
  Value* const out = copy(Value{});
  out->kind = Value::Kind::Number;
  out->number = value;
  out->text = text;
  return out;
}

Ref Values::thing(std::string_view name) {
  Value* const out = copy(Value{});
  out->kind = Value::Kind::Thing;
  out->text = name;
  return out;
}

Ref Values::function(std::uint32_t index) {
  Value* const out = copy(Value{});
  out->kind = Value::Kind::Function;
  out->index = index;
  return out;
}

Ref Values::list(std::span<const Ref> items) {
  Value* const out = copy(Value{});
  out->kind = Value::Kind::List;
  if (items.size() <= kMaxEntries) {
    out->items = copy(items);
    return out;
  }
  Ref all = items[0];
  for (const Ref item : items) all = join(all, item);
  out->rest = all;
  return out;
}

std::span<const Ref> Values::copy(std::span<const Ref> items) {
  if (items.empty()) return {};
  auto* const out = static_cast<Ref*>(arena_.allocate(items.size() * sizeof(Ref), alignof(Ref)));
  std::copy(items.begin(), items.end(), out);
  return {out, items.size()};
}

Ref Values::unknown_with(const Origin* origins) {
  if (origins == nullptr) return &unknown_;
  Value* const out = copy(Value{});
  out->origins = origins;
  return out;
}

Ref Values::with_origins(Ref value, const Origin* origins) {
  if (value->origins == origins) return value;
  Value* const out = copy(*value);
  out->origins = origins;
  return out;
}

bool same_literal(const Value& a, const Value& b) {
  if (a.kind != b.kind || !a.is_scalar()) return false;
  if (a.kind == Value::Kind::String) return a.text == b.text;
  return a.number == b.number;
}

Ref Values::with_entry(Ref map, Ref key, Ref value) {
  Value* const out = copy(*map);
  if (out->kind == Value::Kind::Unknown || out->kind == Value::Kind::Literal) {
    out->kind = Value::Kind::Map;
    out->text = {};
  }
  if (!key->is_scalar()) {
    out->rest = out->rest == nullptr ? value : join(out->rest, value);
    return out;
  }
  if (key->kind == Value::Kind::Number && !map->items.empty() && key->number >= 0 &&
      key->number < static_cast<double>(map->items.size())) {
    std::vector<Ref> items(map->items.begin(), map->items.end());
    items[static_cast<std::size_t>(key->number)] = value;
    out->items = copy(items);
    return out;
  }
  std::vector<Ref> entries(map->entries.begin(), map->entries.end());
  for (std::size_t i = 0; i < entries.size(); i += 2) {
    if (!same_literal(*entries[i], *key)) continue;
    entries[i + 1] = value;
    out->entries = copy(entries);
    return out;
  }
  if (entries.size() >= 2 * kMaxEntries) {
    out->rest = out->rest == nullptr ? value : join(out->rest, value);
    return out;
  }
  entries.push_back(key);
  entries.push_back(value);
  out->entries = copy(entries);
  return out;
}

Ref Values::join(Ref a, Ref b) {
  if (a == b || b == nullptr) return a;
  if (a == nullptr) return b;
  if (same_literal(*a, *b) && a->origins == b->origins) return a;
  const Origin* const origins = join(a->origins, b->origins);
  // A thing or null: mostly "not yet" on one side.
  if (a->kind == Value::Kind::Null && b->kind >= Value::Kind::Thing)
    return with_origins(b, origins);
  if (b->kind == Value::Kind::Null && a->kind >= Value::Kind::Thing)
    return with_origins(a, origins);
  const auto some = [](Ref v) { return v->is_scalar() || v->kind == Value::Kind::OneOf; };
  if (some(a) && some(b)) {
    std::vector<Ref> all;
    for (const Ref side : {a, b}) {
      const std::span<const Ref> options =
          side->kind == Value::Kind::OneOf ? side->items : std::span<const Ref>(&side, 1);
      for (const Ref option : options) {
        const bool known = std::any_of(all.begin(), all.end(),
                                       [&](Ref one) { return same_literal(*one, *option); });
        if (!known) all.push_back(option);
      }
    }
    Value* const out = copy(Value{});
    out->origins = origins;
    out->kind = all.size() <= kMaxAlternatives ? Value::Kind::OneOf : Value::Kind::Literal;
    if (out->kind == Value::Kind::OneOf) out->items = copy(all);
    return out;
  }
  if (a->is_literal() && b->is_literal()) return with_origins(&literal_, origins);
  if (a->kind == b->kind && a->kind == Value::Kind::Thing && a->text == b->text) {
    Value* const out = copy(*a);
    out->origins = origins;
    out->facts = a->facts & b->facts;
    for (std::size_t i = 0; i + 1 < b->entries.size(); i += 2) {
      Ref old = nullptr;
      for (std::size_t k = 0; k + 1 < out->entries.size(); k += 2) {
        if (same_literal(*out->entries[k], *b->entries[i])) old = out->entries[k + 1];
      }
      Ref merged = old == nullptr ? b->entries[i + 1] : join(old, b->entries[i + 1]);
      if (merged != old) *out = *with_entry(out, b->entries[i], merged);
    }
    out->rest = join(a->rest, b->rest);
    return out;
  }
  if (a->kind == b->kind && a->kind == Value::Kind::List && a->items.size() == b->items.size()) {
    std::vector<Ref> items;
    for (std::size_t i = 0; i < a->items.size(); ++i) {
      items.push_back(join(a->items[i], b->items[i]));
    }
    Value* const out = copy(*a);
    out->items = copy(items);
    out->rest = join(a->rest, b->rest);
    out->origins = origins;
    return out;
  }
  if (a->kind == b->kind && (a->kind == Value::Kind::Map || a->kind == Value::Kind::List)) {
    Value* const out = copy(Value{});
    out->kind = a->kind;
    out->origins = origins;
    if (a->kind == Value::Kind::Map) {
      Ref merged = a;
      for (std::size_t i = 0; i + 1 < b->entries.size(); i += 2) {
        Ref old = nullptr;
        for (std::size_t k = 0; k + 1 < merged->entries.size(); k += 2) {
          if (same_literal(*merged->entries[k], *b->entries[i])) old = merged->entries[k + 1];
        }
        merged = with_entry(merged, b->entries[i],
                            old == nullptr ? b->entries[i + 1] : join(old, b->entries[i + 1]));
      }
      out->entries = merged->entries;
      out->rest = join(a->rest, b->rest);
      return out;
    }
    for (const Ref side : {a, b}) {
      for (const Ref item : side->items) out->rest = join(out->rest, item);
      out->rest = join(out->rest, side->rest);
    }
    return out;
  }
  const Origin* const deep = join(deep_origins(a), deep_origins(b));
  Value* const out = copy(Value{});
  out->origins = deep;
  out->built = a->built || b->built;
  if (a->kind == Value::Kind::Unknown && b->kind == Value::Kind::Unknown && a->text == b->text) {
    out->text = a->text;
  }
  return out;
}

const Origin* Values::deep_origins(Ref value, int depth) {
  if (value == nullptr) return nullptr;
  const Origin* out = value->origins;
  if (depth == 0 || value->kind == Value::Kind::OneOf) return out;
  for (const Ref item : value->items) out = join(out, deep_origins(item, depth - 1));
  for (std::size_t i = 1; i < value->entries.size(); i += 2) {
    out = join(out, deep_origins(value->entries[i], depth - 1));
  }
  return join(out, deep_origins(value->rest, depth - 1));
}

const Origin* Values::join(const Origin* a, const Origin* b) {
  if (a == b || b == nullptr) return a;
  if (a == nullptr) return b;
  std::array<Origin, kMaxOrigins> all{};
  int count = 0;
  for (const Origin* side : {a, b}) {
    for (; side != nullptr; side = side->next) {
      bool known = false;
      for (int i = 0; i < count; ++i) {
        if (all[i].root != side->root) continue;
        // The way that is known better is kept; the danger is that of both.
        const Kinds kinds = all[i].kinds | side->kinds;
        if (all[i].guessed && !side->guessed) all[i] = *side;
        all[i].kinds = kinds;
        known = true;
      }
      if (!known && count < kMaxOrigins) all[count++] = *side;
    }
  }
  const Origin* out = nullptr;
  while (count > 0) {
    Origin* const made = copy(all[--count]);
    made->next = out;
    out = made;
  }
  return out;
}

const Step* Values::step(std::uint32_t start, std::uint32_t end, std::string_view what,
                         const Step* earlier) {
  if (earlier != nullptr) {
    if (earlier->length >= kMaxSteps) return earlier;
    if (earlier->start == start && earlier->end == end) return earlier;
  }
  return new (allocate<Step>())
      Step{start, end, what, earlier, earlier == nullptr ? 1 : earlier->length + 1};
}

namespace {

// A changed copy of a list of origins; `change` returns false for those that go.
template <class Change>
const Origin* changed(Values& values, const Origin* origins, Change change) {
  if (origins == nullptr) return nullptr;
  const Origin* const next = changed(values, origins->next, change);
  Origin made = *origins;
  made.next = next;
  if (!change(made)) return next;
  return values.copy(made);
}

}  // namespace

const Origin* Values::add_step(const Origin* origins, std::uint32_t start, std::uint32_t end,
                               std::string_view what) {
  return changed(*this, origins, [&](Origin& origin) {
    origin.step = step(start, end, what, origin.step);
    return true;
  });
}

const Origin* Values::without(const Origin* origins, Kinds kinds) {
  return changed(*this, origins, [&](Origin& origin) {
    origin.kinds &= ~kinds;
    return origin.kinds != 0;
  });
}

const Origin* Values::guessed(const Origin* origins) {
  return changed(*this, origins, [&](Origin& origin) {
    origin.guessed = true;
    return true;
  });
}

const Origin* Values::refined(const Origin* origins, std::string_view key) {
  return changed(*this, origins, [&](Origin& origin) {
    origin.root = origin.root * 1099511628211ULL ^ std::hash<std::string_view>{}(key);
    return true;
  });
}

Ref Values::made_safe(Ref value, const Origin* roots, Kinds kinds, int depth) {
  if (value == nullptr) return nullptr;
  const auto is_root = [&](const Origin& origin) {
    for (const Origin* root = roots; root != nullptr; root = root->next) {
      if (root->root == origin.root) return true;
    }
    return false;
  };
  bool any = false;
  for (const Origin* origin = value->origins; origin != nullptr; origin = origin->next) {
    any = any || (is_root(*origin) && (origin->kinds & kinds) != 0);
  }
  Ref out = value;
  if (any) {
    out = with_origins(out, changed(*this, value->origins, [&](Origin& origin) {
                         if (is_root(origin)) origin.kinds &= ~kinds;
                         return origin.kinds != 0;
                       }));
  }
  if (depth == 0 || value->kind == Value::Kind::OneOf) return out;
  const auto all_safe = [&](std::span<const Ref> items, std::span<const Ref> Value::*member) {
    std::vector<Ref> made;
    bool differs = false;
    for (const Ref item : items) {
      made.push_back(made_safe(item, roots, kinds, depth - 1));
      differs = differs || made.back() != item;
    }
    if (!differs) return;
    Value* const copied = copy(*out);
    copied->*member = copy(made);
    out = copied;
  };
  all_safe(value->items, &Value::items);
  all_safe(value->entries, &Value::entries);
  if (value->rest != nullptr) {
    const Ref rest = made_safe(value->rest, roots, kinds, depth - 1);
    if (rest != value->rest) {
      Value* const copied = copy(*out);
      copied->rest = rest;
      out = copied;
    }
  }
  return out;
}

}  // namespace testgen::scan
