#include "node/settlement/claim_terms.hpp"

#include <algorithm>

#include "core/codec/abi.hpp"

namespace entresol::settlement {
namespace {

using codec::AbiReader;
using codec::AbiWriter;

l1::L1Error malformed(const char* what) {
    return {l1::L1ErrorKind::BadAnswer, std::string("malformed answer from the dispute contracts: ") + what};
}

l1::L1Result<std::uint64_t> ask_u64(l1::L1Client& client, const Address& to, const char* signature) {
    TRY(const auto answer, client.call(to, AbiWriter().call(signature)));
    const auto value = AbiReader(answer).read_u64();
    if (!value) return fail(malformed(signature));
    return *value;
}
l1::L1Result<Hash32> ask_word(l1::L1Client& client, const Address& to, const char* signature) {
    TRY(const auto answer, client.call(to, AbiWriter().call(signature)));
    const auto value = AbiReader(answer).read_word();
    if (!value) return fail(malformed(signature));
    return *value;
}
l1::L1Result<Address> ask_address(l1::L1Client& client, const Address& to, const char* signature) {
    TRY(const auto answer, client.call(to, AbiWriter().call(signature)));
    const auto value = AbiReader(answer).read_address();
    if (!value) return fail(malformed(signature));
    return *value;
}

}  // namespace

l1::L1Result<ClaimTerms> load_claim_terms(l1::L1Client& client, const Address& portal, const Address& factory) {
    ClaimTerms terms;
    TRY(const auto type, ask_u64(client, portal, "respectedGameType()"));
    if (type > UINT32_MAX) return fail(malformed("respectedGameType()"));
    terms.game_type = static_cast<std::uint32_t>(type);
    TRY(const auto registry, ask_address(client, portal, "anchorStateRegistry()"));
    TRY(const auto answer, client.call(registry, AbiWriter().call("getAnchorRoot()")));
    AbiReader anchor(answer);
    const auto root = anchor.read_word();
    const auto number = anchor.read_u64();
    if (!root || !number) return fail(malformed("getAnchorRoot()"));
    terms.anchor_root = *root;
    terms.anchor_block = *number;
    TRY(const auto bond, client.call(factory, AbiWriter().uint(U256{type}).call("initBonds(uint32)")));
    const auto wei = AbiReader(bond).read_uint();
    if (!wei) return fail(malformed("initBonds(uint32)"));
    terms.bond_wei = *wei;
    return terms;
}

l1::L1Result<std::optional<Proposal>> load_proposal(l1::L1Client& client, const Address& factory, std::uint64_t index) {
    TRY(const auto entry, client.call(factory, AbiWriter().uint(U256{index}).call("gameAtIndex(uint256)")));
    AbiReader reader(entry);
    const auto type = reader.read_u64();
    const auto created_at = reader.read_u64();
    const auto game = reader.read_address();
    if (!type || !created_at || !game) return fail(malformed("gameAtIndex"));
    if (*type != CLAIM_GAME && *type != FAULT_GAME) return std::optional<Proposal>{};
    Proposal out{.index = index, .game = *game, .created_at = *created_at, .l1_tx_hash = {}};
    out.game_type = static_cast<std::uint32_t>(*type);
    TRY(out.l2_block_number, ask_u64(client, *game, "l2BlockNumber()"));
    TRY(out.output_root, ask_word(client, *game, "rootClaim()"));
    TRY(out.creator, ask_address(client, *game, "gameCreator()"));
    if (out.game_type == FAULT_GAME) {
        TRY(out.start_root, ask_word(client, *game, "startingRootHash()"));
        TRY(out.start_block, ask_u64(client, *game, "startingBlockNumber()"));
        TRY(out.parent, ask_address(client, *game, "parent()"));
    }
    return std::optional(out);
}

bool is_sound(const Proposal& game, std::span<const Proposal> games, const OutputRootOf& output_root_of) {
    const Proposal* at = &game;
    while (true) {
        if (at->status == GameStatus::ChallengerWins || output_root_of(at->l2_block_number) != at->output_root)
            return false;
        if (at->status == GameStatus::DefenderWins || at->game_type != FAULT_GAME) return true;
        if (output_root_of(at->start_block) != at->start_root) return false;
        if (at->parent.is_zero()) return true;
        // Parents are older: the walk ends.
        const auto older = games.first(
            static_cast<std::size_t>(std::ranges::lower_bound(games, at->index, {}, &Proposal::index) - games.begin()));
        const auto parent = std::find_if(older.rbegin(), older.rend(),
                                         [&](const Proposal& candidate) { return candidate.game == at->parent; });
        if (parent == older.rend()) return false;
        at = &*parent;
    }
}

Bytes encode_extra_data(std::uint64_t l2_block, const Proposal* parent) {
    AbiWriter out;
    out.uint(U256{l2_block});
    if (parent != nullptr) out.uint(U256{parent->index});
    return out.encode();
}

}  // namespace entresol::settlement
