// What a transaction of thirty million gas can make us hold: each attack runs in a process of its own, whose largest resident size is asked of the system.
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <functional>

#include "core/base/hex.hpp"
#include "core/stf/transaction_testing.hpp"

namespace entresol::stf {
namespace {

using namespace testing;  // NOLINT

constexpr std::uint64_t GAS = 30'000'000;
const Address CALLEE = address(9);

chain::Transaction attack_on(const Address& to) {
    chain::Transaction tx = transfer(0);
    tx.to = to;
    tx.gas_limit = GAS;
    tx.max_fee_per_gas = tx.max_priority_fee_per_gas = U256{10};
    return tx;
}

/// The child's largest resident size in MiB, less what a child that does nothing has. Negative: the attack was not even admitted.
long resident_mib(const std::function<bool()>& attack) {
    const auto run = [](const std::function<bool()>& work) -> long {
        const pid_t child = fork();
        if (child == 0) _exit(work() ? 0 : 1);
        int status = 0;
        rusage usage{};
        if (wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return -1;
        return usage.ru_maxrss;
    };
    const long idle = run([] { return true; }), busy = run(attack);
    return busy < 0 ? -1 : (busy - idle) / 1024;
}

struct Attack {
    const char* name;
    const char* code;
    long most_mib;
    std::uint64_t least_gas = GAS;  // that it spends: else it was no attack
};
// Bytes are hexadecimal; a loop's JUMPDEST is where its PUSH0 or PUSH1 1 jumps.
const Attack ATTACKS[] = {
    {"DeepCallsThatEachExpandTheirMemory", "62015f90515060006000600060006000305af100", 80, 2'000'000},
    {"TransientSlotsWithoutEnd", "5f5b80805d600101600156", 120},
    {"NewSlotsWithoutEnd", "5f5b808055600101600156", 60},
    {"ColdSlotsWithoutEnd", "5f5b805450600101600156", 60},
    {"ColdAccountsWithoutEnd", "5f5b803150600101600156", 60},
    {"LogsOfAMegabyte", "5b621000005fa05f56", 60},
    {"InitcodeOfFortyEightKilobytesAgainAndAgain", "5b61c0005f5ff0505f56", 60},
    {"AMegabyteReturnedAgainAndAgain", "5b5f5f5f5f5f73aa000000000000000000000000000000000000095af1505f56", 60},
    {"ItselfCalledToTheEnd", "5f5f5f5f5f305af100", 60, 60'000},
};

Bytes code_of(std::string text) {
    std::erase(text, ' ');
    return parse_hex(text).value();
}

class BoundedMemory : public ::testing::Test {
protected:
    void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        GTEST_SKIP() << "a sanitizer keeps what was freed";
#endif
    }
};

class BoundedMemoryOfAttacks : public BoundedMemory, public ::testing::WithParamInterface<Attack> {};

TEST_P(BoundedMemoryOfAttacks, StaysBelow) {
    const auto& attack = GetParam();
    const long mib = resident_mib([&] {
        World world(l1_rules(chain::Fork::Prague));
        world.state.set_code(CONTRACT, code_of(attack.code));
        world.state.set_code(CALLEE, code_of("621000005ff3"));  // returns a megabyte
        const auto outcome = world.apply(attack_on(CONTRACT));
        return outcome.has_value() && outcome->gas_used >= attack.least_gas;
    });
    EXPECT_GE(mib, 0) << "the attack did not run";
    EXPECT_LE(mib, attack.most_mib);
}
INSTANTIATE_TEST_SUITE_P(Attacks, BoundedMemoryOfAttacks, ::testing::ValuesIn(ATTACKS),
                         [](const auto& attack) { return attack.param.name; });

TEST_F(BoundedMemory, OfAnAccessListAsLongAsGasAllows) {
    const long mib = resident_mib([] {
        World world(l1_rules(chain::Fork::Prague));
        auto tx = attack_on(CONTRACT);
        tx.type = chain::TxType::AccessList;
        tx.chain_id = 1;
        for (std::uint64_t i = 0; i < 6'000; ++i) {
            chain::AccessListEntry entry{from_bytes<Address>(to_hash32(U256{i + 1'000}).view().subspan(12)), {}};
            entry.storage_keys.push_back(to_hash32(U256{i}));
            tx.access_list.push_back(entry);
        }
        return world.apply(tx).has_value();
    });
    EXPECT_GE(mib, 0);
    EXPECT_LE(mib, 60);
}

}  // namespace
}  // namespace entresol::stf
