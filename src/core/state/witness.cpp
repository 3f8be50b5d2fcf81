#include "core/state/witness.hpp"

#include "core/chain/block.hpp"

namespace entresol::state {

std::optional<Bytes> WitnessRecorder::find_node(const Hash32& hash) {
    auto node = nodes_.find_node(hash);
    if (node) preimages_.try_emplace(hash, *node);
    return node;
}

CodePtr WitnessRecorder::find_code(const Hash32& code_hash) {
    CodePtr code = codes_.find_code(code_hash);
    if (code != nullptr) preimages_.try_emplace(code_hash, to_bytes(code->view()));
    return code;
}

void WitnessRecorder::record(ByteView preimage) {
    preimages_.try_emplace(crypto::keccak256(preimage), to_bytes(preimage));
}

Witness::Witness(std::span<const Bytes> preimages, const HashSeed& seed)
    : preimages_(0, SeededHash(seed)), codes_(0, SeededHash(seed)) {
    const std::vector<ByteView> messages(preimages.begin(), preimages.end());
    std::vector<Hash32> digests(messages.size());
    crypto::keccak256_many(messages, digests);
    for (std::size_t i = 0; i < digests.size(); ++i) preimages_.try_emplace(digests[i], preimages[i]);
}

const Bytes* Witness::find_preimage(const Hash32& hash) const {
    const auto found = preimages_.find(hash);
    return found == preimages_.end() ? nullptr : &found->second;
}

std::optional<Bytes> Witness::find_node(const Hash32& hash) {
    const Bytes* found = find_preimage(hash);
    if (found == nullptr) return std::nullopt;
    return *found;
}

CodePtr Witness::find_code(const Hash32& code_hash) {
    CodePtr& code = codes_[code_hash];
    if (code != nullptr) return code;
    if (const Bytes* found = find_preimage(code_hash)) code = make_code(*found);
    return code;
}

BlockHashes Witness::block_hashes(std::uint64_t parent_number, const Hash32& parent_hash) const {
    return [this, parent_number, parent_hash](std::uint64_t number) -> std::optional<Hash32> {
        Hash32 hash = parent_hash;
        if (number > parent_number) return std::nullopt;
        for (std::uint64_t at = parent_number; at > number; --at) {
            const Bytes* encoded = find_preimage(hash);
            if (encoded == nullptr) return std::nullopt;
            const auto header = chain::decode_header(*encoded);
            if (!header || header->number != at) return std::nullopt;
            hash = header->parent_hash;
        }
        return hash;
    };
}

}  // namespace entresol::state
