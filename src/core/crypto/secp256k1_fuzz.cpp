// Recovery of several signatures at once must be libsecp256k1's of each.
#include <cstdlib>
#include <vector>

#include "core/crypto/secp256k1.hpp"

using namespace entresol;  // NOLINT: a program of its own

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t ROW = 97;
    std::vector<Hash32> digests;
    std::vector<crypto::Signature> signatures;
    for (; size >= ROW && digests.size() < 20; data += ROW, size -= ROW) {
        digests.push_back(from_bytes<Hash32>({data, 32}));
        signatures.push_back({load_be256(data + 32), load_be256(data + 64), static_cast<std::uint8_t>(data[96] % 4)});
        if (data[96] < 128) {  // signed by somebody
            const auto good = crypto::sign(digests.back(), from_bytes<Hash32>({data + 32, 32}));
            if (good) signatures.back() = *good;
        }
    }
    std::vector<std::optional<Address>> found(digests.size());
    crypto::recover_addresses(digests, signatures, found);
    for (std::size_t i = 0; i < digests.size(); ++i)
        if (found[i] != crypto::recover_address(digests[i], signatures[i])) std::abort();
    return 0;
}
