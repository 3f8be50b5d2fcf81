// Host only: the proof machine has no brotli decoder yet (README.md).
#include <brotli/decode.h>

#include <algorithm>

#include "core/base/check.hpp"
#include "core/derive/decompress.hpp"

namespace entresol::derive {

Decompressed decompress_brotli(ByteView input, std::size_t max_output_bytes) {
    constexpr std::size_t FIRST_STEP_BYTES = 1 << 16;
    Decompressed out;
    BrotliDecoderState* state = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
    CHECK(state != nullptr);
    std::size_t input_left = input.size();
    const std::uint8_t* next_input = input.data();
    std::size_t step = FIRST_STEP_BYTES;
    for (bool going = true; going;) {
        const std::size_t used = out.data.size();
        const std::size_t room = std::min(step, max_output_bytes - used);
        out.data.resize(used + room);
        std::size_t room_left = room;
        std::uint8_t* next_output = out.data.data() + used;
        const BrotliDecoderResult result =
            BrotliDecoderDecompressStream(state, &input_left, &next_input, &room_left, &next_output, nullptr);
        out.data.resize(used + room - room_left);
        switch (result) {
            case BROTLI_DECODER_RESULT_SUCCESS:
                out.end = StreamEnd::Complete;
                going = false;
                break;
            case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT:
                out.end = StreamEnd::Limit;
                going = out.data.size() < max_output_bytes;
                step *= 2;
                break;
            case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
                out.end = StreamEnd::Truncated;
                going = false;
                break;
            case BROTLI_DECODER_RESULT_ERROR:
                out.end = StreamEnd::Corrupt;
                going = false;
                break;
        }
    }
    BrotliDecoderDestroyInstance(state);
    return out;
}

}  // namespace entresol::derive
