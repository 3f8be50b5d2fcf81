#include "node/parallel/random_block_testing.hpp"

#include "core/base/hex.hpp"
#include "core/stf/op_stack.hpp"

namespace entresol::parallel::testing {
namespace {

using chain::Fork;
using chain::TxType;

constexpr std::size_t KEYS = 6, CONTRACTS = 5, STRANGERS = 3;
constexpr std::uint64_t ETHER = 1'000'000'000'000'000'000;

Hash32 key_of(std::size_t i) {
    Hash32 key;
    key.bytes[31] = static_cast<std::uint8_t>(i + 1);
    return key;
}

const Address& key_address(std::size_t i) {
    static const auto ADDRESSES = [] {
        std::array<Address, KEYS> all;
        for (std::size_t k = 0; k < KEYS; ++k) all[k] = crypto::address_of_key(key_of(k)).value();
        return all;
    }();
    return ADDRESSES[i];
}

Address made_up(std::uint8_t kind, std::size_t i) {
    Address a;
    a.bytes[0] = kind;
    a.bytes[19] = static_cast<std::uint8_t>(i);
    return a;
}

class Maker {
public:
    Maker(std::uint64_t seed, const Wishes& wishes) : random_(seed), wishes_(wishes) {
        made_.config = wishes.config;
        chain::Header& header = made_.block.header;
        header.number = 1;
        header.timestamp = 1'000;
        made_.rules = made_.config.rules_at(header.number, header.timestamp);
        header.gas_limit = roll(4) == 0 ? 1'500'000 : 30'000'000;
        header.difficulty = is_since(Fork::Paris) ? U256{} : U256{1};
        if (is_since(Fork::London)) header.base_fee_per_gas = 7;
        if (is_since(Fork::Cancun)) {
            header.blob_gas_used = header.excess_blob_gas = 0;
            header.parent_beacon_block_root = Hash32{};
        }
        if (is_since(Fork::Shanghai)) made_.block.withdrawals.emplace();
        make_pool();
        header.coinbase = roll(3) == 0 ? pick() : made_up(0xcb, 1);
        pool_.push_back(header.coinbase);
        make_state();
    }

    RandomBlock make() {
        state::Journal journal(made_.state);
        const auto context = stf::make_block_context(made_.block.header, made_.rules);
        evm::Vm vm(journal, context);
        stf::begin_block(journal, vm, made_.block.header, made_.rules);
        stf::BlockProgress progress;
        if (made_.rules.is_op())
            for (std::uint64_t i = roll(4); i > 0; --i) add(journal, vm, context, progress, deposit());
        for (std::size_t i = 0; i < wishes_.transactions; ++i)
            add(journal, vm, context, progress, transaction(journal));
        if (wishes_.spoil && !made_.block.transactions.empty()) spoil();
        if (made_.block.withdrawals && !made_.rules.is_op())
            made_.block.withdrawals->push_back({0, 1, pick(), roll(3)});
        return std::move(made_);
    }

private:
    std::uint64_t roll(std::uint64_t n) { return random_() % n; }
    std::uint8_t byte(std::uint64_t n) { return static_cast<std::uint8_t>(roll(n)); }
    bool is_since(Fork fork) const { return made_.rules.at_least(fork); }
    const Address& pick() { return pool_[roll(pool_.size())]; }
    static Address contract(std::size_t i) { return made_up(0xc0, i); }

    void make_pool() {
        for (std::size_t i = 0; i < KEYS; ++i) pool_.push_back(key_address(i));
        for (std::size_t i = 0; i < CONTRACTS; ++i) pool_.push_back(contract(i));
        for (std::size_t i = 0; i < STRANGERS; ++i) pool_.push_back(made_up(0x55, i));
        pool_.push_back(made_up(0, 3));  // RIPEMD-160: its touch outlives a roll-back
        if (made_.rules.is_op())
            for (const auto& vault : {stf::BASE_FEE_VAULT, stf::L1_FEE_VAULT, stf::OPERATOR_FEE_VAULT})
                pool_.push_back(vault);
        // What is created can be called and paid before and after.
        for (std::size_t i = 0; i < children_.size(); ++i) {
            children_[i] = make_child(i);
            for (std::uint8_t salt = 0; salt < 2; ++salt) {
                Hash32 word;
                word.bytes[31] = salt;
                pool_.push_back(
                    chain::create2_address(contract(roll(CONTRACTS)), word, crypto::keccak256(children_[i])));
            }
        }
    }

