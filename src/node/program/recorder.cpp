#include "node/program/recorder.hpp"

#include <stdexcept>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/riscv/preimage_file.hpp"
#include "node/program/list_nodes.hpp"

namespace entresol::program {
namespace {

template <typename T>
T require(l1::L1Result<T> answer, const char* what) {
    if (!answer) throw std::runtime_error(std::string("L1's ") + what + ": " + answer.error().message);
    return *std::move(answer);
}

template <typename T>
std::vector<Bytes> encode_all(const std::vector<T>& values) {
    std::vector<Bytes> out;
    for (const T& value : values) out.push_back(chain::encode(value));
    return out;
}

}  // namespace

Hash32 Recorder::add(Bytes preimage) {
    const Hash32 key = crypto::keccak256(preimage);
    known_.try_emplace(key, std::move(preimage));
    return key;
}

void Recorder::add_list(std::span<const Bytes> values) {
    for (Bytes& node : make_list_nodes(values)) add(std::move(node));
}

std::optional<Bytes> Recorder::find(const Hash32& key) {
    const auto found = known_.find(key);
    if (found == known_.end()) return std::nullopt;
    if (noted_.insert(key).second) riscv::append_preimage(file_, riscv::PreimageType::Keccak256, found->second);
    return found->second;
}

std::optional<Bytes> Recorder::find_blob(const derive::L1BlockRef& block, const derive::BlobId& id) {
    const auto blobs = require(l1_->blobs(l1_block(block.hash).header, std::span(&id.versioned_hash, 1)), "blob");
    if (noted_.insert(id.versioned_hash).second) riscv::append_preimage(file_, riscv::PreimageType::Blob, blobs.at(0));
    return blobs.at(0);
}

const l1::L1Block& Recorder::l1_block(const Hash32& hash) {
    auto found = l1_blocks_.find(hash);
    if (found == l1_blocks_.end()) found = l1_blocks_.emplace(hash, require(l1_->block(hash), "block")).first;
    return found->second;
}

const chain::Block& Recorder::l2_block(const Hash32& hash) {
    auto found = l2_blocks_.find(hash);
    if (found == l2_blocks_.end()) found = l2_blocks_.emplace(hash, l2_.block(to_hex(hash))).first;
    return found->second;
}

void Recorder::hint(Hint what, const Hash32& hash) {
    switch (what) {
        case Hint::L1Header: add(chain::encode(l1_block(hash).header)); break;
        case Hint::L1Transactions: add_list(encode_all(l1_block(hash).transactions)); break;
        case Hint::L1Receipts:
            if (asked_.insert(hash).second) add_list(encode_all(require(l1_->receipts(l1_block(hash)), "receipts")));
            break;
        case Hint::L2Output: break;  // the caller knows the agreed block
        case Hint::L2Header: add(chain::encode(l2_block(hash).header)); break;
        case Hint::L2Transactions: add_list(encode_all(l2_block(hash).transactions)); break;
        case Hint::L2Execution:
            for (Bytes& one : l2_.execution_witness(l2_block(hash).header.number + 1)) add(std::move(one));
            break;
    }
}

}  // namespace entresol::program
