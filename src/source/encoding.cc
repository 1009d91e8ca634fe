#include "source/encoding.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

#include "base/strings.h"

namespace testgen::source {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

bool is_encoding_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

// `# … coding: NAME` or `# … coding=NAME` on a line that holds nothing else.
std::optional<std::string> coding_in(std::string_view line) {
  const std::string_view text = base::trim(line);
  if (text.empty() || text[0] != '#') return std::nullopt;
  for (std::size_t at = text.find("coding"); at != std::string_view::npos;
       at = text.find("coding", at + 1)) {
    std::size_t i = at + 6;
    if (i >= text.size() || (text[i] != ':' && text[i] != '=')) continue;
    ++i;
    while (i < text.size() && (text[i] == ' ' || text[i] == '\t')) ++i;
    const std::size_t start = i;
    while (i < text.size() && is_encoding_character(text[i])) ++i;
    if (i > start) return base::to_lower(text.substr(start, i - start));
  }
  return std::nullopt;
}

bool is_utf8(std::string_view name) {
  return name == "utf-8" || name == "utf8" || name == "utf_8" || name == "u8" ||
         name == "utf-8-sig" || name == "utf_8_sig" || name.substr(0, 6) == "utf-8-";
}

// Python's names where the system's converter knows another one.
std::string system_name(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kAliases{{
      {"latin-1", "ISO-8859-1"},
      {"latin1", "ISO-8859-1"},
      {"iso-latin-1", "ISO-8859-1"},
      {"ascii", "US-ASCII"},
      {"us-ascii", "US-ASCII"},
      {"mac-roman", "MACINTOSH"},
      {"shift_jis", "SHIFT_JIS"},
      {"euc_jp", "EUC-JP"},
      {"euc_kr", "EUC-KR"},
  }};
  for (const auto& [python, system] : kAliases) {
    if (name == python) return std::string(system);
  }
  std::string out = base::replace_all(std::string(name), "_", "-");
  return out.substr(0, 4) == "iso8" ? "iso-" + out.substr(3) : out;
}

std::string line_of(std::string_view text, std::size_t offset) {
  return std::to_string(1 +
                        std::count(text.begin(), text.begin() + static_cast<long>(offset), '\n'));
}

class Converter {
 public:
  explicit Converter(const std::string& from) : handle_(::iconv_open("UTF-8", from.c_str())) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (valid()) ::iconv_close(handle_);
  }
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the value that iconv_open documents.
  [[nodiscard]] bool valid() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  // The converted text; on bad bytes their offset in `error_offset`.
  std::optional<std::string> run(std::string_view bytes, std::size_t& error_offset) {
    std::string out;
    std::array<char, 8192> buffer{};
    auto* input = const_cast<char*>(bytes.data());  // iconv's signature; it does not write
    std::size_t left = bytes.size();
    while (left > 0) {
      char* output = buffer.data();
      std::size_t room = buffer.size();
      const std::size_t result = ::iconv(handle_, &input, &left, &output, &room);
      out.append(buffer.data(), buffer.size() - room);
      if (result == static_cast<std::size_t>(-1) && errno != E2BIG) {
        error_offset = bytes.size() - left;
        return std::nullopt;
      }
    }
    return out;
  }

 private:
  iconv_t handle_;
};

base::Result<std::string> convert(std::string_view bytes, const std::string& encoding) {
  const std::string system = system_name(encoding);
  Converter converter(system);
  // Encodings of two-byte units cannot hold an ASCII coding line, so Python refuses them too.
  if (!converter.valid() || system.substr(0, 4) == "utf-" || system.substr(0, 4) == "ucs-") {
    return Error{ErrorCode::Unsupported, "the coding line names an unknown encoding: " + encoding,
                 "convert the file to UTF-8"};
  }
  std::size_t offset = 0;
  auto text = converter.run(bytes, offset);
  if (text) return *std::move(text);
  return Error{ErrorCode::InvalidInput,
               "line " + line_of(bytes, offset) + " has bytes that are not " + encoding +
                   ", which the coding line names",
               "correct the coding line or convert the file to UTF-8"};
}

// \r\n and lone \r end lines for Python; one form keeps line numbers equal everywhere.
std::string with_unix_newlines(std::string text) {
  if (text.find('\r') == std::string::npos) return text;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out += text[i];
    } else {
      out += '\n';
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    }
  }
  return out;
}

}  // namespace

std::optional<std::string> coding_line(std::string_view bytes) {
  std::size_t start = 0;
  for (int line = 0; line < 2 && start < bytes.size(); ++line) {
    const std::size_t end = std::min(bytes.find_first_of("\r\n", start), bytes.size());
    const std::string_view text = bytes.substr(start, end - start);
    if (auto name = coding_in(text)) return name;
    // The second line counts only when the first is blank or a comment.
    const std::string_view content = base::trim(text);
    if (!content.empty() && content[0] != '#') return std::nullopt;
    start = end + (bytes.substr(end, 2) == "\r\n" ? 2 : 1);
  }
  return std::nullopt;
}

base::Result<std::string> decode_python(std::string_view bytes) {
  if (bytes.substr(0, 2) == "\xFF\xFE" || bytes.substr(0, 2) == "\xFE\xFF") {
    return Error{ErrorCode::Unsupported, "the file is UTF-16, which Python does not read either",
                 "convert the file to UTF-8"};
  }
  if (const std::size_t nul = bytes.find('\0'); nul != std::string_view::npos) {
    return Error{ErrorCode::InvalidInput,
                 "the file is binary: byte " + std::to_string(nul) + " is NUL", "name a text file"};
  }
  const bool marked = bytes.substr(0, kUtf8Mark.size()) == kUtf8Mark;
  if (marked) bytes.remove_prefix(kUtf8Mark.size());
  const std::optional<std::string> coding = coding_line(bytes);
  if (coding && !is_utf8(*coding)) {
    if (marked) {
      return Error{ErrorCode::InvalidInput,
                   "the file begins with a UTF-8 mark, but its coding line says " + *coding,
                   "remove one of them"};
    }
    TG_ASSIGN(std::string text, convert(bytes, *coding));
    return with_unix_newlines(std::move(text));
  }
  if (const std::size_t bad = base::find_invalid_utf8(bytes); bad != std::string_view::npos) {
    return Error{ErrorCode::InvalidInput, "line " + line_of(bytes, bad) + " is not UTF-8",
                 "convert the file to UTF-8, or add a coding line: # -*- coding: latin-1 -*-"};
  }
  return with_unix_newlines(std::string(bytes));
}

}  // namespace testgen::source
