#include "core/program/block_task.hpp"

#include "core/program/oracle_l2.hpp"

namespace entresol::program {
namespace {

using codec::RlpError;
using codec::RlpReader;

Result<BlockTask, RlpError> read_task(ByteView bytes) {
    RlpReader whole(bytes);
    TRY(auto list, whole.read_list());
    TRY_VOID(whole.expect_end());
    BlockTask task;
    TRY(const ByteView parent, list.read_raw());
    TRY(task.parent, chain::decode_header(parent));
    auto& attributes = task.attributes;
    TRY(attributes.timestamp, list.read_u64());
    TRY(attributes.coinbase, list.read_fixed<Address>());
    TRY(attributes.prev_randao, list.read_fixed<Hash32>());
    TRY(attributes.gas_limit, list.read_u64());
    TRY(attributes.parent_beacon_block_root, list.read_fixed<Hash32>());
    TRY(const ByteView extra, list.read_string());
    attributes.extra_data = to_bytes(extra);
    TRY(auto transactions, list.read_list());
    while (!transactions.empty()) {
        TRY(const ByteView tx, transactions.read_string());
        task.transactions.push_back(to_bytes(tx));
    }
    TRY_VOID(list.expect_end());
    return task;
}

}  // namespace

Bytes encode(const BlockTask& task) {
    Bytes out = chain::encode(task.parent);
    const auto& attributes = task.attributes;
    codec::append_uint(out, attributes.timestamp);
    codec::append_fixed(out, attributes.coinbase);
    codec::append_fixed(out, attributes.prev_randao);
    codec::append_uint(out, attributes.gas_limit);
    codec::append_fixed(out, attributes.parent_beacon_block_root.value_or(Hash32{}));
    codec::append_string(out, attributes.extra_data);
    const std::size_t start = out.size();
    for (const Bytes& tx : task.transactions) codec::append_string(out, tx);
    codec::close_list(out, start);
    codec::close_list(out, 0);
    return out;
}

std::optional<BlockTask> decode_block_task(ByteView bytes) {
    auto task = read_task(bytes);
    if (!task) return std::nullopt;
    return *std::move(task);
}

Result<Hash32, AnswerError> answer_block(const chain::ChainConfig& config, const Question& question, Oracle& oracle) {
    const auto encoded = oracle.find(question.start_output_root);
    if (!encoded) return fail(AnswerError::Unknown);
    const auto task = decode_block_task(*encoded);
    if (!task) return fail(AnswerError::NoStart);
    OracleL2 l2(oracle, chain::header_hash(task->parent), task->parent);
    oracle.hint(Hint::L2Execution, l2.head_hash());
    state::TrieStateView view(l2, l2, task->parent.state_root,
                              [&](std::uint64_t number) { return l2.hash_of(number); });
    std::vector<chain::Transaction> transactions;
    for (const Bytes& one : task->transactions) {
        auto tx = chain::decode_transaction(one);
        if (!tx) return fail(AnswerError::Underivable);
        transactions.push_back(*std::move(tx));
    }
    stf::BlockBuilder builder(view, config, task->parent, task->attributes);
    const auto added = builder.add_all(std::move(transactions));
    if (builder.has_failed()) return fail(AnswerError::Unknown);
    if (!added) return fail(AnswerError::Underivable);
    const auto sealed = builder.seal(l2, task->parent.state_root, l2);
    if (!sealed)
        return fail(sealed.error().error == stf::BlockError::MissingState ? AnswerError::Unknown
                                                                          : AnswerError::Underivable);
    return sealed->hash;
}

}  // namespace entresol::program
