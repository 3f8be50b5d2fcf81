// Random operations against a model that copies itself at each checkpoint: whatever the journal undoes by entries, the model undoes by forgetting.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "core/state/journal.hpp"
#include "core/state/memory_state.hpp"

namespace entresol::state {
namespace {

struct Model {
    std::map<Address, MemoryState::Entry> accounts;
    std::map<Address, Bytes> codes;
    std::map<std::pair<Address, U256>, U256> transient;
    std::set<Address> touched, created, destroyed, warm;
    std::set<std::pair<Address, U256>> warm_slots;
    std::size_t logs = 0;
    std::int64_t refund = 0;

    U256 storage(const Address& a, const U256& key) const {
        const auto account = accounts.find(a);
        if (account == accounts.end()) return {};
        const auto slot = account->second.storage.find(key);
        return slot == account->second.storage.end() ? U256{} : slot->second;
    }
    void set_storage(const Address& a, const U256& key, const U256& value) {
        if (value.is_zero())
            accounts[a].storage.erase(key);
        else
            accounts[a].storage[key] = value;
    }
    void finish(const chain::Rules& rules) {
        for (const auto& a : touched) {
            const bool gone = destroyed.contains(a) && (!rules.at_least(chain::Fork::Cancun) || created.contains(a));
            const bool empty = rules.at_least(chain::Fork::SpuriousDragon) && accounts[a].account.is_empty();
            if (gone || empty) {
                accounts.erase(a);
                codes.erase(a);
            }
        }
        Model next;
        next.accounts = std::move(accounts);
        next.codes = std::move(codes);
        next.logs = logs;  // until the next transaction begins
        *this = std::move(next);
    }
};

class Walk {
public:
    Walk(std::uint64_t seed, chain::Fork fork) : random_(seed), journal_(base_) {
        rules_.fork = fork;
        for (std::uint8_t i = 0; i < 4; ++i) {
            auto& entry = base_.accounts[pick(i)];
            entry.account.nonce = i;  // the first is empty
            if (i == 2) entry.storage = {{0, 5}, {1, 6}};
            if (i == 3) base_.set_code(pick(i), Bytes{0x5b, i});
        }
        model_.accounts = base_.accounts;
        model_.codes[pick(3)] = Bytes{0x5b, 3};
    }

    void run(int transactions) {
        for (int t = 0; t < transactions; ++t) {
            journal_.begin_transaction();
            model_.logs = 0;
            frame(0);
            compare();
            journal_.finish_transaction(rules_);
            model_.finish(rules_);
            compare();
            if (roll(3) == 0) merged_.merge(journal_.diff_since_mark());
            if (roll(6) == 0) flush();
        }
        flush();
        merged_.merge(journal_.diff_since_mark());
        MemoryState by_marks = start_;
        by_marks.apply(merged_);
        EXPECT_EQ(by_marks.accounts, model_.accounts);
    }

private:
    std::uint64_t roll(std::uint64_t n) { return random_() % n; }
    static Address pick(std::uint64_t i) {
        Address a;
        a.bytes[0] = 0xee;
        a.bytes[19] = static_cast<std::uint8_t>(i);
        return a;
    }

    void frame(int depth) {
        for (int i = 0; i < 12; ++i) {
            if (depth < 4 && roll(5) == 0) {
                const auto checkpoint = journal_.checkpoint();
                const Model saved = model_;
                frame(depth + 1);
                if (roll(2) == 0) {
                    journal_.revert_to(checkpoint);
                    model_ = saved;
                    compare();
                }
            } else {
                operate(pick(roll(6)), roll(3), roll(4));
            }
        }
    }

    void touch(const Address& a) {
        model_.touched.insert(a);
        model_.accounts[a];
    }

