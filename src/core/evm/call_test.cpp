// Messages: depth, context, roll-back, creation, delegation, destruction.
#include <gtest/gtest.h>
#include <pthread.h>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/evm/assembler_testing.hpp"

namespace entresol::evm {
namespace {

using namespace testing;  // NOLINT
using chain::Fork;

Asm call(int opcode, const Address& to, std::uint64_t value = 0, std::uint64_t output_size = 0) {
    Asm code;
    code.push(output_size).push(0).push(0).push(0);
    if (opcode == OP_CALL || opcode == OP_CALLCODE) code.push(value);
    return code.push(to).op({OP_GAS, opcode});
}
U256 word(const CallResult& result) {
    return result.output.size() == 32 ? load_be256(result.output.data()) : U256{0xbad};
}

/// Counts in slot 0 how often it was entered, then calls itself with all gas. The slot counts frames, as nothing is rolled back.
Asm recursion() {
    return Asm()
        .push(0)
        .op(OP_SLOAD)
        .push(1)
        .op({OP_ADD})
        .push(0)
        .op(OP_SSTORE)
        .append(call(OP_CALL, CONTRACT))
        .op(OP_STOP);
}

struct DeepRun {
    World world{Fork::Frontier};
    CallResult result;
    static void* run(void* self) {
        auto& deep = *static_cast<DeepRun*>(self);
        // Before EIP-150 a call may pass all gas on, so that depth is what ends the recursion.
        const Asm body = Asm().push(0).op(OP_SLOAD).push(1).op(OP_ADD).push(0).op(OP_SSTORE);
        Asm code = Asm(body);
        for (int i = 0; i < 5; ++i) code.push(0);
        code.push(CONTRACT).push(6'000).op({OP_GAS, OP_SUB, OP_CALL});
        deep.result = deep.world.run_code(code, 100'000'000);
        return nullptr;
    }
};

TEST(Calls, nest_1024_deep_on_a_small_native_stack) {
    DeepRun deep;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 128 * 1024);
    pthread_t thread;
    ASSERT_EQ(pthread_create(&thread, &attributes, DeepRun::run, &deep), 0);
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
    EXPECT_EQ(deep.result.status, Status::Success);
    EXPECT_EQ(deep.world.journal->load_storage(CONTRACT, U256{}), U256{1025});  // depths 0 to 1024
}

TEST(Calls, nest_as_deep_as_the_63_64_rule_lets_them) {
    World world(Fork::Osaka);
    const auto result = world.run_code(recursion(), 30'000'000);
    EXPECT_EQ(result.status, Status::Success);
    const U256 depth = world.journal->load_storage(CONTRACT, U256{});
    EXPECT_GT(depth, U256{300});
    EXPECT_LT(depth, U256{1024});
}

/// Every frame fills its whole stack and some memory, so that stacks and memories lie in many chunks, then checks its own.
TEST(Calls, frames_keep_their_stacks_and_memories_apart) {
    World world(Fork::Osaka);
    Asm code;
    code.push(0).op({OP_CALLDATALOAD, OP_DUP1, OP_ISZERO}).jump_if("bottom");
    code.op(OP_DUP1).push(0).op(OP_MSTORE).op(OP_DUP1).push(5'000).op(OP_MSTORE);
    for (int i = 0; i < 1'000; ++i) code.op(OP_DUP1);
    code.push(1).op({OP_DUP2, OP_SUB}).push(64).op(OP_MSTORE);
    code.push(32).push(96).push(32).push(64).push(CONTRACT).op({OP_GAS, OP_STATICCALL, OP_ISZERO}).jump_if("fail");
    code.push(5'000).op({OP_MLOAD, OP_DUP2, OP_EQ, OP_ISZERO}).jump_if("fail");
    for (int i = 0; i < 1'000; ++i) code.op(OP_AND);  // the same value a thousand times
    code.push(0).op({OP_MLOAD, OP_EQ, OP_ISZERO}).jump_if("fail");
    code.push(96).op(OP_MLOAD).push(1).op(OP_ADD).return_top();
    code.label("bottom").return_top().label("fail").op(OP_INVALID);
    const Bytes input = to_bytes(to_hash32(U256{100}).view());
    const auto result = world.run_code(code, 1'000'000'000, input);
    ASSERT_EQ(result.status, Status::Success) << to_string(result.status);
    EXPECT_EQ(word(result), U256{100});
}

TEST(Calls, context_by_kind) {
    const Asm who = Asm()
                        .op(OP_CALLER)
                        .op({OP_ADDRESS})
                        .op({OP_CALLVALUE})
                        .push(0)
                        .op(OP_MSTORE)
                        .push(32)
                        .op(OP_MSTORE)
                        .push(64)
                        .op(OP_MSTORE)
                        .push(96)
                        .push(0)
                        .op(OP_RETURN);
    const auto seen = [&](int opcode) {
        World world(Fork::Osaka);
        world.put(OTHER, who);
        world.state.accounts[CONTRACT].account.balance = 10;
        const auto result =
            world.run_code(call(opcode, OTHER, 3, 96).op(OP_POP).push(96).push(0).op(OP_RETURN), 1'000'000, {}, 2);
        EXPECT_EQ(result.output.size(), 96U);
        const auto at = [&](std::size_t i) { return load_be256(result.output.data() + 32 * i); };
        return std::array<U256, 3>{at(0), at(1), at(2)};
    };
    const U256 alice = to_u256(ALICE), self = to_u256(CONTRACT), other = to_u256(OTHER);
    EXPECT_EQ(seen(OP_CALL), (std::array<U256, 3>{3, other, self}));
    EXPECT_EQ(seen(OP_CALLCODE), (std::array<U256, 3>{3, self, self}));
    EXPECT_EQ(seen(OP_DELEGATECALL), (std::array<U256, 3>{2, self, alice}));
    EXPECT_EQ(seen(OP_STATICCALL), (std::array<U256, 3>{0, other, self}));
}

TEST(Calls, static_frames_refuse_every_change) {
    const std::pair<const char*, Asm> changes[] = {
        {"SSTORE", Asm().push(1).push(1).op(OP_SSTORE)},
        {"TSTORE", Asm().push(1).push(1).op(OP_TSTORE)},
        {"LOG0", Asm().push(0).push(0).op(OP_LOG0)},
        {"CREATE", Asm().push(0).push(0).push(0).op(OP_CREATE)},
        {"CREATE2", Asm().push(0).push(0).push(0).push(0).op(OP_CREATE2)},
        {"SELFDESTRUCT", Asm().push(0).op(OP_SELFDESTRUCT)},
        {"CALL with value", call(OP_CALL, ALICE, 1)},
    };
    for (const auto& [name, change] : changes) {
        World world(Fork::Osaka);
        world.put(OTHER, change);
        world.state.accounts[OTHER].account.balance = 5;
        EXPECT_EQ(word(world.run_code(call(OP_STATICCALL, OTHER).return_top())), U256{0}) << name;
        EXPECT_EQ(word(world.run_code(call(OP_CALL, OTHER).return_top())), U256{1}) << name;
    }
    World world(Fork::Osaka);
    world.put(OTHER, call(OP_CALLCODE, ALICE, 1).return_top());  // moves nothing
    world.state.accounts[OTHER].account.balance = 5;
    EXPECT_EQ(word(world.run_code(call(OP_STATICCALL, OTHER).return_top())), U256{1});
}

TEST(Calls, failure_rolls_back_and_takes_the_gas_but_revert_returns_it) {
    for (const bool reverts : {true, false}) {
        World world(Fork::Osaka);
        world.put(OTHER, Asm().push(1).push(1).op(OP_SSTORE).push(7).push(0).op(OP_MSTORE).push(32).push(0).op(
                             reverts ? OP_REVERT : OP_INVALID));
        const Asm code = Asm().append(call(OP_CALL, OTHER)).op(OP_RETURNDATASIZE).op({OP_ADD}).return_top();
        const auto result = world.run_code(code, 1'000'000);
        EXPECT_EQ(word(result), U256{reverts ? 32U : 0U});
        EXPECT_TRUE(world.journal->load_storage(OTHER, U256{1}).is_zero());
        if (reverts)
            EXPECT_GT(result.gas_left, 900'000U);
        else
            EXPECT_LT(result.gas_left, 20'000U);
    }
}

TEST(Calls, return_data_is_bounded_and_belongs_to_the_last_call) {
    World world(Fork::Osaka);
    world.put(OTHER, Asm().push(7).return_top());
    const auto copy = [](const U256& from, const U256& size) {
        return Asm()
            .append(call(OP_CALL, OTHER))
            .push(size)
            .push(from)
            .push(0)
            .op(OP_RETURNDATACOPY)
            .push(0)
            .op(OP_MLOAD)
            .return_top();
    };
    EXPECT_EQ(word(world.run_code(copy(0, 32))), U256{7});
    EXPECT_EQ(world.run_code(copy(1, 32)).status, Status::ReturnDataOutOfBounds);
    EXPECT_EQ(world.run_code(copy(33, 0)).status, Status::ReturnDataOutOfBounds);
    EXPECT_EQ(world.run_code(copy(U256::max(), 2)).status, Status::ReturnDataOutOfBounds);
    // A later call without output empties it, as does one that cannot be made.
    EXPECT_EQ(word(world.run_code(
                  Asm().append(call(OP_CALL, OTHER)).append(call(OP_CALL, ALICE)).op(OP_RETURNDATASIZE).return_top())),
              U256{});
    EXPECT_EQ(
        word(world.run_code(
            Asm().append(call(OP_CALL, OTHER)).append(call(OP_CALL, ALICE, ETHER)).op(OP_RETURNDATASIZE).return_top())),
        U256{});
    // Shorter output leaves the rest of the caller's memory alone.
    world.put(OTHER, Asm().push(1).push(0).op(OP_RETURN));
    EXPECT_EQ(word(world.run_code(Asm()
                                      .push(U256::max())
                                      .push(0)
                                      .op(OP_MSTORE)
                                      .append(call(OP_CALL, OTHER, 0, 32))
                                      .op(OP_POP)
                                      .push(0)
                                      .op(OP_MLOAD)
                                      .return_top())),
              U256::max() >> 8);
}

TEST(Calls, need_the_value_they_send) {
    World world(Fork::Osaka);
    world.state.accounts[CONTRACT].account.balance = 5;
    EXPECT_EQ(word(world.run_code(call(OP_CALL, OTHER, 6).return_top())), U256{0});
    EXPECT_EQ(word(world.run_code(call(OP_CALL, OTHER, 5).return_top())), U256{1});
    EXPECT_EQ(world.journal->balance(OTHER), U256{5});
    const auto poor = world.call(CONTRACT, 100'000, {}, U256::max());
    EXPECT_EQ(poor.status, Status::InsufficientBalance);
    EXPECT_EQ(poor.gas_left, 100'000U);
}

// --- creation

/// Initcode that returns `code`.
Bytes deployer(ByteView code) {
    Bytes init =
        Asm().push(code.size()).op({OP_DUP1}).push(11).push(0).op({OP_CODECOPY}).push(0).op({OP_RETURN}).build();
    CHECK(init.size() <= 13);
    const auto size = static_cast<std::uint8_t>(init.size());
    for (std::size_t i = 0; i + 1 < init.size(); ++i)
        if (init[i] == OP_PUSH1 && init[i + 1] == 11) init[i + 1] = size;
    append(init, code);
    return init;
}
CallResult create(World& world, ByteView initcode, std::uint64_t gas = 10'000'000, const U256& value = {}) {
    Message message{.kind = CallKind::Create,
                    .gas = gas,
                    .recipient = OTHER,
                    .code_address = OTHER,
                    .caller = ALICE,
                    .value = value,
                    .input = initcode};
    return world.run(message);
}

TEST(Creation, deposits_code_within_the_limits_of_the_fork) {
    struct Case {
        Fork fork;
        Bytes code;
        Status status;
    };
    const Case cases[] = {
        {Fork::Osaka, Bytes(24'576), Status::Success},
        {Fork::Osaka, Bytes(24'577), Status::CodeSize},
        {Fork::TangerineWhistle, Bytes(24'577), Status::Success},  // before EIP-170
        {Fork::London, {0xef}, Status::CodeFirstByte},
        {Fork::Berlin, {0xef}, Status::Success},  // EIP-3541
        {Fork::Osaka, {}, Status::Success},
    };
    for (const auto& c : cases) {
        World world(c.fork);
        const auto result = create(world, deployer(c.code));
        EXPECT_EQ(result.status, c.status) << chain::to_string(c.fork) << " " << c.code.size();
        if (c.status == Status::Success)
            EXPECT_EQ(world.journal->code(OTHER)->size, c.code.size());
        else
            EXPECT_FALSE(world.journal->exists(OTHER));
        EXPECT_EQ(world.journal->nonce(OTHER), c.status == Status::Success && c.fork >= Fork::SpuriousDragon ? 1U : 0U);
    }
}

TEST(Creation, without_gas_for_the_deposit) {
    const Bytes init = deployer(Bytes(100));  // 20,000 gas to deposit
    World frontier(Fork::Frontier);
    const auto kept = create(frontier, init, 10'000);
    EXPECT_EQ(kept.status, Status::Success);
    EXPECT_GT(kept.gas_left, 9'000U);
    EXPECT_EQ(frontier.journal->code(OTHER)->size, 0U);
    World homestead(Fork::Homestead);
    EXPECT_EQ(create(homestead, init, 10'000).status, Status::OutOfGas);  // EIP-2
}

TEST(Creation, collides_with_nonce_code_or_storage) {
    for (int what = 0; what < 4; ++what) {
        World world(Fork::Osaka);
        auto& account = world.state.accounts[OTHER];
        account.account.balance = 1;  // no obstacle
        if (what == 1) account.account.nonce = 1;
        if (what == 2) world.put(OTHER, Asm().op(OP_STOP));
        if (what == 3) account.storage[U256{1}] = 1;  // EIP-7610
        const auto result = create(world, {});
        EXPECT_EQ(result.status, what == 0 ? Status::Success : Status::AddressCollision) << what;
        EXPECT_EQ(result.gas_left, what == 0 ? 10'000'000U : 0U) << what;
    }
}

TEST(Creation, addresses_of_create_and_create2) {
    World world(Fork::Osaka);
    world.state.accounts[CONTRACT].account.nonce = 9;
    EXPECT_EQ(word(world.run_code(Asm().push(0).push(0).push(0).op(OP_CREATE).return_top())),
              to_u256(chain::create_address(CONTRACT, 9)));
    EXPECT_EQ(world.journal->nonce(CONTRACT), 10U);
    EXPECT_EQ(word(world.run_code(Asm().push(5).push(0).push(0).push(0).op(OP_CREATE2).return_top())),
              to_u256(chain::create2_address(CONTRACT, to_hash32(U256{5}), crypto::EMPTY_CODE_HASH)));
}

TEST(Creation, refused_creations_leave_the_nonce) {
    const Asm code = Asm().push(0).push(0).push(6).op(OP_CREATE).return_top();
    World poor(Fork::Osaka);
    EXPECT_EQ(word(poor.run_code(code)), U256{});
    EXPECT_EQ(poor.journal->nonce(CONTRACT), 0U);
    World old(Fork::Osaka);  // EIP-2681
    old.state.accounts[CONTRACT].account.balance = 6;
    old.state.accounts[CONTRACT].account.nonce = ~0ULL;
    EXPECT_EQ(word(old.run_code(code)), U256{});
    EXPECT_EQ(old.journal->nonce(CONTRACT), ~0ULL);
}

TEST(Creation, reverting_initcode_gives_its_data_to_the_creator) {
    World world(Fork::Osaka);
    const U256 init = load_be(*parse_hex("60206000fd"));  // revert(0, 32)
    const Asm code = Asm()
                         .push(init)
                         .push(0)
                         .op(OP_MSTORE)
                         .push(5)
                         .push(27)
                         .push(0)
                         .op({OP_CREATE, OP_RETURNDATASIZE, OP_ADD})
                         .return_top();
    EXPECT_EQ(word(world.run_code(code)), U256{32});
    EXPECT_EQ(world.journal->nonce(CONTRACT), 1U);
}

// --- delegation (EIP-7702), destruction

Bytes designator(const Address& to) {
    Bytes code = {0xef, 0x01, 0x00};
    append(code, to.view());
    return code;
}

TEST(Delegation, runs_the_delegates_code_once) {
    World world(Fork::Prague);
    const Address wallet = address(50), second = address(51);
    world.put(OTHER, Asm().op(OP_ADDRESS).return_top());
    world.state.set_code(wallet, designator(OTHER));
    world.state.set_code(second, designator(wallet));
    const Asm ask = Asm().append(call(OP_CALL, wallet, 0, 32)).op(OP_POP).push(0).op(OP_MLOAD).return_top();
    EXPECT_EQ(word(world.run_code(ask)), to_u256(wallet));
    EXPECT_EQ(world.call(second, 100'000).status, Status::InvalidOpcode);  // one level: 0xef runs
    EXPECT_EQ(word(world.run_code(Asm().push(wallet).op(OP_EXTCODESIZE).return_top())), U256{23});
    world.state.set_code(wallet, designator(to_address(U256{4})));
    EXPECT_EQ(word(world.run_code(call(OP_CALL, wallet).op(OP_RETURNDATASIZE).op(OP_ADD).return_top())),
              U256{1});  // a precompile: empty code
}

TEST(Delegation, access_to_the_delegate_costs) {
    World world(Fork::Prague);
    const Address wallet = address(50);
    world.put(OTHER, Asm().op(OP_STOP));
    world.state.set_code(wallet, designator(OTHER));
    const auto used = [&](const Asm& code) { return 1'000'000 - world.run_code(code).gas_left; };
    const auto plain = used(call(OP_CALL, OTHER));
    EXPECT_EQ(used(call(OP_CALL, wallet)), plain + 2600);
    EXPECT_EQ(used(Asm().append(call(OP_CALL, OTHER)).append(call(OP_CALL, wallet))), 2 * plain + 100);
    world.block.rules = rules_of(Fork::Cancun);
    EXPECT_EQ(word(world.run_code(call(OP_CALL, wallet).return_top())), U256{});  // before: invalid code
}

TEST(Destruction, moves_everything_and_spares_old_contracts_since_cancun) {
    for (const Fork fork : {Fork::Shanghai, Fork::Cancun}) {
        World world(fork);
        world.state.accounts[CONTRACT].account.balance = 5;
        EXPECT_EQ(world.run_code(Asm().push(OTHER).op(OP_SELFDESTRUCT)).status, Status::Success);
        EXPECT_EQ(world.journal->balance(OTHER), U256{5});
        world.journal->finish_transaction(world.block.rules);
        EXPECT_EQ(world.journal->exists(CONTRACT), fork == Fork::Cancun);
        // To itself: burnt before Cancun, kept since (EIP-6780).
        EXPECT_EQ(world.run_code(Asm().op({OP_ADDRESS, OP_SELFDESTRUCT})).status, Status::Success);
        EXPECT_EQ(world.journal->balance(CONTRACT), U256{fork == Fork::Cancun ? 5U : 0U});
    }
    World world(Fork::Berlin);
    (void)world.run_code(Asm().push(OTHER).op(OP_SELFDESTRUCT));
    EXPECT_EQ(world.journal->refund(), 24'000);
}

}  // namespace
}  // namespace entresol::evm