    void make_state() {
        auto& state = made_.state;
        for (std::size_t i = 0; i < KEYS; ++i) state.accounts[key_address(i)].account.balance = U256{ETHER};
        state.accounts[key_address(KEYS - 1)].account.balance = U256{3'000'000};  // soon cannot pay
        for (std::size_t i = 0; i < CONTRACTS; ++i) {
            auto& entry = state.accounts[contract(i)];
            entry.account.nonce = 1;
            entry.account.balance = roll(3);
            for (std::uint64_t k = 0; k < 4; ++k)
                if (roll(2) == 0) entry.storage[k] = roll(3) + 1;
            state.set_code(contract(i), program(1 + roll(4)));
        }
        if (roll(3) == 0) state.accounts[made_up(0x55, 0)];  // exists, and is empty
        if (roll(3) == 0) state.accounts[made_.block.header.coinbase];
        for (const auto* const at :
             {"00000961Ef480Eb55e80D19ad83579A64c007002", "0000BBdDc7CE488642fb579F8B00f3a590007251"})
            state.set_code(parse_fixed<Address>(at).value(), Bytes{0x00});
        if (!made_.rules.is_op()) return;
        auto& l1_block = state.accounts[stf::L1_BLOCK];
        l1_block.storage[1] = 1'000;
        l1_block.storage[3] = U256{1, 1, 1, 1};
        l1_block.storage[7] = 1;
        l1_block.storage[8] = U256{roll(2)};
        state.set_code(stf::L1_BLOCK, program(1));
    }

    // ------------------------------------------------------------ code

    static void push_address(Bytes& code, const Address& a) {
        code.push_back(0x73);
        append(code, a.view());
    }
    void store_top(Bytes& code) { append(code, Bytes{0x60, byte(4), 0x55}); }

    Bytes make_child(std::size_t kind) {
        Bytes code;
        if (kind == 0) {  // destroys itself at once
            push_address(code, pool_[roll(pool_.size())]);
            code.push_back(0xff);
        } else {  // a slot, and code that destroys itself when called: CALLER SELFDESTRUCT
            code = {0x60, 0x01, 0x60, 0x00, 0x55, 0x61, 0x33, 0xff, 0x60, 0x00, 0x52, 0x60, 0x02, 0x60, 0x1e, 0xf3};
        }
        code.resize(32);
        return code;
    }

    void call(Bytes& code, std::uint8_t opcode, bool has_value) {
        append(code, Bytes{0x60, 0x00, 0x60, 0x00, 0x60, 0x00, 0x60, 0x00});
        if (has_value) append(code, Bytes{0x60, byte(3)});
        push_address(code, pick());
        append(code, Bytes{0x61, byte(0x80), 0x00, opcode});
        store_top(code);
    }

    void create(Bytes& code, bool with_salt) {
        code.push_back(0x7f);
        append(code, children_[roll(children_.size())]);
        append(code, Bytes{0x60, 0x00, 0x52});
        if (with_salt) append(code, Bytes{0x60, byte(2)});
        append(code,
               Bytes{0x60, 0x20, 0x60, 0x00, 0x60, byte(2), static_cast<std::uint8_t>(with_salt ? 0xf5 : 0xf0), 0x50});
    }

    void about(Bytes& code, std::uint8_t opcode) {  // of an account: BALANCE, EXTCODESIZE, EXTCODEHASH
        push_address(code, pick());
        code.push_back(opcode);
        store_top(code);
    }

    void snippet(Bytes& code) {
        const std::uint8_t key = byte(4);
        switch (roll(24)) {
            case 0:
            case 1:
            case 2:
            case 3:
            case 4: append(code, Bytes{0x60, 0x01, 0x60, key, 0x54, 0x01, 0x60, key, 0x55}); return;  // one more
            case 5:
            case 6: append(code, Bytes{0x60, byte(2), 0x60, key, 0x55}); return;
            case 7:
            case 8: return about(code, 0x31);
            case 9: return about(code, 0x3b);
            case 10: return about(code, 0x3f);
            case 11:
            case 12:
            case 13:
            case 14: return call(code, 0xf1, true);
            case 15: return call(code, 0xf4, false);
            case 16: return create(code, true);
            case 17: return create(code, roll(2) == 0);
            case 18: append(code, Bytes{0x41, 0x31}), store_top(code); return;              // COINBASE BALANCE
            case 19: code.push_back(0x47), store_top(code); return;                         // SELFBALANCE
            case 20: append(code, Bytes{0x60, key, 0x60, 0x00, 0x60, 0x00, 0xa1}); return;  // LOG1
            case 21: append(code, Bytes{0x60, 0x01, 0x60, key, 0x5d}); return;              // TSTORE
            case 22: push_address(code, pick()), code.push_back(0xff); return;
            default: append(code, roll(2) == 0 ? Bytes{0x60, 0x00, 0x60, 0x00, 0xfd} : Bytes{0xfe}); return;
        }
    }

