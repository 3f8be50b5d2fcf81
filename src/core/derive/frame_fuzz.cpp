// Frames and blobs: whatever decodes encodes back to the same bytes.
#include "core/base/check.hpp"
#include "core/derive/blob_codec.hpp"
#include "core/derive/frame.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entresol;
    const ByteView input(data, size);
    if (const auto frames = derive::decode_frames(input)) {
        const Bytes again = derive::encode_frames(*frames);
        CHECK(again.size() == size && std::equal(again.begin(), again.end(), data));
    }
    if (size <= derive::MAX_BLOB_DATA_BYTES) CHECK(derive::decode_blob(derive::encode_blob(input)) == to_bytes(input));
    (void)derive::decode_blob(input);
    return 0;
}
