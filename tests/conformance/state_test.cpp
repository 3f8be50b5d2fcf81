#include "state_test.hpp"

#include "core/base/hex.hpp"
#include "fixture.hpp"

namespace entresol::conformance {

namespace {

chain::Rules load_rules(std::string_view fork, const json::object& config) {
    const auto chain = load_config(fork, config);
    return chain.rules_at(1, 1);
}

evm::BlockContext load_block(const json::object& env, const chain::Rules& rules) {
    evm::BlockContext block;
    block.number = to_u64(text(env, "currentNumber"));
    block.timestamp = to_u64(text(env, "currentTimestamp"));
    block.gas_limit = to_u64(text(env, "currentGasLimit"));
    block.coinbase = to_fixed<Address>(text(env, "currentCoinbase"));
    if (env.contains("currentBaseFee")) block.base_fee = to_u256(text(env, "currentBaseFee"));
    if (env.contains("currentDifficulty")) block.difficulty = to_u256(text(env, "currentDifficulty"));
    if (env.contains("currentRandom")) block.prev_randao = to_hash32(to_u256(text(env, "currentRandom")));
    if (env.contains("currentExcessBlobGas"))
        block.blob_base_fee = stf::compute_blob_base_fee(to_u64(text(env, "currentExcessBlobGas")), rules.blobs);
    block.rules = rules;
    return block;
}

Hash32 hash_logs(const std::vector<chain::Log>& logs) {
    Bytes payload;
    for (const auto& log : logs) {
        Bytes topics, fields;
        for (const auto& topic : log.topics) codec::append_fixed(topics, topic);
        codec::append_fixed(fields, log.address);
        codec::append_list(fields, topics);
        codec::append_string(fields, log.data);
        codec::append_list(payload, fields);
    }
    Bytes list;
    codec::append_list(list, payload);
    return crypto::keccak256(list);
}

std::string check_refusal(std::string_view expected, const std::string& found, bool matches) {
    if (expected.empty()) return "refused: " + found;
    return matches ? "" : "refused as " + found + ", expected " + std::string(expected);
}

/// The public suites define BLOCKHASH in a state test as the hash of the number's decimal text.
void add_block_hashes(state::MemoryState& state, std::uint64_t number) {
    for (std::uint64_t n = number > 256 ? number - 256 : 0; n < number; ++n) {
        const std::string digits = to_decimal(U256{n});
        state.block_hashes[n] =
            crypto::keccak256({reinterpret_cast<const std::uint8_t*>(digits.data()), digits.size()});
    }
}

std::string run_case(const json::object& test, std::string_view fork, const json::object& post) {
    const chain::Rules rules = load_rules(fork, test.at("config").as_object());
    const evm::BlockContext block = load_block(test.at("env").as_object(), rules);
    const std::string_view expected_error = text(post, "expectException");
    state::MemoryState state = load_state(test.at("pre").as_object());
    add_block_hashes(state, block.number);

    Hash32 logs_hash = hash_logs({});
    std::string refusal;
    const auto tx = chain::decode_transaction(to_bytes(text(post, "txbytes")));
    if (!tx) {
        refusal = check_refusal(expected_error, std::string(chain::to_string(tx.error())), true);
    } else {
        state::Journal journal(state);
        evm::Vm vm(journal, block);
        stf::BlockProgress progress;
        const auto sender = to_fixed<Address>(text(test.at("transaction").as_object(), "sender"));
        if (expected_error.empty() && chain::recover_sender(*tx) != sender) return "another sender was recovered";
        const auto outcome = stf::apply_transaction(journal, vm, block, progress, *tx, sender);
        if (outcome && !expected_error.empty()) return "accepted, expected " + std::string(expected_error);
        if (!outcome)
            refusal = check_refusal(expected_error, stf::to_string(outcome.error()),
                                    is_expected(expected_error, outcome.error()));
        else
            logs_hash = hash_logs(outcome->receipt.logs);
        state.apply(journal.take_diff());
    }
    if (!refusal.empty()) return refusal;
    if (logs_hash != to_fixed<Hash32>(text(post, "logs"))) return "logs differ";
    if (state.compute_root() == to_fixed<Hash32>(text(post, "hash"))) return "";
    if (const auto* expected = post.if_contains("state"))
        return "state differs" + describe_difference(load_state(expected->as_object()), state);
    return "state root differs";
}

}  // namespace

std::vector<CaseResult> run_state_test_file(const std::string& path) {
    std::vector<CaseResult> results;
    const json::value file = testing::parse_json_file(path);
    for (const auto& [name, test] : file.as_object())
        for (const auto& [fork, posts] : test.as_object().at("post").as_object()) {
            std::size_t index = 0;
            for (const auto& post : posts.as_array()) {
                const std::string label = std::string(name) + " " + std::string(fork) + " #" + std::to_string(index++);
                results.push_back({label, run_case(test.as_object(), fork, post.as_object())});
            }
        }
    return results;
}

}  // namespace entresol::conformance
