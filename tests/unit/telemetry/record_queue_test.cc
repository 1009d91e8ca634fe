// Written-down records in the memory of the batches that they leave in, and the thread that sends.
#include "telemetry/export/record_queue.h"

#include <gtest/gtest.h>

#include <future>

#include "telemetry/export/protobuf.h"

namespace testgen::telemetry {
namespace {

BatchOptions batches_of(std::size_t most) {
  BatchOptions options;
  options.batch = most;
  return options;
}

TEST(RecordQueueTest, GivesBatchesInTheOrderOfTheRecords) {
  RecordQueue queue(batches_of(3));
  for (const char* record : {",a", ",b", ",c", ",d", ",e"}) queue.push(record);
  EXPECT_EQ(queue.size(), 5U);
  EncodedRecords first = queue.take();
  EXPECT_EQ(first.bytes, ",a,b,c");
  EXPECT_EQ(first.size(), 3U);
  EXPECT_EQ(queue.size(), 2U);
  queue.push(",f");  // joins those that wait
  EXPECT_EQ(queue.take().bytes, ",d,e,f");
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_EQ(queue.take().size(), 0U);
  queue.push(",g");
  EXPECT_EQ(queue.take().bytes, ",g");
}

TEST(RecordQueueTest, AFullBatchHasItsMemoryAtOnce) {
  RecordQueue queue(batches_of(2));
  const std::string record(500, 'x');
  for (int i = 0; i < 2; ++i) queue.push(record);
  (void)queue.take();
  queue.push(record);
  EXPECT_GE(queue.take().bytes.capacity(), 1000U);
}

TEST(ProtoWriterTest, GrowsAndIsUsedAgain) {
  ProtoWriter out;
  const std::string large(100'000, 'y');
  out.varint(1, UINT64_MAX);
  out.bytes(2, large);
  out.fixed32(3, 0x01020304);
  out.bytes(4, "");
  ProtoReader reader(out.view());
  EXPECT_EQ(reader.next()->value, UINT64_MAX);
  EXPECT_EQ(reader.next()->bytes, large);
  EXPECT_EQ(reader.next()->value, 0x01020304U);
  EXPECT_EQ(reader.next()->bytes, "");
  EXPECT_FALSE(reader.next());
  out.clear();
  out.bytes(536'870'911, "z");  // the largest number of a field
  EXPECT_EQ(out.take(), std::string("\xFA\xFF\xFF\xFF\x0F\x01z"));
  EXPECT_EQ(out.view(), "");
}

TEST(BackgroundThreadTest, TakesNoProcessorFromThreadsThatServe) {
  std::promise<int> policy;
  {
    const std::jthread thread = background_thread("tg-test", [&](const std::stop_token&) {
      sched_param unused{};
      int own = -1;
      pthread_getschedparam(pthread_self(), &own, &unused);
      policy.set_value(own);
    });
  }
  EXPECT_EQ(policy.get_future().get(), SCHED_BATCH);
}

}  // namespace
}  // namespace testgen::telemetry
