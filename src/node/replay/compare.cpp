#include "node/replay/compare.hpp"

namespace entresol::replay {
namespace {

void compare_log(std::vector<Finding>& out, std::size_t index, const chain::Log& given, const chain::Log& computed) {
    const std::string name = "logs[" + std::to_string(index) + "].";
    out.push_back(compared(name + "address", given.address, computed.address));
    out.push_back(compared(name + "data", given.data, computed.data));
    for (std::size_t i = 0; i < std::max(given.topics.size(), computed.topics.size()); ++i) {
        const auto topic = [i](const chain::Log& log) {
            return i < log.topics.size() ? std::optional(log.topics[i]) : std::nullopt;
        };
        out.push_back(compared(name + "topics[" + std::to_string(i) + "]", topic(given), topic(computed)));
    }
}

/// What an account holds after the changes; the state itself stays as it was.
class ChangedState {
public:
    ChangedState(state::StateView& before, const state::StateDiff& changes) : before_(before), changes_(changes) {}
    std::optional<state::Account> find_account(const Address& address) const {
        const auto* diff = find(address);
        return diff != nullptr ? diff->account : before_.find_account(address);
    }
    U256 load_storage(const Address& address, const U256& key) const {
        const auto* diff = find(address);
        if (diff == nullptr) return before_.load_storage(address, key);
        if (const auto slot = diff->storage.find(key); slot != diff->storage.end()) return slot->second;
        if (diff->storage_cleared || !diff->account) return {};
        return before_.load_storage(address, key);
    }

private:
    const state::AccountDiff* find(const Address& address) const {
        const auto it = changes_.accounts.find(address);
        return it == changes_.accounts.end() ? nullptr : &it->second;
    }
    state::StateView& before_;
    const state::StateDiff& changes_;
};

void compare_account(std::vector<Finding>& out, const Address& address, const std::optional<state::Account>& given,
                     const std::optional<state::Account>& computed) {
    const std::string name = to_hex(address);
    if (given.has_value() != computed.has_value()) {
        const auto presence = [](bool there) { return there ? "exists" : "absent"; };
        out.push_back({name, Verdict::Differs, presence(given.has_value()), presence(computed.has_value()), {}});
        return;
    }
    if (!given) return;
    out.push_back(compared(name + ".balance", given->balance, computed->balance));
    out.push_back(compared(name + ".nonce", given->nonce, computed->nonce));
    out.push_back(compared(name + ".codeHash", given->code_hash, computed->code_hash));
}

std::string slot_name(const Address& address, const U256& key) {
    return to_hex(address) + ".storage[" + to_quantity(key) + "]";
}

}  // namespace

std::vector<Finding> compare_receipt(const GivenReceipt& given, const stf::TxOutcome& outcome) {
    const auto& receipt = outcome.receipt;
    std::vector<Finding> out;
    const auto status = [](const chain::Receipt& r) { return std::uint64_t{r.succeeded ? 1U : 0U}; };
    const auto type = [](const chain::Receipt& r) { return static_cast<std::uint64_t>(r.type); };
    out.push_back(compared("type", type(given.receipt), type(receipt)));
    if (given.receipt.post_state || receipt.post_state)
        out.push_back(compared("root", given.receipt.post_state, receipt.post_state));
    else
        out.push_back(compared("status", status(given.receipt), status(receipt)));
    if (given.gas_used) out.push_back(compared("gasUsed", *given.gas_used, outcome.gas_used));
    out.push_back(compared("cumulativeGasUsed", given.receipt.cumulative_gas_used, receipt.cumulative_gas_used));
    if (given.effective_gas_price)
        out.push_back(compared("effectiveGasPrice", *given.effective_gas_price, outcome.effective_gas_price));
    if (given.contract_address) out.push_back(compared("contractAddress", given.contract_address, outcome.created));
    if (given.receipt.deposit_nonce)
        out.push_back(compared("depositNonce", given.receipt.deposit_nonce, receipt.deposit_nonce));
    if (given.receipt.deposit_receipt_version)
        out.push_back(
            compared("depositReceiptVersion", given.receipt.deposit_receipt_version, receipt.deposit_receipt_version));
    const std::uint64_t given_logs = given.receipt.logs.size(), computed_logs = receipt.logs.size();
    out.push_back(compared("number of logs", given_logs, computed_logs));
    for (std::size_t i = 0; i < std::min(given_logs, computed_logs); ++i)
        compare_log(out, i, given.receipt.logs[i], receipt.logs[i]);
    out.push_back(compared("logsBloom", given.receipt.bloom, receipt.bloom));
    return out;
}

std::vector<Finding> compare_accounts(const GivenAccounts& given, state::Journal& journal) {
    std::vector<Finding> out;
    for (const auto& [address, account] : given) {
        const std::string name = to_hex(address);
        if (account.balance) out.push_back(compared(name + ".balance", *account.balance, journal.balance(address)));
        if (account.nonce) out.push_back(compared(name + ".nonce", *account.nonce, journal.nonce(address)));
        if (account.code) {
            const ByteView code = journal.code(address)->view();
            out.push_back(compared(name + ".code", *account.code, Bytes(code.begin(), code.end())));
        }
        for (const auto& [key, value] : account.storage)
            out.push_back(compared(slot_name(address, key), value, journal.load_storage(address, key)));
    }
    return out;
}

std::vector<Finding> compare_states(const state::MemoryState& given, state::StateView& before,
                                    const state::StateDiff& changes) {
    std::vector<Finding> out;
    const ChangedState computed(before, changes);
    for (const auto& [address, entry] : given.accounts) {
        compare_account(out, address, entry.account, computed.find_account(address));
        for (const auto& [key, value] : entry.storage)
            out.push_back(compared(slot_name(address, key), value, computed.load_storage(address, key)));
    }
    for (const auto& [address, diff] : changes.accounts) {
        const auto known = given.accounts.find(address);
        if (known == given.accounts.end()) compare_account(out, address, std::nullopt, diff.account);
        for (const auto& [key, value] : diff.storage)
            if (!value.is_zero() && (known == given.accounts.end() || !known->second.storage.contains(key)))
                out.push_back(compared(slot_name(address, key), U256{}, value));
    }
    return out;
}

std::vector<Finding> compare_headers(const chain::Header& given, const chain::Header& computed, bool has_given,
                                     const std::map<std::string, std::string>& left_out) {
    std::vector<Finding> out;
    const auto add = [&](const char* name, const auto& from_given, const auto& from_computed) {
        if (const auto reason = left_out.find(name); reason != left_out.end()) {
            out.push_back(unchecked(name, reason->second));
            if (has_given) out.back().given = shown(from_given);
            return;
        }
        out.push_back(compared(name, from_given, from_computed));
        if (has_given) return;
        out.back().verdict = Verdict::Unchecked;
        out.back().given.clear();
        out.back().note = "only the block's hash is given";
    };
    const auto add_optional = [&](const char* name, const auto& from_given, const auto& from_computed) {
        if (from_given || from_computed) add(name, from_given, from_computed);
    };
    add("number", given.number, computed.number);
    add("parentHash", given.parent_hash, computed.parent_hash);
    add("sha3Uncles", given.ommers_hash, computed.ommers_hash);
    add_optional("baseFeePerGas", given.base_fee_per_gas, computed.base_fee_per_gas);
    add_optional("excessBlobGas", given.excess_blob_gas, computed.excess_blob_gas);
    add("transactionsRoot", given.transactions_root, computed.transactions_root);
    add_optional("withdrawalsRoot", given.withdrawals_root, computed.withdrawals_root);
    add("gasUsed", given.gas_used, computed.gas_used);
    add_optional("blobGasUsed", given.blob_gas_used, computed.blob_gas_used);
    add("logsBloom", given.logs_bloom, computed.logs_bloom);
    add("receiptsRoot", given.receipts_root, computed.receipts_root);
    add_optional("requestsHash", given.requests_hash, computed.requests_hash);
    add("stateRoot", given.state_root, computed.state_root);
    return out;
}

}  // namespace entresol::replay
