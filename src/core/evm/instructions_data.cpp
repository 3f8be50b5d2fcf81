// Instructions that hash, copy and read: memory, code, other accounts, the past.
#include "core/crypto/keccak.hpp"
#include "core/evm/instructions.hpp"
#include "core/evm/words.hpp"

namespace entresol::evm {
namespace {

using chain::Fork;

// size bytes of source from offset on, zeros beyond its end. Memory is reserved.
void copy_padded(std::uint8_t* to, ByteView source, const U256& offset, std::size_t size) {
    const std::size_t from = static_cast<std::size_t>(std::min<std::uint64_t>(offset.saturate_u64(), source.size()));
    const std::size_t available = std::min(size, source.size() - from);
    if (available != 0) std::memcpy(to, source.data() + from, available);
    if (size != available) std::memset(to + available, 0, size - available);
}

// Memory for a copy and its gas by words.
bool reserve_copy(Frame& frame, const U256& offset, const U256& size) {
    return frame.reserve(offset, size) && frame.charge(3 * words_of(size.limb[0]));
}

// CALLDATACOPY, CODECOPY: source bytes beyond the end read as zero.
Status copy_to_memory(Frame& frame, const U256* sp, ByteView source) {
    if (!reserve_copy(frame, sp[0], sp[-2])) return Status::OutOfGas;
    if (!sp[-2].is_zero())
        copy_padded(frame.memory + sp[0].limb[0], source, sp[-1], static_cast<std::size_t>(sp[-2].limb[0]));
    return Status::Success;
}

bool reach_account(Frame& frame, const Address& address) {
    return frame.charge(account_access_surcharge(*frame.machine, address));
}

}  // namespace

// Yellow paper, appendix H.1: C_mem. Beyond 2^32 bytes no gas limit pays, and no sum below overflows.
std::int64_t Frame::expand(Frame& frame, const U256& offset, const U256& size, std::int64_t gas) {
    constexpr std::uint64_t LIMIT = 1ULL << 32;
    if (!offset.fits_u64() || !size.fits_u64() || offset.limb[0] >= LIMIT || size.limb[0] >= LIMIT) return -1;
    const auto cost = [](std::uint64_t words) { return static_cast<std::int64_t>(3 * words + words * words / 512); };
    const std::uint64_t words = (offset.limb[0] + size.limb[0] + 31) / 32;
    if (words * 32 <= frame.memory_size) return gas;
    gas -= cost(words) - cost(frame.memory_size / 32);
    if (gas < 0) return gas;
    frame.memory = frame.machine->memories_.grow(frame.memory, static_cast<std::size_t>(frame.memory_size),
                                                 static_cast<std::size_t>(words * 32));
    frame.memory_size = words * 32;
    return gas;
}

Status op_exp(Frame& frame, U256* sp) {
    const std::int64_t per_byte = frame.machine->has(Fork::SpuriousDragon) ? 50 : 10;  // EIP-160
    if (!frame.charge(per_byte * sp[-1].byte_length())) return Status::OutOfGas;
    sp[-1] = words::power(sp[0], sp[-1]);
    return Status::Success;
}

Status op_keccak256(Frame& frame, U256* sp) {
    if (!frame.reserve(sp[0], sp[-1]) || !frame.charge(6 * words_of(sp[-1].limb[0]))) return Status::OutOfGas;
    sp[-1] = sp[-1] == U256{64} ? frame.machine->keccak_cache.hash64(frame.memory + sp[0].limb[0])
                                : to_u256(crypto::keccak256(frame.memory_view(sp[0], sp[-1])));
    return Status::Success;
}

Status op_balance(Frame& frame, U256* sp) {
    const Address address = words::to_address(sp[0]);
    if (!reach_account(frame, address)) return Status::OutOfGas;
    sp[0] = frame.machine->journal.balance(address);
    return Status::Success;
}

Status op_ext_code_size(Frame& frame, U256* sp) {
    const Address address = words::to_address(sp[0]);
    if (!reach_account(frame, address)) return Status::OutOfGas;
    sp[0] = U256{frame.machine->journal.code(address)->size};
    return Status::Success;
}

Status op_ext_code_hash(Frame& frame, U256* sp) {
    const Address address = words::to_address(sp[0]);
    if (!reach_account(frame, address)) return Status::OutOfGas;
    auto& journal = frame.machine->journal;
    sp[0] = journal.is_empty(address) ? U256{} : to_u256(journal.code_hash(address));  // EIP-1052, EIP-161
    return Status::Success;
}

Status op_ext_code_copy(Frame& frame, U256* sp) {
    const Address address = words::to_address(sp[0]);
    if (!reserve_copy(frame, sp[-1], sp[-3]) || !reach_account(frame, address)) return Status::OutOfGas;
    if (sp[-3].is_zero()) return Status::Success;
    copy_padded(frame.memory + sp[-1].limb[0], frame.machine->journal.code(address)->view(), sp[-2],
                static_cast<std::size_t>(sp[-3].limb[0]));
    return Status::Success;
}

Status op_call_data_copy(Frame& frame, U256* sp) { return copy_to_memory(frame, sp, frame.message.input); }
Status op_code_copy(Frame& frame, U256* sp) { return copy_to_memory(frame, sp, frame.code_view()); }

// Unlike the other copies, reading past the end fails (EIP-211).
Status op_return_data_copy(Frame& frame, U256* sp) {
    if (!reserve_copy(frame, sp[0], sp[-2])) return Status::OutOfGas;
    const Bytes& data = frame.machine->return_data;
    U256 end;
    if (add_overflow(sp[-1], sp[-2], end) || end > U256{data.size()}) return Status::ReturnDataOutOfBounds;
    if (!sp[-2].is_zero())
        std::memcpy(frame.memory + sp[0].limb[0], data.data() + sp[-1].limb[0],
                    static_cast<std::size_t>(sp[-2].limb[0]));
    return Status::Success;
}

// EIP-5656.
Status op_mcopy(Frame& frame, U256* sp) {
    if (!reserve_copy(frame, std::max(sp[0], sp[-1]), sp[-2])) return Status::OutOfGas;
    if (!sp[-2].is_zero())
        std::memmove(frame.memory + sp[0].limb[0], frame.memory + sp[-1].limb[0],
                     static_cast<std::size_t>(sp[-2].limb[0]));
    return Status::Success;
}

Status op_block_hash(Frame& frame, U256* sp) {
    const std::uint64_t current = frame.machine->block.number;
    const bool in_reach = sp[0] < U256{current} && current - sp[0].limb[0] <= 256;  // the last 256 blocks
    sp[0] = in_reach ? to_u256(frame.machine->journal.block_hash(sp[0].limb[0])) : U256{};
    return Status::Success;
}

// EIP-4844.
Status op_blob_hash(Frame& frame, U256* sp) {
    const auto& hashes = frame.machine->tx.blob_hashes;
    sp[0] = sp[0] < U256{hashes.size()} ? to_u256(hashes[static_cast<std::size_t>(sp[0].limb[0])]) : U256{};
    return Status::Success;
}

Status op_return(Frame& frame, U256* sp) {
    if (!frame.reserve(sp[0], sp[-1])) return Status::OutOfGas;
    frame.output_offset = sp[0].limb[0];
    frame.output_size = sp[-1].limb[0];
    return Status::Success;
}

}  // namespace entresol::evm
