// Lists as RLP has them, fields in the order of their declarations; a field that may lack is a list of none or one.
#include "core/program/config_bytes.hpp"

#include <limits>

#include "core/codec/rlp.hpp"

namespace entresol::program {
namespace {

using codec::RlpError;
using codec::RlpReader;

constexpr std::uint64_t FORMAT = 1;

using Time = std::optional<std::uint64_t>;

void append_time(Bytes& out, const Time& time) {
    const std::size_t start = out.size();
    if (time) codec::append_uint(out, *time);
    codec::close_list(out, start);
}

Result<Time, RlpError> read_time(RlpReader& from) {
    TRY(auto list, from.read_list());
    if (list.empty()) return Time();
    TRY(const auto value, list.read_u64());
    TRY_VOID(list.expect_end());
    return Time(value);
}

void append_chain(Bytes& out, const chain::ChainConfig& config) {
    const std::size_t start = out.size();
    codec::append_uint(out, config.chain_id);
    for (const auto& block : config.fork_blocks) append_time(out, block);
    for (const auto& time : config.fork_times) append_time(out, time);
    const std::size_t difficulty = out.size();
    if (config.terminal_total_difficulty) codec::append_uint(out, *config.terminal_total_difficulty);
    codec::close_list(out, difficulty);
    const std::size_t schedule = out.size();
    for (const auto& entry : config.blob_schedule) {
        codec::append_uint(out, entry.activation_time);
        codec::append_uint(out, entry.params.target);
        codec::append_uint(out, entry.params.max);
        codec::append_uint(out, entry.params.base_fee_update_fraction);
    }
    codec::close_list(out, schedule);
    const std::size_t op = out.size();
    if (config.op) {
        for (const auto& time : config.op->fork_times) append_time(out, time);
        codec::append_uint(out, config.op->eip1559_elasticity);
        codec::append_uint(out, config.op->eip1559_denominator);
        codec::append_uint(out, config.op->eip1559_denominator_canyon);
    }
    codec::close_list(out, op);
    codec::append_fixed(out, config.deposit_contract);
    codec::close_list(out, start);
}

Result<void, RlpError> read_schedule(RlpReader list, std::vector<chain::BlobSchedule>& schedule) {
    while (!list.empty()) {
        chain::BlobSchedule entry;
        TRY(entry.activation_time, list.read_u64());
        TRY(entry.params.target, list.read_u64());
        TRY(entry.params.max, list.read_u64());
        TRY(entry.params.base_fee_update_fraction, list.read_u64());
        schedule.push_back(entry);
    }
    return {};
}

Result<chain::OpChainConfig, RlpError> read_op(RlpReader& list) {
    chain::OpChainConfig op;
    for (auto& time : op.fork_times) {
        TRY(time, read_time(list));
    }
    TRY(op.eip1559_elasticity, list.read_u64());
    TRY(op.eip1559_denominator, list.read_u64());
    TRY(op.eip1559_denominator_canyon, list.read_u64());
    TRY_VOID(list.expect_end());
    return op;
}

Result<chain::ChainConfig, RlpError> read_chain(RlpReader& from) {
    TRY(auto list, from.read_list());
    chain::ChainConfig config;
    TRY(config.chain_id, list.read_u64());
    for (auto& block : config.fork_blocks) {
        TRY(block, read_time(list));
    }
    for (auto& time : config.fork_times) {
        TRY(time, read_time(list));
    }
    TRY(auto difficulty, list.read_list());
    if (!difficulty.empty()) {
        TRY(config.terminal_total_difficulty, difficulty.read_u256());
    }
    TRY(const auto schedule, list.read_list());
    TRY_VOID(read_schedule(schedule, config.blob_schedule));
    TRY(auto op, list.read_list());
    if (!op.empty()) {
        TRY(config.op, read_op(op));
    }
    TRY(config.deposit_contract, list.read_fixed<Address>());
    TRY_VOID(list.expect_end());
    return config;
}

void append_system(Bytes& out, const derive::SystemConfig& config) {
    const std::size_t start = out.size();
    codec::append_fixed(out, config.batcher);
    codec::append_uint(out, config.overhead);
    codec::append_fixed(out, config.scalar);
    for (const std::uint64_t value :
         {config.gas_limit, std::uint64_t{config.eip1559_denominator}, std::uint64_t{config.eip1559_elasticity},
          std::uint64_t{config.operator_fee_scalar}, config.operator_fee_constant, config.min_base_fee,
          std::uint64_t{config.da_footprint_gas_scalar}})
        codec::append_uint(out, value);
    codec::close_list(out, start);
}

template <typename T>
Result<T, RlpError> read_small(RlpReader& from) {
    TRY(const auto value, from.read_u64());
    if (value > std::numeric_limits<T>::max()) return fail(RlpError::IntegerOverflow);
    return static_cast<T>(value);
}

Result<derive::SystemConfig, RlpError> read_system(RlpReader& from) {
    TRY(auto list, from.read_list());
    derive::SystemConfig config;
    TRY(config.batcher, list.read_fixed<Address>());
    TRY(config.overhead, list.read_u256());
    TRY(config.scalar, list.read_fixed<Hash32>());
    TRY(config.gas_limit, list.read_u64());
    TRY(config.eip1559_denominator, read_small<std::uint32_t>(list));
    TRY(config.eip1559_elasticity, read_small<std::uint32_t>(list));
    TRY(config.operator_fee_scalar, read_small<std::uint32_t>(list));
    TRY(config.operator_fee_constant, list.read_u64());
    TRY(config.min_base_fee, list.read_u64());
    TRY(config.da_footprint_gas_scalar, read_small<std::uint16_t>(list));
    TRY_VOID(list.expect_end());
    return config;
}

Result<derive::RollupConfig, RlpError> read_rollup(ByteView bytes) {
    RlpReader whole(bytes);
    TRY(auto list, whole.read_list());
    TRY_VOID(whole.expect_end());
    TRY(const auto format, list.read_u64());
    if (format != FORMAT) return fail(RlpError::WrongLength);
    derive::RollupConfig config;
    TRY(config.l1_genesis.number, list.read_u64());
    TRY(config.l2_genesis.hash, list.read_fixed<Hash32>());
    TRY(config.l2_genesis.number, list.read_u64());
    TRY(config.l2_genesis_timestamp, list.read_u64());
    TRY(config.genesis_system_config, read_system(list));
    TRY(config.block_time, list.read_u64());
    TRY(config.max_sequencer_drift, list.read_u64());
    TRY(config.seq_window_size, list.read_u64());
    TRY(config.channel_timeout, list.read_u64());
    TRY(config.batch_inbox, list.read_fixed<Address>());
    TRY(config.deposit_contract, list.read_fixed<Address>());
    TRY(config.system_config_contract, list.read_fixed<Address>());
    TRY(config.l1, read_chain(list));
    TRY(config.l2, read_chain(list));
    TRY(const auto jumps, list.read_u64());
    config.allow_time_jumps = jumps != 0;
    TRY_VOID(list.expect_end());
    return config;
}

}  // namespace

Bytes encode_config(const derive::RollupConfig& config) {
    Bytes out;
    codec::append_uint(out, FORMAT);
    codec::append_uint(out, config.l1_genesis.number);
    codec::append_fixed(out, config.l2_genesis.hash);
    codec::append_uint(out, config.l2_genesis.number);
    codec::append_uint(out, config.l2_genesis_timestamp);
    append_system(out, config.genesis_system_config);
    codec::append_uint(out, config.block_time);
    codec::append_uint(out, config.max_sequencer_drift);
    codec::append_uint(out, config.seq_window_size);
    codec::append_uint(out, config.channel_timeout);
    codec::append_fixed(out, config.batch_inbox);
    codec::append_fixed(out, config.deposit_contract);
    codec::append_fixed(out, config.system_config_contract);
    append_chain(out, config.l1);
    append_chain(out, config.l2);
    codec::append_uint(out, std::uint64_t{config.allow_time_jumps});
    codec::close_list(out, 0);
    return out;
}

std::optional<derive::RollupConfig> decode_config(ByteView bytes) {
    auto config = read_rollup(bytes);
    if (!config) return std::nullopt;
    return *std::move(config);
}

Bytes encode_config(const chain::ChainConfig& config) {
    Bytes out;
    append_chain(out, config);
    return out;
}

std::optional<chain::ChainConfig> decode_chain_config(ByteView bytes) {
    RlpReader whole(bytes);
    auto config = read_chain(whole);
    if (!config || !whole.empty()) return std::nullopt;
    return *std::move(config);
}

}  // namespace entresol::program
