// prestateTracer: the state that a transaction needs, or with diffMode what it changed.
#include <map>

#include "core/base/hex.hpp"
#include "core/evm/opcodes.hpp"
#include "node/rpc/format.hpp"
#include "node/rpc/tracers.hpp"

namespace entresol::rpc {
namespace {

constexpr std::size_t ACCOUNT_BYTES = 400, SLOT_BYTES = 250;  // about what one takes in memory

bool flag(const json::object& config, const char* name) {
    const auto* value = config.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

struct AccountState {
    bool exists = false;
    U256 balance;
    std::uint64_t nonce = 0;
    state::CodePtr code;
    Hash32 code_hash = crypto::EMPTY_CODE_HASH;
    std::map<U256, U256> storage;
    [[nodiscard]] bool is_empty() const { return balance.is_zero() && nonce == 0 && code->size == 0; }
    [[nodiscard]] bool has_same_code(const AccountState& other) const {
        return std::ranges::equal(code->view(), other.code->view());
    }
};

class PrestateTracer final : public TransactionTracer {
public:
    PrestateTracer(const TraceOptions& options, TraceBudget& budget)
        : budget_(budget),
          diff_mode_(flag(options.config, "diffMode")),
          disable_code_(flag(options.config, "disableCode")),
          disable_storage_(flag(options.config, "disableStorage")),
          include_empty_(flag(options.config, "includeEmpty")) {}

    void begin(const TracedTransaction& traced) override {
        journal_ = &traced.journal;
        note_account(traced.sender);
        note_account(traced.tx.to.value_or(chain::create_address(traced.sender, journal_->nonce(traced.sender))));
        note_account(traced.block.coinbase);
        for (const auto& authorization : traced.tx.authorizations)
            if (const auto authority = chain::recover_authority(authorization)) note_account(*authority);
    }
    bool wants_steps() const override { return true; }
    void on_enter(const evm::Message& message, ByteView) override {
        note_account(message.recipient);
        note_account(message.code_address);
        note_delegate(message.code_address);
    }
    void on_exit(const evm::CallResult&, std::uint64_t) override {}
    // What an instruction names counts once it is paid for: go-ethereum's tracer does not look at one that fails before it does anything.
    void on_step_result(std::uint64_t, evm::Status status) override {
        const bool is_refused = status == evm::Status::OutOfGas || status == evm::Status::StackUnderflow ||
                                status == evm::Status::StackOverflow || status == evm::Status::StaticViolation;
        if (is_refused && step_slot_) pre_.at(step_slot_->first).storage.erase(step_slot_->second);
        if (is_refused && step_account_) pre_.erase(*step_account_);
        step_slot_.reset();
        step_account_.reset();
    }
    void on_step(const Step& step) override {
        step_slot_.reset();
        step_account_.reset();
        const std::size_t height = step.stack.size();
        const auto top = [&](std::size_t i) -> const U256& { return step.stack[height - 1 - i]; };
        switch (step.opcode) {
            case evm::OP_SLOAD:
            case evm::OP_SSTORE:
                if (height >= 1) note_slot(step.message->recipient, top(0));
                break;
            case evm::OP_BALANCE:
            case evm::OP_EXTCODESIZE:
            case evm::OP_EXTCODECOPY:
            case evm::OP_EXTCODEHASH:
            case evm::OP_SELFDESTRUCT:
                if (height >= 1) note_account(to_address(top(0)));
                break;
            case evm::OP_CALL:
            case evm::OP_CALLCODE:
            case evm::OP_DELEGATECALL:
            case evm::OP_STATICCALL:
                if (height >= 5) note_account(to_address(top(1)));
                break;  // a delegate's account is noted when the frame begins
            default: break;
        }
    }
    json::value finish(const stf::TxOutcome&) override {
        json::object post;
        if (diff_mode_) post = make_post();
        json::object pre;
        for (const auto& [address, account] : pre_)
            if (include_empty_ || !account.is_empty()) pre[to_hex(address)] = account_json(account);
        if (!diff_mode_) return pre;
        return json::object{{"pre", std::move(pre)}, {"post", std::move(post)}};
    }

private:
    AccountState read(const Address& address) const {
        AccountState out;
        const auto account = journal_->find_account(address);
        out.exists = account.has_value();
        out.balance = account.value_or(state::Account{}).balance;
        out.nonce = account.value_or(state::Account{}).nonce;
        out.code = journal_->code(address);
        out.code_hash = account.value_or(state::Account{}).code_hash;
        return out;
    }
    void note_account(const Address& address) {
        if (pre_.contains(address) || !budget_.spend(ACCOUNT_BYTES)) return;
        auto account = read(address);
        if (!disable_code_ && !budget_.spend(2 * account.code->size)) return;
        pre_.emplace(address, std::move(account));
        step_account_ = address;
    }
    // EIP-7702: whose code runs instead.
    void note_delegate(const Address& address) {
        if (const auto delegate = evm::parse_delegation(journal_->code(address)->view())) note_account(*delegate);
    }
    void note_slot(const Address& address, const U256& key) {
        if (disable_storage_) return;
        note_account(address);
        const auto it = pre_.find(address);
        if (it == pre_.end() || it->second.storage.contains(key) || !budget_.spend(SLOT_BYTES)) return;
        it->second.storage[key] = journal_->load_original_storage(address, key);
        step_slot_ = {address, key};
    }

    json::object account_json(const AccountState& account) const {
        json::object out{{"balance", quantity(account.balance)}};
        if (account.nonce != 0) out["nonce"] = account.nonce;
        if (!disable_code_ && account.code->size != 0) out["code"] = hex_data(account.code->view());
        if (account.code_hash != crypto::EMPTY_CODE_HASH) out["codeHash"] = to_json(account.code_hash);
        put_storage(out, account.storage);
        return out;
    }
    static void put_storage(json::object& out, const std::map<U256, U256>& slots) {
        if (slots.empty()) return;
        json::object storage;
        for (const auto& [key, value] : slots) storage[to_hex(to_hash32(key))] = to_json(to_hash32(value));
        out["storage"] = std::move(storage);
    }

    // Compares with the state after the transaction; what did not change leaves `pre_` too.
    json::object make_post() {
        json::object post;
        for (auto it = pre_.begin(); it != pre_.end();) {
            const bool is_changed = compare(it->first, it->second, post);
            it = is_changed ? std::next(it) : pre_.erase(it);
        }
        return post;
    }
    bool compare(const Address& address, AccountState& before, json::object& post) const {
        const AccountState after = read(address);
        if (before.exists && !after.exists) return true;  // destroyed: only `pre` tells of it
        json::object changes;
        if (after.balance != before.balance) changes["balance"] = quantity(after.balance);
        if (after.nonce != before.nonce) changes["nonce"] = after.nonce;
        if (after.code_hash != before.code_hash) changes["codeHash"] = to_json(after.code_hash);
        if (!disable_code_ && !after.has_same_code(before)) changes["code"] = hex_data(after.code->view());
        std::map<U256, U256> changed_slots;
        bool is_storage_changed = false;
        for (auto slot = before.storage.begin(); slot != before.storage.end();) {
            const U256 value = journal_->load_storage(address, slot->first);
            const bool is_same = value == slot->second;
            is_storage_changed = is_storage_changed || !is_same;
            if (!is_same && !value.is_zero()) changed_slots[slot->first] = value;
            slot = is_same || slot->second.is_zero() ? before.storage.erase(slot) : std::next(slot);
        }
        put_storage(changes, changed_slots);
        if (changes.empty() && !is_storage_changed) return false;
        post[to_hex(address)] = std::move(changes);
        return true;
    }

    TraceBudget& budget_;
    bool diff_mode_, disable_code_, disable_storage_, include_empty_;
    state::Journal* journal_ = nullptr;
    std::map<Address, AccountState> pre_;
    std::optional<Address> step_account_;  // noted by the instruction in progress
    std::optional<std::pair<Address, U256>> step_slot_;
};

}  // namespace

std::unique_ptr<TransactionTracer> make_prestate_tracer(const TraceOptions& options, TraceBudget& budget) {
    return std::make_unique<PrestateTracer>(options, budget);
}

}  // namespace entresol::rpc
