#include "core/crypto/keccak.hpp"

#include "core/base/check.hpp"
#include "core/base/endian.hpp"
#include "core/crypto/keccak_f1600.hpp"
#include "core/crypto/keccak_vector.hpp"

namespace entresol::crypto {
namespace {

void absorb(std::uint64_t (&state)[25], const std::uint8_t* block) {
    for (std::size_t i = 0; i < KECCAK256_RATE / 8; ++i) state[i] ^= load_le64(block + 8 * i);
    keccak_f1600(state);
}

}  // namespace

Hash32 keccak256(ByteView message) {
    std::uint64_t state[25]{};
    for (; message.size() >= KECCAK256_RATE; message = message.subspan(KECCAK256_RATE)) absorb(state, message.data());
    std::uint8_t last[KECCAK256_RATE];
    pad_keccak256(last, message);
    absorb(state, last);
    Hash32 digest;
    for (std::size_t i = 0; i < 4; ++i) store_le64(digest.data() + 8 * i, state[i]);
    return digest;
}

void keccak256_many(std::span<const ByteView> messages, std::span<Hash32> digests) {
    CHECK(messages.size() == digests.size());
    constexpr std::size_t WORTH_IT = 2;  // lanes side by side take about as long as one message alone
    const KeccakMany vector = messages.size() < WORTH_IT ? nullptr : choose_keccak_vector();
    if (vector != nullptr) return vector(messages, digests);
    for (std::size_t i = 0; i < messages.size(); ++i) digests[i] = keccak256(messages[i]);
}

}  // namespace entresol::crypto