    void operate(const Address& a, const U256& key, const U256& value) {
        switch (roll(13)) {
            case 0: journal_.set_balance(a, value), touch(a), model_.accounts[a].account.balance = value; break;
            case 1:
                journal_.set_nonce(a, value.limb[0]), touch(a), model_.accounts[a].account.nonce = value.limb[0];
                break;
            case 2: set_code(a, Bytes(value.limb[0], 0x5b)); break;
            case 3: journal_.touch(a), touch(a); break;
            case 4: create(a); break;
            case 5:
                if (!model_.accounts.contains(a)) break;  // only contracts destroy themselves
                EXPECT_EQ(journal_.mark_self_destructed(a), model_.destroyed.insert(a).second);
                touch(a);
                break;
            case 6:
            case 7: store(a, key, value); break;
            case 8: journal_.store_transient(a, key, value), model_.transient[{a, key}] = value; break;
            case 9: EXPECT_EQ(journal_.warm_account(a) == Warmth::Cold, model_.warm.insert(a).second); break;
            case 10:
                EXPECT_EQ(journal_.warm_slot(a, key) == Warmth::Cold, model_.warm_slots.insert({a, key}).second);
                break;
            case 11: journal_.add_log({a, {}, {}}), ++model_.logs; break;
            case 12: journal_.add_refund(-7), model_.refund -= 7; break;
        }
    }

    void set_code(const Address& a, const Bytes& code) {
        journal_.set_code(a, code);
        touch(a);
        model_.codes[a] = code;
        model_.accounts[a].account.code_hash = code.empty() ? crypto::EMPTY_CODE_HASH : crypto::keccak256(code);
    }

    void create(const Address& a) {
        journal_.create_contract(a);
        touch(a);
        model_.created.insert(a);
        model_.accounts[a].storage.clear();
    }

    void store(const Address& a, const U256& key, const U256& value) {
        if (!model_.accounts.contains(a)) return;  // only contracts write storage
        if (model_.accounts[a]
                .account.is_empty()) {  // and a contract is not empty: it could be deleted under its storage
            journal_.set_nonce(a, 1), touch(a), model_.accounts[a].account.nonce = 1;
        }
        const auto write = journal_.store_storage(a, key, value);
        EXPECT_EQ(write.current, model_.storage(a, key));
        EXPECT_EQ(write.warmth == Warmth::Cold, model_.warm_slots.insert({a, key}).second);
        model_.set_storage(a, key, value);
    }

    void compare() {
        for (std::uint64_t i = 0; i < 6; ++i) {
            const Address a = pick(i);
            const auto found = model_.accounts.find(a);
            ASSERT_EQ(journal_.exists(a), found != model_.accounts.end());
            EXPECT_EQ(journal_.was_created_here(a), model_.created.contains(a));
            if (found != model_.accounts.end()) {
                EXPECT_EQ(*journal_.find_account(a), found->second.account);
                EXPECT_EQ(to_bytes(journal_.code(a)->view()), model_.codes[a]);
            }
            for (std::uint64_t key = 0; key < 3; ++key) {
                EXPECT_EQ(journal_.load_storage(a, key), model_.storage(a, key));
                const auto transient = model_.transient.find({a, key});
                EXPECT_EQ(journal_.load_transient(a, key),
                          transient == model_.transient.end() ? U256{} : transient->second);
            }
        }
        EXPECT_EQ(journal_.logs().size(), model_.logs);
        EXPECT_EQ(journal_.refund(), model_.refund);
    }

    void flush() {
        taken_.merge(journal_.take_diff());
        MemoryState by_diff = start_;
        by_diff.apply(taken_);
        EXPECT_EQ(by_diff.accounts, model_.accounts);
        for (const auto& [a, code] : model_.codes) {
            const bool is_needed = !code.empty() && model_.accounts.contains(a);
            EXPECT_TRUE(!is_needed || by_diff.codes.contains(crypto::keccak256(code)));
        }
    }

    std::mt19937_64 random_;
    chain::Rules rules_;
    MemoryState base_;
    Journal journal_;
    Model model_;
    StateDiff merged_, taken_;

public:
    MemoryState start_;
    void remember_start() { start_ = base_; }
};

TEST(JournalProperty, EqualsAModelThatCopies) {
    for (const auto fork : {chain::Fork::Homestead, chain::Fork::Byzantium, chain::Fork::Osaka}) {
        for (std::uint64_t seed = 0; seed < 150; ++seed) {
            Walk walk(seed, fork);
            walk.remember_start();
            walk.run(10);
            ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed << ", " << chain::to_string(fork);
        }
    }
}

}  // namespace
}  // namespace entresol::state
