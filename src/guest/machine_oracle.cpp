#include "guest/machine_oracle.hpp"

#include <algorithm>

#include "guest/machine_calls.hpp"

namespace entresol::guest {
namespace {

constexpr std::size_t MAX_PART_BYTES = 4096;
constexpr std::size_t BLOB_BYTES = 131072;
constexpr std::size_t ELEMENT_BYTES = 32;

CallResult read_part(PreimageKind kind, const Hash32& key, std::size_t offset, std::uint8_t* to, std::size_t most) {
    return make_call(Call::Preimage, address_of(to), address_of(key.data()), offset, most,
                     static_cast<std::uint64_t>(kind));
}

}  // namespace

Bytes read_preimage(PreimageKind kind, const Hash32& key) {
    std::uint8_t part[MAX_PART_BYTES];
    const auto [read, total] = read_part(kind, key, 0, part, sizeof(part));
    Bytes out;
    out.reserve(total);
    append(out, {part, read});
    while (out.size() < total) {
        const std::size_t more = read_part(kind, key, out.size(), part, sizeof(part)).a0;
        append(out, {part, more});
    }
    return out;
}

std::optional<Bytes> MachineOracle::find_blob(const derive::L1BlockRef&, const derive::BlobId& id) {
    Bytes out(BLOB_BYTES);
    for (std::size_t at = 0; at < BLOB_BYTES; at += ELEMENT_BYTES)
        read_part(PreimageKind::Blob, id.versioned_hash, at, out.data() + at, ELEMENT_BYTES);
    return out;
}

}  // namespace entresol::guest
