// Any messages: the ways to hash them agree.
#include <algorithm>

#include <vector>

#include "core/base/check.hpp"
#include "core/crypto/hashes.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/keccak_vector.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entresol;
    const ByteView all{data, size};
    CHECK(crypto::sha256(all) == crypto::sha256_portable(all));
    (void)crypto::ripemd160(all);
    // Messages begin where the bytes say.
    std::vector<ByteView> messages;
    for (std::size_t at = 0; at < size;) {
        const std::size_t length = std::min<std::size_t>(size - at, std::size_t{data[at]} * 2);
        messages.push_back(all.subspan(at, length));
        at += length + 1;
    }
    std::vector<Hash32> digests(messages.size());
    for (const auto path :
         {crypto::KeccakMany{crypto::keccak256_many}, crypto::find_keccak_avx512(), crypto::find_keccak_avx2()}) {
        if (path == nullptr) continue;
        path(messages, digests);
        for (std::size_t i = 0; i < messages.size(); ++i) CHECK(digests[i] == crypto::keccak256(messages[i]));
    }
    return 0;
}
