// Random games on the real contracts: the honest side against liars, traitors and stallers over a real program and the real step. Each seed
// is one game; ENTRESOL_GAMES=n plays more of them.
#include "node/challenge/strategy.hpp"

#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "core/riscv/assemble_testing.hpp"
#include "core/riscv/memory_tree.hpp"
#include "core/riscv/state_root.hpp"
#include "node/challenge/game_chain_testing.hpp"
#include "node/challenge/machine_trace.hpp"

namespace entresol::challenge {
namespace {

using testing::account;
using testing::GameChain;
using Random = std::mt19937_64;

constexpr std::uint64_t ENTRY = 0x80000000;
constexpr Rules RULES{.levels = 3, .log2_k = 2, .clock_s = 1000, .extension_s = 50, .list_bond_wei = U256{80'000}};
constexpr std::uint64_t STEPS = 64;
const Address HONEST = account(0xaa);

// Mixes its input in registers and memory for some rounds, hashes that by a call, then exits with the mixture and the hash.
constexpr std::uint64_t CALL_STEP = 54;
riscv::Machine make_machine(const Hash32& input) {
    using namespace riscv::testing;
    const std::uint32_t words[] = {i_type("addi", 6, 0, 7),
                                   r_type("add", 7, 7, 10),
                                   r_type("xor", 8, 7, 11),
                                   r_type("mul", 7, 8, 12),
                                   s_type("sd", 0, 7, 0x200),
                                   i_type("ld", 9, 0, 0x200),
                                   i_type("addi", 6, 6, -1),
                                   b_type("bne", 6, 0, -24),
                                   i_type("addi", 10, 0, 0x300),
                                   i_type("addi", 11, 0, 0x200),
                                   i_type("addi", 12, 0, 16),
                                   i_type("addi", 17, 0, 0x400),
                                   0x00000073,
                                   i_type("ld", 11, 0, 0x300),
                                   r_type("add", 12, 8, 0),
                                   i_type("addi", 10, 0, 0),
                                   i_type("addi", 17, 0, 93),
                                   0x00000073};
    riscv::Machine machine{.hart = {}, .memory = riscv::Memory(16)};
    for (std::size_t i = 0; i < std::size(words); ++i) machine.memory.store(ENTRY + 4 * i, 4, words[i]);
    machine.hart.pc = ENTRY;
    riscv::set_input(machine.hart, input);
    return machine;
}

Hash32 program_root() {
    auto machine = make_machine({});
    riscv::MemoryTree tree;
    return tree.update(machine.memory);
}

// A history told root by root. Proofs are those of the right machine: L1 takes no other.
class ToldTrace final : public Trace {
public:
    explicit ToldTrace(Trace& right) : right_(right) {}
    std::optional<std::vector<Hash32>> roots(std::uint64_t first, std::uint64_t spacing, std::size_t count) override {
        std::vector<Hash32> out;
        for (std::size_t i = 1; i <= count; ++i) out.push_back(all.at(first + i * spacing));
        return out;
    }
    std::optional<Bytes> state(std::uint64_t step) override { return step == STEPS ? last : right_.state(step); }
    std::optional<Bytes> prove(std::uint64_t step) override { return right_.prove(step); }

    std::vector<Hash32> all;
    Bytes last;

private:
    Trace& right_;
};

// From the lie on the machine goes on as it would from another state.
ToldTrace tell_lie(const Hash32& input, std::uint64_t lie_at, std::uint64_t salt, Trace& right) {
    ToldTrace told(right);
    auto machine = make_machine(input);
    riscv::MemoryTree tree;
    riscv::State state{tree.update(machine.memory), machine.hart};
    told.all.push_back(compute_state_root(state));
    for (std::uint64_t i = 0; i < STEPS; ++i) {
        riscv::step(machine);
        if (i == lie_at && i == CALL_STEP)
            machine.memory.store(0x300, 8, salt);  // the call's result
        else if (i == lie_at)
            machine.hart.x[i % 2 == 0 ? 7 : 12] ^= salt | 1;
        state = {tree.update(machine.memory), machine.hart};
        told.all.push_back(compute_state_root(state));
    }
    const auto encoded = encode_state(state);
    told.last = Bytes(encoded.begin(), encoded.end());
    return told;
}

// Right at the end, wrong for a while before.
ToldTrace tell_detour(std::uint64_t from, std::uint64_t to, Random& random, Trace& right) {
    ToldTrace told(right);
    const auto rest = right.roots(0, 1, STEPS);
    told.all.push_back({});
    told.all.insert(told.all.end(), rest->begin(), rest->end());
    for (std::uint64_t i = from; i < to; ++i) told.all[i].bytes[0] ^= static_cast<std::uint8_t>(random() | 1);
    told.last = right.state(STEPS).value();
    return told;
}

Hash32 result_of(Trace& trace) { return riscv::result_of(riscv::decode_state(trace.state(STEPS).value())->hart); }

struct Liar {
    ToldTrace trace;
    unsigned industry;  // of 100: how often it makes a move that it could make
    Address payee;
};

struct Outcome {
    bool honest_won = false;
    std::uint64_t took_s = 0, longest_pause_s = 0, honest_moves = 0, honest_lists = 0, wrong_lists = 0, gas = 0;
    U256 locked, got_back;
};

class RandomGame {
public:
    RandomGame(GameChain& chain, std::uint64_t seed)
        : chain_(chain),
          random_(seed),
          input_(chain.input_hash_of(seed + 1)),
          right_([this] { return make_machine(input_); }) {
        const bool wants_right = pick(2) == 0;
        const auto count = 1 + pick(4);
        for (std::uint64_t i = 0; i < count; ++i) liars_.push_back(make_liar(i));
        const Hash32 claim = wants_right ? result_of(right_) : result_of(liars_[0].trace);
        // A detour's result is right, and so would a claim of it be.
        claim_is_right_ = claim == result_of(right_);
        created_s_ = chain.time_s;
        game_address_ = chain.create_game(claim, seed + 1);
        game_ = Game::begin(RULES, claim, created_s_);
    }

    Outcome play() {
        const U256 before = chain_.balance(HONEST);  // bonds come from elsewhere
        for (unsigned round = 0; round < 2000 && game_.status == Status::InProgress; ++round) {
            std::uint64_t made = 0;
            for (auto& liar : liars_) made += move_liar(liar);
            if (pick(5) != 0 || waited_s_ > RULES.clock_s / 3)
                made += move_honest();
            else
                waited_s_ += PAUSE_S;
            // While nothing happens the liars' clocks run; the honest side owes nothing then.
            const auto pause =
                made == 0 && waited_s_ > RULES.clock_s / 3 ? 1 + pick(RULES.clock_s / 2) : pick(PAUSE_S + 1);
            outcome_.longest_pause_s = std::max(outcome_.longest_pause_s, pause);
            outcome_.took_s = chain_.time_s - created_s_;
            chain_.time_s += pause;
        }
        outcome_.honest_won = game_.status == (claim_is_right_ ? Status::DefendersWin : Status::ChallengersWin);
        outcome_.wrong_lists = game_.lists.size() - outcome_.honest_lists;
        move_honest();
        outcome_.got_back = chain_.balance(HONEST) - before;
        return outcome_;
    }

private:
    static constexpr std::uint64_t PAUSE_S = 20;

    std::uint64_t pick(std::uint64_t n) { return random_() % n; }

    Liar make_liar(std::uint64_t i) {
        constexpr unsigned INDUSTRY[] = {0, 30, 90, 100};
        const Address payee = account(static_cast<std::uint8_t>(0x10 + i));
        const auto industry = INDUSTRY[pick(4)];
        if (pick(4) == 0) {
            const auto from = 1 + pick(STEPS - 1);
            return {tell_detour(from, from + 1 + pick(STEPS - from), random_, right_), industry, payee};
        }
        // The last places are steps of a machine that has stopped.
        constexpr std::uint64_t EDGES[] = {0, 1, 15, 16, CALL_STEP, CALL_STEP + 1, 59, STEPS - 1};
        const auto lie_at = pick(2) == 0 ? EDGES[pick(8)] : pick(STEPS);
        return {tell_lie(input_, lie_at, random_(), right_), industry, payee};
    }

    std::uint64_t move_liar(Liar& liar) {
        std::uint64_t made = 0;
        for (const auto& move : next_moves(game_, liar.trace, liar.payee, chain_.time_s).moves) {
            const bool first = move.kind == MoveKind::Join;
            if (pick(100) >= (first ? 60 : liar.industry) || game_.status != Status::InProgress) continue;
            if (chain_.send(game_address_, move.data, liar.payee, move.value, &game_)) ++made;
        }
        return made;
    }

    std::uint64_t move_honest() {
        std::uint64_t made = 0;
        const auto advice = next_moves(game_, right_, HONEST, chain_.time_s);
        EXPECT_FALSE(advice.is_blind);
        EXPECT_EQ(advice.is_claim_right, claim_is_right_);
        for (const auto& move : advice.moves) {
            const bool ok = chain_.send(game_address_, move.data, HONEST, move.value, &game_).has_value();
            // One move may have decided what another was about.
            const bool may_fail = move.kind == MoveKind::Settle || move.kind == MoveKind::Prove ||
                                  move.kind == MoveKind::Open || move.kind == MoveKind::Release;
            EXPECT_TRUE(ok || may_fail) << name_of(move.kind) << " " << chain_.last_error;
            if (!ok) continue;
            ++made;
            outcome_.gas += chain_.gas_used;
            if (move.kind == MoveKind::Join || move.kind == MoveKind::Commit) {
                ++outcome_.honest_lists;
                outcome_.locked = outcome_.locked + move.value;
            }
        }
        if (game_.status == Status::InProgress) outcome_.honest_moves += made;
        return made;
    }

    GameChain& chain_;
    Random random_;
    Hash32 input_;
    MachineTrace right_;
    std::vector<Liar> liars_;
    bool claim_is_right_ = false;
    std::uint64_t created_s_ = 0, waited_s_ = 0;
    Address game_address_;
    Game game_;
    Outcome outcome_;
};

TEST(Strategy, TheProgramMakesACallAndEnds) {
    auto machine = make_machine({});
    EXPECT_EQ(riscv::run(machine, CALL_STEP), CALL_STEP);
    EXPECT_EQ(machine.memory.load(machine.hart.pc, 4), 0x73U);
    EXPECT_EQ(machine.hart.x[17], 0x400U);
    EXPECT_LT(riscv::run(machine, STEPS), STEPS - CALL_STEP);
    EXPECT_EQ(machine.hart.status, riscv::Status::Exited);
    EXPECT_NE(riscv::result_of(machine.hart), Hash32{});
}

TEST(Strategy, HonestSideWinsRandomGamesInTimeAndIsPaid) {
    const char* more = std::getenv("ENTRESOL_GAMES");
    const std::uint64_t games = more != nullptr ? std::strtoull(more, nullptr, 10) : 300;
    GameChain chain(RULES, program_root(), ENTRY);
    std::uint64_t wrong_lists = 0, honest_lists = 0, longest_s = 0, disputes = 0;
    for (std::uint64_t seed = 0; seed < games; ++seed) {
        const auto outcome = RandomGame(chain, seed).play();
        ASSERT_TRUE(outcome.honest_won) << "seed " << seed;
        const auto bound = 2 * RULES.clock_s + 2 * RULES.extension_s * (RULES.levels + 1) + 1;
        ASSERT_LE(outcome.took_s, bound + outcome.longest_pause_s) << "seed " << seed;
        ASSERT_LE(outcome.honest_lists, outcome.wrong_lists + 1) << "seed " << seed;
        ASSERT_LE(outcome.honest_moves, 3 * outcome.wrong_lists + 2) << "seed " << seed;
        ASSERT_GE(outcome.got_back, outcome.locked) << "seed " << seed;
        wrong_lists += outcome.wrong_lists;
        honest_lists += outcome.honest_lists;
        longest_s = std::max(longest_s, outcome.took_s);
        disputes += outcome.wrong_lists > 0 && outcome.honest_lists > 0 ? 1 : 0;
    }
    RecordProperty("games", std::to_string(games));
    std::printf("%llu games, %llu of them disputes; %llu wrong lists, %llu right ones; the longest took %llu s\n",
                static_cast<unsigned long long>(games), static_cast<unsigned long long>(disputes),
                static_cast<unsigned long long>(wrong_lists), static_cast<unsigned long long>(honest_lists),
                static_cast<unsigned long long>(longest_s));
    EXPECT_GT(disputes, games / 4);
}

}  // namespace
}  // namespace entresol::challenge
