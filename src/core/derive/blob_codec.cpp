#include "core/derive/blob_codec.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/crypto/kzg.hpp"

namespace entresol::derive {
namespace {

constexpr std::uint8_t BLOB_ENCODING_VERSION = 0;
constexpr std::size_t ELEMENT = 32;            // bytes of a field element in the blob
constexpr std::size_t GROUP_IN = 4 * ELEMENT;  // bytes of a group in the blob
constexpr std::size_t GROUP_OUT = 4 * 31 + 3;  // bytes that it carries
constexpr std::size_t HEADER = 4;              // version, length as three big-endian bytes
constexpr std::size_t GROUPS = crypto::BYTES_PER_BLOB / GROUP_IN;
static_assert(GROUPS * GROUP_OUT == HEADER + MAX_BLOB_DATA_BYTES);

// A group carries a[31] x b[31] y c[31] z d[31]; x, y and z are spread over the elements' six spare bits:
// element 0: x5…x0, element 1: x7 x6 y3…y0, element 2: z5…z0, element 3: z7 z6 y7…y4.
constexpr std::size_t SPARE_X = 31, SPARE_Y = 63, SPARE_Z = 95;

void pack_group(const std::uint8_t* in, std::uint8_t* out) {
    const unsigned x = in[SPARE_X], y = in[SPARE_Y], z = in[SPARE_Z];
    const unsigned heads[4] = {x & 0x3f, ((x & 0xc0) >> 2) | (y & 0x0f), z & 0x3f, ((z & 0xc0) >> 2) | (y >> 4)};
    for (std::size_t i = 0; i < 4; ++i) {
        out[i * ELEMENT] = static_cast<std::uint8_t>(heads[i]);
        std::copy_n(in + i * 32, 31, out + i * ELEMENT + 1);
    }
}

bool unpack_group(const std::uint8_t* in, std::uint8_t* out) {
    const unsigned h0 = in[0], h1 = in[ELEMENT], h2 = in[2 * ELEMENT], h3 = in[3 * ELEMENT];
    if (((h0 | h1 | h2 | h3) & 0xc0) != 0) return false;
    for (std::size_t i = 0; i < 4; ++i) std::copy_n(in + i * ELEMENT + 1, 31, out + i * 32);
    out[SPARE_X] = static_cast<std::uint8_t>(h0 | ((h1 & 0x30) << 2));
    out[SPARE_Y] = static_cast<std::uint8_t>((h1 & 0x0f) | ((h3 & 0x0f) << 4));
    out[SPARE_Z] = static_cast<std::uint8_t>(h2 | ((h3 & 0x30) << 2));
    return true;
}

}  // namespace

Bytes encode_blob(ByteView data) {
    CHECK(data.size() <= MAX_BLOB_DATA_BYTES);
    Bytes stream(GROUPS * GROUP_OUT, 0);
    stream[0] = BLOB_ENCODING_VERSION;
    stream[1] = static_cast<std::uint8_t>(data.size() >> 16);
    stream[2] = static_cast<std::uint8_t>(data.size() >> 8);
    stream[3] = static_cast<std::uint8_t>(data.size());
    std::copy(data.begin(), data.end(), stream.begin() + HEADER);
    Bytes blob(crypto::BYTES_PER_BLOB, 0);
    for (std::size_t i = 0; i < GROUPS; ++i) pack_group(stream.data() + i * GROUP_OUT, blob.data() + i * GROUP_IN);
    return blob;
}

std::optional<Bytes> decode_blob(ByteView blob) {
    if (blob.size() != crypto::BYTES_PER_BLOB) return std::nullopt;
    Bytes stream(GROUPS * GROUP_OUT);
    for (std::size_t i = 0; i < GROUPS; ++i)
        if (!unpack_group(blob.data() + i * GROUP_IN, stream.data() + i * GROUP_OUT)) return std::nullopt;
    const std::size_t length = (std::size_t{stream[1]} << 16) | (std::size_t{stream[2]} << 8) | stream[3];
    if (stream[0] != BLOB_ENCODING_VERSION || length > MAX_BLOB_DATA_BYTES) return std::nullopt;
    const auto data = stream.begin() + HEADER;
    const auto end = data + static_cast<std::ptrdiff_t>(length);
    if (!std::all_of(end, stream.end(), [](std::uint8_t b) { return b == 0; })) return std::nullopt;
    return Bytes(data, end);
}

}  // namespace entresol::derive
