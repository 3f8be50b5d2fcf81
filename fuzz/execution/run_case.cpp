// A case on this program's state transition.
#include "append.hpp"
#include "case.hpp"
#include "core/base/hex.hpp"
#include "core/codec/rlp.hpp"
#include "core/crypto/keccak.hpp"
#include "core/state/memory_state.hpp"
#include "core/stf/transition.hpp"

namespace entresol::fuzz {
namespace {

/// The case's accounts; hashes of ancestors are those that revm's empty database gives: keccak256 of the number's digits.
class View final : public state::StateView {
public:
    View(state::MemoryState& state, std::uint64_t number) : state_(state), number_(number) {}
    std::optional<state::Account> find_account(const Address& address) override { return state_.find_account(address); }
    U256 load_storage(const Address& address, const U256& key) override { return state_.load_storage(address, key); }
    bool has_storage(const Address& address) override { return state_.has_storage(address); }
    state::CodePtr load_code(const Hash32& code_hash) override { return state_.load_code(code_hash); }
    Hash32 load_block_hash(std::uint64_t number) override {
        if (number >= number_) return {};
        const std::string digits = std::to_string(number);
        return crypto::keccak256(Bytes(digits.begin(), digits.end()));
    }
    bool has_failed() const override { return state_.has_failed(); }

private:
    state::MemoryState& state_;
    std::uint64_t number_;
};

state::MemoryState load(const Case& given, bool fused) {
    state::MemoryState state;
    for (const auto& [address, account] : given.accounts) {
        auto& entry = state.accounts[address];
        entry.account.nonce = account.nonce;
        entry.account.balance = account.balance;
        entry.storage = account.storage;
        if (account.code.empty()) continue;
        entry.account.code_hash = crypto::keccak256(account.code);
        state.codes[entry.account.code_hash] =
            state::make_code(account.code, fused ? state::CodeUse::Contract : state::CodeUse::Initcode);
    }
    return state;
}

std::string hash_logs(const std::vector<chain::Log>& logs) {
    Bytes out;
    for (const auto& log : logs) {
        append(out, log.address);
        out.push_back(static_cast<std::uint8_t>(log.topics.size()));
        for (const auto& topic : log.topics) append(out, topic);
        for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(log.data.size() >> (8 * i)));
        append(out, log.data);
    }
    return to_hex(crypto::keccak256(out));
}

Hash32 hash_logs_rlp(const std::vector<chain::Log>& logs) {
    Bytes payload, list;
    for (const auto& log : logs) {
        Bytes topics, fields;
        for (const auto& topic : log.topics) codec::append_string(topics, topic.view());
        codec::append_string(fields, log.address.view());
        codec::append_list(fields, topics);
        codec::append_string(fields, log.data);
        codec::append_list(payload, fields);
    }
    codec::append_list(list, payload);
    return crypto::keccak256(list);
}

/// Every account that exists, in order: what a client without a trie can tell of its state.
std::string hash_accounts(const state::MemoryState& state) {
    Bytes out;
    for (const auto& [address, entry] : state.accounts) {
        append(out, address);
        for (int i = 0; i < 8; ++i) out.push_back(static_cast<std::uint8_t>(entry.account.nonce >> (8 * i)));
        append(out, to_hash32(entry.account.balance));
        append(out, entry.account.code_hash);
        for (const auto& [key, value] : entry.storage) {
            append(out, to_hash32(key));
            append(out, to_hash32(value));
        }
    }
    return to_hex(crypto::keccak256(out));
}

chain::Header header_of(const Case& given) {
    chain::Header header;
    header.number = given.number;
    header.timestamp = given.timestamp;
    header.gas_limit = given.gas_limit;
    header.coinbase = given.coinbase;
    header.prev_randao = given.prev_randao;
    if (given.fork < chain::Fork::Paris) header.difficulty = load_be(given.prev_randao.view());
    if (given.fork >= chain::Fork::London) header.base_fee_per_gas = U256{given.base_fee};
    if (given.fork >= chain::Fork::Cancun) header.excess_blob_gas = given.excess_blob_gas;
    return header;
}

}  // namespace

OurRun run_case(const Case& given, bool fused) {
    static const auto configs = [] {
        std::vector<chain::ChainConfig> out;
        for (std::size_t i = 0; i < chain::FORK_COUNT; ++i)
            out.push_back(chain::ChainConfig::all_active(1, static_cast<chain::Fork>(i)));
        return out;
    }();
    const auto rules = configs[static_cast<std::size_t>(given.fork)].rules_at(given.number, given.timestamp);
    state::MemoryState state = load(given, fused);
    View view(state, given.number);
    state::Journal journal(view);
    const auto context = stf::make_block_context(header_of(given), rules);
    evm::Vm vm(journal, context);
    stf::BlockProgress progress;
    OurRun run;
    auto outcome = stf::apply_transaction(journal, vm, context, progress, given.tx, given.sender);
    if (!outcome) {
        run.answer.refusal = stf::to_string(outcome.error());
        run.root = state.compute_root();
        run.logs_rlp_hash = hash_logs_rlp({});
        return run;
    }
    state.apply(journal.take_diff());
    run.root = state.compute_root();
    run.logs_rlp_hash = hash_logs_rlp(outcome->receipt.logs);
    run.answer = {.supported = true,
                  .accepted = true,
                  .refusal = {},
                  .gas = std::to_string(outcome->gas_used),
                  .status = outcome->receipt.succeeded ? "1" : "0",
                  .output = given.tx.to ? to_hex(crypto::keccak256(outcome->output)) : "-",
                  .logs = hash_logs(outcome->receipt.logs),
                  .root = to_hex(run.root),
                  .accounts = hash_accounts(state)};
    return run;
}

}  // namespace entresol::fuzz
