#include "engine/llm/providers/event_stream.h"

#include <gtest/gtest.h>

#include <vector>

namespace testgen::llm {
namespace {

std::vector<std::string> read(std::string_view body, std::size_t piece,
                              Framing framing = Framing::EventStream) {
  EventStream stream(framing);
  std::vector<std::string> out;
  const auto take = [&](const StreamEvent& event) {
    out.push_back(event.name + "|" + event.data);
    return true;
  };
  for (std::size_t at = 0; at < body.size(); at += piece) stream.feed(body.substr(at, piece), take);
  stream.finish(take);
  return out;
}

TEST(EventStream, GivesTheSameEventsHoweverTheBodyIsCut) {
  const std::string body =
      "\xEF\xBB\xBF: a comment\nevent: delta\ndata: one\ndata: two\n\n"
      "data:no blank\r\n\r\ndata: \xCE\xBB\xF0\x9F\x98\x80\r\rid: 7\nretry: 1\n\ndata\n\n";
  const std::vector<std::string> expected{"delta|one\ntwo", "|no blank",
                                          "|\xCE\xBB\xF0\x9F\x98\x80", "|"};
  for (std::size_t piece = 1; piece <= body.size(); ++piece) {
    EXPECT_EQ(read(body, piece), expected) << piece;
  }
}

TEST(EventStream, DropsAnEventThatIsNotWhole) {
  EXPECT_EQ(read("data: a\n\ndata: b\n", 3), std::vector<std::string>{"|a"});
}

TEST(EventStream, ReplacesBytesThatAreNoCharacters) {
  EXPECT_EQ(read("data: a\xC3\n\n", 100), std::vector<std::string>{"|a\xEF\xBF\xBD"});
}

TEST(EventStream, LinesNeedNoEndAtTheEnd) {
  EXPECT_EQ(read("{\"a\":1}\r\n\n{\"b\":2}", 1, Framing::Lines),
            (std::vector<std::string>{"|{\"a\":1}", "|{\"b\":2}"}));
}

TEST(EventStream, StopsAtAnEventThatIsTooLarge) {
  EventStream stream(Framing::EventStream);
  const std::string piece(100'000, 'x');
  const auto take = [](const StreamEvent&) { return true; };
  ASSERT_TRUE(stream.feed("data: ", take));
  bool more = true;
  std::size_t fed = 0;
  while (more && fed < 3 * EventStream::kMaxEvent) {
    more = stream.feed(piece, take);
    fed += piece.size();
  }
  EXPECT_FALSE(more);
  EXPECT_TRUE(stream.too_large());
  EXPECT_LE(fed, EventStream::kMaxEvent + piece.size());
}

TEST(EventStream, StopsWhenTold) {
  EventStream stream(Framing::EventStream);
  int events = 0;
  EXPECT_FALSE(stream.feed("data: 1\n\ndata: 2\n\n", [&](const StreamEvent&) {
    ++events;
    return false;
  }));
  EXPECT_EQ(events, 1);
}

}  // namespace
}  // namespace testgen::llm
