#include "telemetry/logging/text_classes.h"

#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace testgen::telemetry {

TextClasses classify_bytes(std::string_view text) {
  TextClasses found;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    found.escapes |= byte < 0x20 || byte >= 0x7f || c == '"' || c == '\\';
    found.separator |= c == '=' || c == ':';
    found.dash |= c == '-' || c == '_';
    found.blank |= c == ' ';
    found.upper |= c >= 'A' && c <= 'Z';
  }
  return found;
}

#ifdef __SSE2__

namespace {

struct Found {
  __m128i escapes = _mm_setzero_si128();
  __m128i separator = _mm_setzero_si128();
  __m128i dash = _mm_setzero_si128();
  __m128i blank = _mm_setzero_si128();
  __m128i upper = _mm_setzero_si128();

  static __m128i is(__m128i block, char c) { return _mm_cmpeq_epi8(block, _mm_set1_epi8(c)); }
  static void add(__m128i& to, __m128i mask) { to = _mm_or_si128(to, mask); }
  static bool any(__m128i mask) { return _mm_movemask_epi8(mask) != 0; }

  void look(__m128i block) {
    // Signed, so that bytes past ASCII are below the blank too.
    add(escapes, _mm_cmplt_epi8(block, _mm_set1_epi8(0x20)));
    add(escapes, _mm_or_si128(is(block, '"'), _mm_or_si128(is(block, '\\'), is(block, 0x7f))));
    add(separator, _mm_or_si128(is(block, '='), is(block, ':')));
    add(dash, _mm_or_si128(is(block, '-'), is(block, '_')));
    add(blank, is(block, ' '));
    add(upper, _mm_and_si128(_mm_cmpgt_epi8(block, _mm_set1_epi8('A' - 1)),
                             _mm_cmplt_epi8(block, _mm_set1_epi8('Z' + 1))));
  }
};

}  // namespace

TextClasses classify(std::string_view text) {
  Found found;
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 16; at += 16, left -= 16) {
    found.look(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
  }
  if (left > 0) {
    if (text.size() >= 16) {
      // The last 16 bytes once more rather than a copy of the rest.
      at -= 16 - left;
      found.look(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
    } else {
      alignas(16) char rest[16];
      std::memset(rest, '0', sizeof rest);  // of no class
      std::memcpy(rest, at, left);
      found.look(_mm_load_si128(reinterpret_cast<const __m128i*>(rest)));
    }
  }
  return {Found::any(found.escapes), Found::any(found.separator), Found::any(found.dash),
          Found::any(found.blank), Found::any(found.upper)};
}

#else

TextClasses classify(std::string_view text) {
  return classify_bytes(text);
}

#endif

}  // namespace testgen::telemetry
