#include "operations/bundle/tar.h"

#include <fmt/format.h>

#include <array>

#include "base/check.h"

namespace testgen::operations {
namespace {

constexpr std::size_t kBlock = 512;

void put(std::array<char, kBlock>& header, std::size_t at, std::string_view text) {
  text.copy(header.data() + at, text.size());
}

std::string header_of(const TarFile& file, std::int64_t time) {
  TG_CHECK(file.name.size() < 100);
  std::array<char, kBlock> header{};
  put(header, 0, file.name);
  put(header, 100, "0000600");  // mode: for its owner
  put(header, 108, "0000000");
  put(header, 116, "0000000");
  put(header, 124, fmt::format("{:011o}", file.content.size()));
  put(header, 136, fmt::format("{:011o}", time));
  put(header, 148, "        ");  // of the checksum, while it is computed
  header[156] = '0';             // a regular file
  put(header, 257,
      std::string_view("ustar\0"
                       "00",
                       8));
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(header, 148, fmt::format("{:06o}", sum));
  header[154] = '\0';
  header[155] = ' ';
  return {header.data(), header.size()};
}

}  // namespace

std::string tar(const std::vector<TarFile>& files, std::int64_t time) {
  std::string out;
  for (const TarFile& file : files) {
    out += header_of(file, time) + file.content;
    out.append((kBlock - file.content.size() % kBlock) % kBlock, '\0');
  }
  out.append(2 * kBlock, '\0');
  return out;
}

}  // namespace testgen::operations
