// Batches: whatever decodes encodes, and decodes to the same again.
#include "core/base/check.hpp"
#include "core/derive/batch.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entresol;
    constexpr derive::BatchContext CONTEXT{1'000, 2, 901};
    const auto batch = derive::decode_batch({data, size}, CONTEXT);
    if (!batch) return 0;
    Bytes again;
    if (const auto* span = std::get_if<derive::SpanBatch>(&*batch)) {
        auto encoded = derive::encode(*span, CONTEXT);
        CHECK(encoded.has_value());
        again = *std::move(encoded);
    } else {
        again = derive::encode(std::get<derive::SingularBatch>(*batch));
    }
    CHECK(derive::decode_batch(again, CONTEXT).value() == *batch);
    return 0;
}
