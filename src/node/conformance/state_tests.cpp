#include "node/conformance/suite.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/hex.hpp"
#include "core/evm/failure.hpp"
#include "node/conformance/fixture.hpp"
#include "node/conformance/state_trace.hpp"

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

/// What a case came to; the difference from what the test wants is empty where there is none.
struct CaseRun {
    std::string difference;
    Hash32 state_root;
    stf::TxOutcome outcome;
};

CaseRun run_case(const json::object& test, std::string_view fork, const json::object& post, StepLines* lines) {
    CaseRun run;
    const auto differs = [&run](std::string how) {
        run.difference = std::move(how);
        return std::move(run);
    };
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
        if (lines != nullptr) lines->begin(journal, rules);
        evm::Vm vm(journal, block, lines);
        stf::BlockProgress progress;
        const auto sender = sender_of(test, *tx);
        if (expected_error.empty() && chain::recover_sender(*tx) != sender)
            return differs("another sender was recovered");
        auto outcome = stf::apply_transaction(journal, vm, block, progress, *tx, sender);
        if (outcome && !expected_error.empty()) return differs("accepted, expected " + std::string(expected_error));
        if (!outcome)
            refusal = check_refusal(expected_error, stf::to_string(outcome.error()),
                                    is_expected(expected_error, outcome.error()));
        else
            logs_hash = hash_logs(outcome->receipt.logs);
        state.apply(journal.take_diff());
        if (outcome) run.outcome = std::move(*outcome);
    }
    run.state_root = state.compute_root();
    if (!refusal.empty()) return differs(std::move(refusal));
    if (logs_hash != to_fixed<Hash32>(text(post, "logs"))) return differs("logs differ");
    if (run.state_root == to_fixed<Hash32>(text(post, "hash"))) return run;
    if (const auto* expected = post.if_contains("state"))
        return differs("state differs" + describe_difference(load_state(expected->as_object()), state));
    return differs("state root differs");
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
                auto difference = run_case(test, fork, as_object(post, fork), nullptr).difference;
                results.push_back(make_result(name, fork, index++, std::move(difference)));
            }
        }
    }
    return results;
}

std::size_t trace_state_tests(const std::filesystem::path& file, const TraceSelection& selection,
                              const StepLineOptions& options, const StepLines::Write& write) {
    std::size_t cases = 0;
    const json::value content = load_json(file);
    for (const auto& [name, value] : as_object(content, "the file")) {
        if (!selection.test.empty() && std::string_view(name).find(selection.test) == std::string_view::npos) continue;
        const auto& test = as_object(value, name);
        for (const auto& [fork, posts] : object_member(test, "post")) {
            if (!selection.fork.empty() && selection.fork != std::string_view(fork)) continue;
            std::size_t index = 0;
            for (const auto& post : as_array(posts, fork)) {
                if (const auto here = index++; selection.index && *selection.index != here) continue;
                StepLines lines(options, write);
                const auto run = run_case(test, fork, as_object(post, fork), &lines);
                lines.end();
                json::object summary{{"stateRoot", to_hex(run.state_root)},
                                     {"output", to_hex(run.outcome.output)},
                                     {"gasUsed", to_quantity(run.outcome.gas_used)},
                                     {"pass", run.difference.empty()},
                                     {"fork", fork},
                                     {"test", name},
                                     {"index", index - 1}};
                if (!run.difference.empty()) summary["error"] = run.difference;
                write(json::serialize(summary));
                ++cases;
            }
        }
    }
    return cases;
}

void trace_code(const CodeToTrace& given, const StepLineOptions& options, const StepLines::Write& write) {
    const auto fork = given.fork.empty() ? std::string_view("Osaka") : std::string_view(given.fork);
    const chain::Rules rules = load_config(fork, json::object{{"chainid", "0x1"}}).rules_at(1, 1);
    const Address sender = from_bytes<Address>(crypto::keccak256(Bytes{'s'}).view().subspan(12));
    const Address contract = from_bytes<Address>(crypto::keccak256(Bytes{'c'}).view().subspan(12));
    state::MemoryState state;
    state.accounts[sender].account = {.nonce = 0, .balance = given.value};
    state.set_code(contract, given.code);
    state::Journal journal(state);
    const evm::BlockContext block{.number = 1, .timestamp = 1, .gas_limit = given.gas, .rules = rules};
    StepLines lines(options, write);
    lines.begin(journal, rules);
    evm::Vm vm(journal, block, &lines);
    journal.begin_transaction();
    const auto result = vm.execute({.kind = evm::CallKind::Call,
                                    .gas = given.gas,
                                    .recipient = contract,
                                    .code_address = contract,
                                    .caller = sender,
                                    .value = given.value,
                                    .input = given.input});
    lines.end();
    journal.finish_transaction(rules);
    state.apply(journal.take_diff());
    json::object summary{{"stateRoot", to_hex(state.compute_root())},
                         {"output", to_hex(result.output)},
                         {"gasUsed", to_quantity(given.gas - result.gas_left)},
                         {"pass", result.status == evm::Status::Success},
                         {"fork", fork}};
    if (result.status != evm::Status::Success) summary["error"] = evm::failure_message(result.status, result.fault);
    write(json::serialize(summary));
}

}  // namespace entresol::conformance
