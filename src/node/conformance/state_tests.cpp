#include "node/conformance/suite.hpp"

#include <boost/json/array.hpp>

#include "core/base/hex.hpp"
#include "node/conformance/fixture.hpp"

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

/// One of the values that the case's index chooses.
const json::value& chosen(const json::object& fields, const json::object& indexes, const char* list,
                          const char* index) {
    const auto& values = array_member(fields, list);
    const auto at = member(indexes, index).to_number<std::size_t>();
    if (at >= values.size()) throw std::runtime_error(std::string("an index is beyond its list: ") + index);
    return values[at];
}

chain::AccessList read_access_list(const json::value& value) {
    chain::AccessList list;
    for (const auto& item : as_array(value, "access list")) {
        const auto& fields = as_object(item, "access list entry");
        auto& entry = list.emplace_back();
        entry.address = to_fixed<Address>(text(fields, "address"));
        for (const auto& key : array_member(fields, "storageKeys"))
            entry.storage_keys.push_back(to_fixed<Hash32>(key.as_string()));
    }
    return list;
}

/// Older suites give the transaction's fields and the key to sign with, not its bytes.
chain::Transaction make_transaction(const json::object& test, const json::object& post) {
    const auto& fields = object_member(test, "transaction");
    const auto& indexes = object_member(post, "indexes");
    chain::Transaction tx;
    tx.nonce = to_u64(text(fields, "nonce"));
    tx.gas_limit = to_u64(chosen(fields, indexes, "gasLimit", "gas").as_string());
    tx.value = to_u256(chosen(fields, indexes, "value", "value").as_string());
    tx.data = to_bytes(chosen(fields, indexes, "data", "data").as_string());
    if (const auto to = text(fields, "to"); !to.empty()) tx.to = to_fixed<Address>(to);
    if (fields.contains("maxFeePerGas")) {
        tx.type = chain::TxType::DynamicFee;
        tx.max_fee_per_gas = to_u256(text(fields, "maxFeePerGas"));
        tx.max_priority_fee_per_gas = to_u256(text(fields, "maxPriorityFeePerGas"));
    } else {
        tx.max_fee_per_gas = tx.max_priority_fee_per_gas = to_u256(text(fields, "gasPrice"));
    }
    if (fields.contains("accessLists")) {
        if (tx.type == chain::TxType::Legacy) tx.type = chain::TxType::AccessList;
        const auto& list = chosen(fields, indexes, "accessLists", "data");
        if (!list.is_null()) tx.access_list = read_access_list(list);
    }
    if (fields.contains("blobVersionedHashes") || fields.contains("authorizationList"))
        throw std::runtime_error("a transaction of type 3 or 4 without its bytes");
    if (tx.type != chain::TxType::Legacy) tx.chain_id = to_u64(text(config_of(test), "chainid"));
    if (!chain::sign_transaction(tx, to_fixed<Hash32>(text(fields, "secretKey"))))
        throw std::runtime_error("an invalid secretKey");
    return tx;
}

Result<chain::Transaction, chain::TxDecodeError> read_transaction(const json::object& test, const json::object& post) {
    if (const auto encoded = text(post, "txbytes"); !encoded.empty())
        return chain::decode_transaction(to_bytes(encoded));
    return make_transaction(test, post);
}

Address sender_of(const json::object& test, const chain::Transaction& tx) {
    const auto sender = text(object_member(test, "transaction"), "sender");
    if (!sender.empty()) return to_fixed<Address>(sender);
    const auto recovered = chain::recover_sender(tx);
    if (!recovered) throw std::runtime_error("no sender");
    return *recovered;
}

std::string run_case(const json::object& test, std::string_view fork, const json::object& post) {
    const chain::Rules rules = load_rules(fork, config_of(test));
    const evm::BlockContext block = load_block(object_member(test, "env"), rules);
    const std::string_view expected_error = text(post, "expectException");
    state::MemoryState state = load_state(object_member(test, "pre"));
    add_block_hashes(state, block.number);

    Hash32 logs_hash = hash_logs({});
    std::string refusal;
    const auto tx = read_transaction(test, post);
    if (!tx) {
        refusal = check_refusal(expected_error, std::string(chain::to_string(tx.error())), true);
    } else {
        state::Journal journal(state);
        evm::Vm vm(journal, block);
        stf::BlockProgress progress;
        const auto sender = sender_of(test, *tx);
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

std::vector<CaseResult> run_state_tests(const std::filesystem::path& file, const Selection& selection) {
    std::vector<CaseResult> results;
    const json::value content = load_json(file);
    for (const auto& [name, value] : as_object(content, "the file")) {
        const auto& test = as_object(value, name);
        for (const auto& [fork, posts] : object_member(test, "post")) {
            if (!selection.takes(fork)) continue;
            std::size_t index = 0;
            for (const auto& post : as_array(posts, fork)) {
                auto difference = run_case(test, fork, as_object(post, fork));
                results.push_back(make_result(name, fork, index++, std::move(difference)));
            }
        }
    }
    return results;
}

}  // namespace entresol::conformance