    Bytes program(std::uint64_t snippets) {
        Bytes code;
        while (snippets-- > 0) snippet(code);
        code.push_back(0x00);
        return code;
    }

    // ------------------------------------------------------------ transactions

    chain::Transaction deposit() {
        chain::Transaction tx;
        tx.type = TxType::Deposit;
        tx.source_hash.bytes[0] = byte(255);
        tx.from = pick();
        tx.mint = roll(3) * 1'000;
        tx.value = roll(1'500);
        tx.gas_limit = 100'000;
        if (roll(5) != 0) tx.to = pick();
        if (!tx.to) tx.data = program(2);
        return tx;
    }

    TxType pick_type() {
        const std::uint64_t r = roll(8);
        if (r == 0 && is_since(Fork::Prague)) return TxType::SetCode;
        if (r == 1 && is_since(Fork::Cancun) && !made_.rules.is_op()) return TxType::Blob;
        if (r < 5 && is_since(Fork::London)) return TxType::DynamicFee;
        if (r == 5 && is_since(Fork::Berlin)) return TxType::AccessList;
        return TxType::Legacy;
    }

    chain::Authorization authorization(state::Journal& journal) {
        const std::size_t who = roll(KEYS);
        chain::Authorization tuple;
        tuple.chain_id = made_.config.chain_id;
        tuple.address = roll(3) == 0 ? Address{} : pick();
        tuple.nonce = journal.nonce(key_address(who)) + roll(2);
        CHECK(chain::sign_authorization(tuple, key_of(who)));
        return tuple;
    }

    chain::Transaction transaction(state::Journal& journal) {
        chain::Transaction tx;
        tx.type = pick_type();
        sender_ = key_address(roll(KEYS));
        tx.chain_id = made_.config.chain_id;
        tx.nonce = journal.nonce(sender_);
        tx.max_fee_per_gas = tx.max_priority_fee_per_gas = roll(2) == 0 ? U256{7} : U256{10};
        if (tx.type != TxType::Legacy && tx.type != TxType::AccessList) tx.max_priority_fee_per_gas = roll(3);
        tx.gas_limit = 21'000 + roll(5) * 60'000;
        tx.value = roll(3);
        if (roll(5) != 0 || tx.type == TxType::SetCode || tx.type == TxType::Blob)
            tx.to = roll(2) == 0 ? contract(roll(CONTRACTS)) : pick();
        else
            tx.data = program(1 + roll(4)), tx.gas_limit += 60'000;
        if (tx.type == TxType::AccessList) tx.access_list.push_back({pick(), {Hash32{}}});
        if (tx.type == TxType::SetCode)
            for (std::uint64_t n = 1 + roll(2); n > 0; --n) tx.authorizations.push_back(authorization(journal));
        if (tx.type == TxType::Blob) {
            tx.max_fee_per_blob_gas = 1;
            tx.blob_hashes.resize(1 + roll(3));
            for (auto& hash : tx.blob_hashes) hash.bytes[0] = 1;
        }
        return tx;
    }

    void add(state::Journal& journal, evm::Vm& vm, const evm::BlockContext& context, stf::BlockProgress& progress,
             chain::Transaction tx) {
        const Address sender = tx.type == TxType::Deposit ? tx.from : sender_;
        if (!stf::apply_transaction(journal, vm, context, progress, tx, sender)) return;
        made_.block.transactions.push_back(std::move(tx));
        made_.senders.push_back(sender);
    }

    void spoil() {
        auto& tx = made_.block.transactions[roll(made_.block.transactions.size())];
        if (tx.type == TxType::Deposit) return;
        switch (roll(5)) {
            case 0: tx.nonce += 1; break;
            case 1: tx.gas_limit = 29'990'000; break;  // finds no room, unless it is the first
            case 2: tx.value = U256::max(); break;
            case 3: tx.gas_limit = 20'000; break;
            default: tx.max_fee_per_gas = tx.max_priority_fee_per_gas = 1; break;
        }
        made_.is_valid = false;
    }

    std::mt19937_64 random_;
    const Wishes& wishes_;
    RandomBlock made_;
    std::vector<Address> pool_;
    std::array<Bytes, 2> children_;
    Address sender_;
};

}  // namespace

RandomBlock make_random_block(std::uint64_t seed, const Wishes& wishes) { return Maker(seed, wishes).make(); }

}  // namespace entresol::parallel::testing
