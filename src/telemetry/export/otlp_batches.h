// One signal's items on their way to an OpenTelemetry receiver over OTLP/HTTP, in batches, from a
// thread of its own. The queue is bounded; an absent, slow or lying receiver costs items, which are
// counted, and never time of the caller. Thread-safe.
#pragma once

#include <string>
#include <utility>

#include "telemetry/export/batcher.h"
#include "telemetry/export/otlp_sender.h"

namespace testgen::telemetry {

// What is different about a signal.
template <class Queue>
struct OtlpSignal {
  using Encode = std::string (*)(const typename Queue::Batch& batch, const Resource& resource);
  const char* thread_name;
  ProcessorFigures processor;
  ExporterFigures exporter;
  Encode json;
  Encode protobuf;
};

template <class Queue>
class OtlpBatches {
 public:
  // `log` and `clock` are borrowed.
  OtlpBatches(const OtlpSignal<Queue>& signal, const OtlpTarget& target, const BatchOptions& batch,
              Resource resource, Logger& log, const base::Clock& clock)
      : resource_(std::move(resource)),
        encode_(target.protocol == OtlpProtocol::HttpJson ? signal.json : signal.protobuf),
        sender_(target, signal.exporter, log, clock),
        batcher_(
            signal.thread_name, batch, signal.processor,
            [this](const typename Queue::Batch& items) {
              sender_.send(encode_(items, resource_), items.size());
            },
            [this] { sender_.abort(); }) {}

  void add(typename Queue::Item item) { batcher_.add(std::move(item)); }
  // Counts an item as lost and says so when there is no room, before anyone works on it.
  [[nodiscard]] bool refuse_when_full() { return batcher_.refuse_when_full(); }
  [[nodiscard]] OtlpProtocol protocol() const { return sender_.protocol(); }
  void shutdown(base::SteadyTime deadline) { batcher_.shutdown(deadline); }

 private:
  const Resource resource_;
  const typename OtlpSignal<Queue>::Encode encode_;
  OtlpSender sender_;
  Batcher<Queue> batcher_;  // last: its thread uses the rest
};

}  // namespace testgen::telemetry
