#include "base/gzip.h"

#include <zlib.h>

#include "base/check.h"

namespace testgen::base {
namespace {

constexpr int kGzip = 16 + MAX_WBITS;  // zlib's way to ask for the gzip format
constexpr int kMemory = 8;             // zlib's default

Bytef* bytes(std::string_view data) {
  // zlib promises not to write, but its interface predates const.
  return reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
}

}  // namespace

std::string gzip(std::string_view data) {
  z_stream stream{};
  TG_CHECK(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzip, kMemory, Z_DEFAULT_STRATEGY) ==
           Z_OK);
  std::string out(deflateBound(&stream, data.size()), '\0');
  stream.next_in = bytes(data);
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  TG_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Result<std::string> gunzip(std::string_view data, std::size_t max_bytes) {
  z_stream stream{};
  TG_CHECK(inflateInit2(&stream, kGzip) == Z_OK);
  stream.next_in = bytes(data);
  stream.avail_in = static_cast<uInt>(data.size());
  std::string out;
  int state = Z_OK;
  while (state == Z_OK && out.size() <= max_bytes) {
    const std::size_t before = out.size();
    out.resize(before + 16'384);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = static_cast<uInt>(out.size() - before);
    state = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (out.size() > max_bytes) {
    return Error{ErrorCode::TooLarge, "the data unpacks to more than it may", ""};
  }
  if (state != Z_STREAM_END) return Error{ErrorCode::InvalidInput, "not a whole gzip", ""};
  return out;
}

}  // namespace testgen::base
