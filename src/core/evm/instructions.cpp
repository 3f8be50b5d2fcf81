// Instructions that hash, copy and read: memory, code, accounts.
#include "core/crypto/keccak.hpp"
#include "core/evm/frame.hpp"

namespace entresol::evm {
namespace {

using chain::Fork;

bool charge(std::int64_t& gas, std::int64_t cost) {
    gas -= cost;
    return gas >= 0;
}

// size bytes of source from offset on, zeros beyond its end. Memory is reserved.
void copy_padded(std::uint8_t* to, ByteView source, const U256& offset, std::size_t size) {
    const std::size_t from = offset < U256{source.size()} ? static_cast<std::size_t>(offset.limb[0]) : source.size();
    const std::size_t available = std::min(size, source.size() - from);
    if (available != 0) std::memcpy(to, source.data() + from, available);
    if (size != available) std::memset(to + available, 0, size - available);
}

// Memory for a copy and its gas by words.
bool reserve_copy(Frame& frame, std::int64_t& gas, const U256& offset, const U256& size) {
    if (!reserve_memory(frame.memory, gas, offset, size)) return false;
    return charge(gas, 3 * words_of(size.limb[0]));
}

}  // namespace

Status op_exp(Frame& frame, U256* sp, std::int64_t& gas) {
    const std::int64_t per_byte = frame.vm.has(Fork::SpuriousDragon) ? 50 : 10;  // EIP-160
    if (!charge(gas, per_byte * sp[-1].byte_length())) return Status::OutOfGas;
    sp[-1] = pow(sp[0], sp[-1]);
    return Status::Success;
}

Status op_keccak256(Frame& frame, U256* sp, std::int64_t& gas) {
    const U256 offset = sp[0], size = sp[-1];
    if (!reserve_memory(frame.memory, gas, offset, size)) return Status::OutOfGas;
    if (!charge(gas, 6 * words_of(size.limb[0]))) return Status::OutOfGas;
    const ByteView input = size.is_zero() ? ByteView{} : ByteView{frame.memory.data() + offset.limb[0], static_cast<std::size_t>(size.limb[0])};
    sp[-1] = to_u256(crypto::keccak256(input));
    return Status::Success;
}

Status op_balance(Frame& frame, U256* sp, std::int64_t& gas) {
    const Address address = to_address(sp[0]);
    if (!charge(gas, account_access_surcharge(frame.vm, address))) return Status::OutOfGas;
    sp[0] = frame.vm.journal.balance(address);
    return Status::Success;
}

Status op_ext_code_size(Frame& frame, U256* sp, std::int64_t& gas) {
    const Address address = to_address(sp[0]);
    if (!charge(gas, account_access_surcharge(frame.vm, address))) return Status::OutOfGas;
    sp[0] = U256{frame.vm.journal.code(address)->size};
    return Status::Success;
}

Status op_ext_code_hash(Frame& frame, U256* sp, std::int64_t& gas) {
    const Address address = to_address(sp[0]);
    if (!charge(gas, account_access_surcharge(frame.vm, address))) return Status::OutOfGas;
    sp[0] = frame.vm.journal.is_empty(address) ? U256{} : to_u256(frame.vm.journal.code_hash(address));  // EIP-1052, EIP-161
    return Status::Success;
}

Status op_ext_code_copy(Frame& frame, U256* sp, std::int64_t& gas) {
    const Address address = to_address(sp[0]);
    if (!reserve_copy(frame, gas, sp[-1], sp[-3])) return Status::OutOfGas;
    if (!charge(gas, account_access_surcharge(frame.vm, address))) return Status::OutOfGas;
    if (sp[-3].is_zero()) return Status::Success;
    const state::CodePtr code = frame.vm.journal.code(address);
    copy_padded(frame.memory.data() + sp[-1].limb[0], code->view(), sp[-2], static_cast<std::size_t>(sp[-3].limb[0]));
    return Status::Success;
}

Status copy_to_memory(Frame& frame, U256* sp, std::int64_t& gas, ByteView source) {
    if (!reserve_copy(frame, gas, sp[0], sp[-2])) return Status::OutOfGas;
    if (!sp[-2].is_zero()) copy_padded(frame.memory.data() + sp[0].limb[0], source, sp[-1], static_cast<std::size_t>(sp[-2].limb[0]));
    return Status::Success;
}

// Unlike the other copies, reading past the end fails (EIP-211).
Status op_return_data_copy(Frame& frame, U256* sp, std::int64_t& gas) {
    if (!reserve_copy(frame, gas, sp[0], sp[-2])) return Status::OutOfGas;
    U256 end;
    if (add_overflow(sp[-1], sp[-2], end) || end > U256{frame.return_data.size()}) return Status::ReturnDataOutOfBounds;
    if (!sp[-2].is_zero())
        std::memcpy(frame.memory.data() + sp[0].limb[0], frame.return_data.data() + sp[-1].limb[0], static_cast<std::size_t>(sp[-2].limb[0]));
    return Status::Success;
}

Status op_mcopy(Frame& frame, U256* sp, std::int64_t& gas) {
    if (!reserve_memory(frame.memory, gas, std::max(sp[0], sp[-1]), sp[-2])) return Status::OutOfGas;
    if (!charge(gas, 3 * words_of(sp[-2].limb[0]))) return Status::OutOfGas;
    if (!sp[-2].is_zero())
        std::memmove(frame.memory.data() + sp[0].limb[0], frame.memory.data() + sp[-1].limb[0], static_cast<std::size_t>(sp[-2].limb[0]));
    return Status::Success;
}

Status op_block_hash(Frame& frame, U256* sp) {
    const std::uint64_t current = frame.vm.block.number;
    const bool in_reach = sp[0] < U256{current} && sp[0].limb[0] + 256 >= current;  // the last 256 blocks
    sp[0] = in_reach ? to_u256(frame.vm.journal.block_hash(sp[0].limb[0])) : U256{};
    return Status::Success;
}

Status op_return(Frame& frame, U256* sp, std::int64_t& gas) {
    if (!reserve_memory(frame.memory, gas, sp[0], sp[-1])) return Status::OutOfGas;
    frame.output_offset = sp[0].limb[0];
    frame.output_size = sp[-1].limb[0];
    return Status::Success;
}

}  // namespace entresol::evm
