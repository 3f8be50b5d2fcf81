#include "node/rpc/execute_call.hpp"

#include "core/base/hex.hpp"
#include "core/evm/failure.hpp"
#include "node/rpc/format.hpp"

namespace entresol::rpc {
namespace {

constexpr std::uint8_t ERROR_SELECTOR[] = {0x08, 0xc3, 0x79, 0xa0};  // Error(string)
constexpr std::uint8_t PANIC_SELECTOR[] = {0x4e, 0x48, 0x7b, 0x71};  // Panic(uint256)

bool starts_with(ByteView bytes, const std::uint8_t (&selector)[4]) {
    return bytes.size() >= 4 && std::memcmp(bytes.data(), selector, 4) == 0;
}

const char* panic_text(std::uint64_t code) {
    switch (code) {
        case 0x00: return "generic panic";
        case 0x01: return "assert(false)";
        case 0x11: return "arithmetic underflow or overflow";
        case 0x12: return "division or modulo by zero";
        case 0x21: return "enum overflow";
        case 0x22: return "invalid encoded storage byte array accessed";
        case 0x31: return "out-of-bounds array access; popping on an empty array";
        case 0x32: return "out-of-bounds access of an array or bytesN";
        case 0x41: return "out of memory";
        case 0x51: return "uninitialized function";
        default: return nullptr;
    }
}

}  // namespace

std::optional<std::string> decode_revert_reason(ByteView output) {
    if (starts_with(output, PANIC_SELECTOR) && output.size() >= 36) {
        const U256 code = load_be256(output.data() + 4);
        const char* text = code.fits_u64() ? panic_text(code.limb[0]) : nullptr;
        return text != nullptr ? text : "unknown panic code: " + to_quantity(code);
    }
    if (!starts_with(output, ERROR_SELECTOR) || output.size() < 68) return std::nullopt;
    const U256 offset = load_be256(output.data() + 4);
    if (offset != U256{32}) return std::nullopt;
    const U256 length = load_be256(output.data() + 36);
    if (!length.fits_u64() || length.limb[0] > output.size() - 68) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(output.data()) + 68, length.limb[0]);
}

RpcError to_rpc_error(const stf::TxOutcome& outcome) {
    if (outcome.status != evm::Status::Revert)
        return {SERVER_ERROR, evm::failure_message(outcome.status, outcome.fault)};
    std::string message = "execution reverted";
    if (const auto reason = decode_revert_reason(outcome.output)) message += ": " + *reason;
    return {EXECUTION_REVERTED, std::move(message), hex_data(outcome.output)};
}

CallEnvironment::CallEnvironment(Context& context, const ledger::StateSnapshot& snapshot, StateOverrides overrides,
                                 const BlockOverrides& block_overrides)
    : context_(context), view_(snapshot.open()) {
    const StateOverrides moved = overrides;
    if (!overrides.empty()) view_ = std::make_unique<OverriddenView>(std::move(view_), std::move(overrides));
    chain::Header header = snapshot.context();
    if (block_overrides.number) header.number = *block_overrides.number;
    if (block_overrides.time) header.timestamp = *block_overrides.time;
    if (block_overrides.gas_limit) header.gas_limit = *block_overrides.gas_limit;
    if (block_overrides.coinbase) header.coinbase = *block_overrides.coinbase;
    if (block_overrides.prev_randao) header.prev_randao = *block_overrides.prev_randao;
    if (block_overrides.difficulty) header.difficulty = *block_overrides.difficulty;
    if (block_overrides.base_fee) header.base_fee_per_gas = *block_overrides.base_fee;
    block_ = stf::make_block_context(header, context.ledger.rules_of(header));
    moves_ = read_precompile_moves(moved, block_.rules);
    if (block_overrides.blob_base_fee) block_.blob_base_fee = *block_overrides.blob_base_fee;
}

std::uint64_t CallEnvironment::gas_of(const CallArgs& args) const {
    return std::min(args.gas.value_or(context_.limits.call_gas_cap), context_.limits.call_gas_cap);
}

RpcResult<stf::TxOutcome> CallEnvironment::run(const CallArgs& args, std::uint64_t gas, evm::Tracer* tracer,
                                               const RunHooks& hooks) {
    TRY(const auto moves, moves_);
    evm::BlockContext block = block_;
    block.precompile_moves = moves;
    block.gas_limit = std::max(block.gas_limit, gas);
    // Without a price nobody pays: BASEFEE reads zero then, as in geth.
    if (args.fee_cap().is_zero()) block.base_fee = U256{};
    if (args.max_fee_per_blob_gas.value_or(U256{}).is_zero()) block.blob_base_fee = U256{};

    state::Journal journal(*view_);
    evm::Vm vm(journal, block, tracer);
    stf::BlockProgress progress;
    progress.saw_user_transaction = true;
    chain::Transaction tx = make_transaction(args, journal.nonce(args.from), gas, block.rules.chain_id);
    tx.gas_limit = gas;
    const stf::CallOptions options{.skip_nonce_check = true,
                                   .skip_balance_check = false,
                                   .skip_base_fee_check = true,
                                   .skip_eoa_check = true,
                                   .skip_gas_cap = true,
                                   .charge_l1_fee = false};
    if (hooks.before) hooks.before(journal, block, tx);
    auto outcome = stf::apply_transaction(journal, vm, block, progress, tx, args.from, options);
    if (view_->has_failed()) return rpc_fail(SERVER_ERROR, "missing trie node: the state is not available");
    if (!outcome) {
        std::string message = "err: " + std::string(stf::geth_message(outcome.error()));
        return rpc_fail(SERVER_ERROR,
                        message + ": address " + to_hex(args.from) + " (supplied gas " + std::to_string(gas) + ")");
    }
    if (hooks.after) hooks.after(*outcome);
    return std::move(*outcome);
}

}  // namespace entresol::rpc
