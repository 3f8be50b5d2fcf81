#include "node/challenge/strategy.hpp"

#include <utility>

#include "core/codec/abi.hpp"
#include "core/riscv/state_root.hpp"

namespace entresol::challenge {
namespace {

using codec::AbiWriter;

AbiWriter words(const std::vector<Hash32>& roots) {
    AbiWriter out;
    for (const auto& root : roots) out.word(root);
    return out;
}
AbiWriter tuple_of(const Segment& segment) {
    return AbiWriter().word(segment.start).word(segment.ends[0]).word(segment.ends[1]);
}

class Adviser {
public:
    Adviser(const Game& game, Trace& trace, const Address& payee, std::uint64_t now_s)
        : game_(game), trace_(trace), payee_(payee), now_s_(now_s) {}

    Advice run() {
        if (!learn_side()) return {.is_blind = true};
        if (game_.status != Status::InProgress) {
            collect();
            return std::move(advice_);
        }
        join();
        for (const auto& [id, match] : game_.matches)
            if (id != WHOLE && game_.is_undecided(match)) advance(match);
        for (const auto& [id, list] : game_.lists)
            if (list.is_live && is_right(list)) open_against(list);
        const auto& whole = game_.matches.at(WHOLE);
        if (whole.is_out(1 - side_, now_s_, game_.rules)) add(MoveKind::Resolve, WHOLE, AbiWriter().call("resolve()"));
        return std::move(advice_);
    }

private:
    // Right roots of a segment, computed once.
    const std::vector<Hash32>* right_roots(unsigned level, std::uint64_t position) {
        const auto key = std::pair(level, position);
        auto it = right_.find(key);
        if (it == right_.end())
            it = right_.emplace(key, trace_.roots(position, game_.rules.segment_steps(level + 1), game_.rules.k()))
                     .first;
        if (it->second) return &*it->second;
        advice_.is_blind = true;
        return nullptr;
    }
    // Its roots are right, and so is what it supports: a right stretch of a wrong history falls with that history.
    bool is_right(const List& list) {
        const auto& match = game_.matches.at(list.match);
        if (list.match != WHOLE && !is_right(game_.lists.at(match.lists[list.side]))) return false;
        const auto* roots = right_roots(match.level, match.position);
        return roots != nullptr && *roots == list.roots;
    }

    bool learn_side() {
        last_state_ = trace_.state(game_.rules.segment_steps(0));
        const auto state = last_state_ ? riscv::decode_state(*last_state_) : std::nullopt;
        if (!state) return false;
        const auto& hart = state->hart;
        advice_.is_claim_right =
            hart.status == riscv::Status::Exited && hart.exit_code == 0 && riscv::result_of(hart) == game_.root_claim;
        side_ = advice_.is_claim_right ? DEFENDERS : CHALLENGERS;
        return true;
    }

    // A right list about the whole run: against a wrong claim at once, for a right one when somebody disputes it.
    void join() {
        const auto& whole = game_.matches.at(WHOLE);
        const auto deadline = whole.deadline(side_);
        if (!deadline || now_s_ > *deadline) return;
        const auto* roots = right_roots(0, 0);
        if (roots == nullptr || game_.find_list(WHOLE, *roots) != nullptr) return;
        add(MoveKind::Join, compute_list_id(WHOLE, *roots),
            AbiWriter().array(words(*roots)).bytes(*last_state_).address(payee_).call("join(bytes32[],bytes,address)"),
            game_.rules.list_bond_wei);
    }

    void advance(const Match& match) {
        unsigned side = 0;
        while (side < 2 && !is_right(game_.lists.at(match.lists[side]))) ++side;
        if (side == 2) return;  // between two wrong lists
        if (match.level == game_.rules.levels) return prove(match);
        if (match.is_out(1 - side, now_s_, game_.rules))
            return add(MoveKind::Settle, match.id, AbiWriter().word(match.id).call("settle(bytes32)"));
        const auto deadline = match.deadline(side);
        if (!deadline || now_s_ > *deadline) return;
        const auto* roots = right_roots(match.level, match.position);
        if (roots == nullptr || game_.find_list(match.id, *roots) != nullptr) return;
        add(MoveKind::Commit, compute_list_id(match.id, *roots),
            AbiWriter()
                .word(match.id)
                .tuple(tuple_of(match.segment))
                .uint(U256{side})
                .array(words(*roots))
                .address(payee_)
                .call("commit(bytes32,(bytes32,bytes32,bytes32),uint8,bytes32[],address)"),
            game_.rules.list_bond_wei);
    }

    void prove(const Match& match) {
        const auto proof = trace_.prove(match.position);
        if (!proof) {
            advice_.is_blind = true;
            return;
        }
        add(MoveKind::Prove, match.id,
            AbiWriter()
                .word(match.id)
                .tuple(tuple_of(match.segment))
                .bytes(*proof)
                .call("prove(bytes32,(bytes32,bytes32,bytes32),bytes)"));
    }

    void open_against(const List& own) {
        for (const auto& [id, rival] : game_.lists) {
            if (!rival.is_live || rival.match != own.match || rival.side == own.side) continue;
            const List& a = own.side == 0 ? own : rival;
            const List& b = own.side == 0 ? rival : own;
            const Hash32 match = compute_match_id(a.id, b.id);
            if (game_.matches.contains(match)) continue;
            add(MoveKind::Open, match,
                AbiWriter()
                    .word(a.id)
                    .word(b.id)
                    .tuple(tuple_of(game_.matches.at(own.match).segment))
                    .array(words(a.roots))
                    .array(words(b.roots))
                    .call("open(bytes32,bytes32,(bytes32,bytes32,bytes32),bytes32[],bytes32[])"));
        }
    }

    // Who called for it gets what it is owed; a list that was released already is refused by L1.
    void collect() {
        for (const auto& [id, list] : game_.lists)
            if (list.is_live && list.payee == payee_)
                add(MoveKind::Release, id, AbiWriter().word(id).call("release(bytes32)"));
        add(MoveKind::ClaimCredit, WHOLE, AbiWriter().address(payee_).call("claimCredit(address)"));
    }

    void add(MoveKind kind, const Hash32& subject, Bytes data, const U256& value = {}) {
        advice_.moves.push_back({kind, subject, std::move(data), value});
    }

    const Game& game_;
    Trace& trace_;
    const Address& payee_;
    std::uint64_t now_s_;
    unsigned side_ = CHALLENGERS;
    std::optional<Bytes> last_state_;
    std::map<std::pair<unsigned, std::uint64_t>, std::optional<std::vector<Hash32>>> right_;
    Advice advice_;
};

}  // namespace

std::string_view name_of(MoveKind kind) {
    constexpr std::string_view NAMES[] = {"join",   "commit",  "open",    "prove",
                                          "settle", "resolve", "release", "claimCredit"};
    return NAMES[static_cast<std::size_t>(kind)];
}

Advice next_moves(const Game& game, Trace& trace, const Address& payee, std::uint64_t now_s) {
    return Adviser(game, trace, payee, now_s).run();
}

}  // namespace entresol::challenge
