#include "node/snapshot/settled_output.hpp"

#include "core/codec/abi.hpp"

namespace entresol::snapshot {
namespace {

constexpr std::uint64_t MAX_GAMES = 2048;  // looked at, newest first

l1::L1Error malformed(const char* what) {
    return {l1::L1ErrorKind::BadAnswer, std::string("malformed answer from the dispute contracts: ") + what};
}

class Contracts {
public:
    Contracts(l1::L1Client& client, const genesis::ChainFile& chain) : client_(client), chain_(chain) {}

    l1::L1Result<SettledOutput> anchor() {
        TRY(const auto answer, call("anchor_state_registry", codec::AbiWriter().call("getAnchorRoot()")));
        codec::AbiReader reader(answer);
        const auto root = reader.read_word();
        const auto number = reader.read_u64();
        if (!root || !number) return fail(malformed("getAnchorRoot"));
        return SettledOutput{*number, *root};
    }
    l1::L1Result<std::uint64_t> game_count() {
        TRY(const auto answer, call("dispute_game_factory", codec::AbiWriter().call("gameCount()")));
        const auto count = codec::AbiReader(answer).read_u64();
        if (!count) return fail(malformed("gameCount"));
        return *count;
    }
    struct Game {
        Address address;
        SettledOutput output;
    };
    l1::L1Result<Game> game(std::uint64_t index) {
        TRY(const auto entry,
            call("dispute_game_factory", codec::AbiWriter().uint(U256{index}).call("gameAtIndex(uint256)")));
        codec::AbiReader reader(entry);
        (void)reader.read_u64();  // type
        (void)reader.read_u64();  // time
        const auto address = reader.read_address();
        if (!address) return fail(malformed("gameAtIndex"));
        TRY(const auto number_answer, client_.call(*address, codec::AbiWriter().call("l2BlockNumber()")));
        TRY(const auto root_answer, client_.call(*address, codec::AbiWriter().call("rootClaim()")));
        const auto number = codec::AbiReader(number_answer).read_u64();
        const auto root = codec::AbiReader(root_answer).read_word();
        if (!number || !root) return fail(malformed("a game"));
        return Game{*address, {*number, *root}};
    }
    l1::L1Result<bool> is_valid(const Address& game) {
        TRY(const auto answer,
            call("anchor_state_registry", codec::AbiWriter().address(game).call("isGameClaimValid(address)")));
        const auto valid = codec::AbiReader(answer).read_bool();
        if (!valid) return fail(malformed("isGameClaimValid"));
        return *valid;
    }

private:
    l1::L1Result<Bytes> call(const char* name, const Bytes& data) {
        const auto contract = chain_.contracts.find(name);
        if (contract == chain_.contracts.end())
            return fail(l1::L1Error{l1::L1ErrorKind::BadAnswer, std::string("the chain file names no ") + name});
        return client_.call(contract->second, data);
    }
    l1::L1Client& client_;
    const genesis::ChainFile& chain_;
};

}  // namespace

l1::L1Result<Settlement> find_settlement(l1::L1Client& client, const genesis::ChainFile& chain,
                                         std::uint64_t block_number, const Hash32& output_root) {
    Contracts contracts(client, chain);
    TRY(const auto anchor, contracts.anchor());
    if (anchor.block_number == block_number)
        return anchor.output_root == output_root ? Settlement::Settled : Settlement::Contradicted;
    TRY(const auto count, contracts.game_count());
    auto found = Settlement::Unknown;
    for (std::uint64_t i = 0; i < std::min(count, MAX_GAMES); ++i) {
        TRY(const auto game, contracts.game(count - 1 - i));
        if (game.output.block_number != block_number) continue;
        TRY(const bool is_valid, contracts.is_valid(game.address));
        const bool is_same = game.output.output_root == output_root;
        if (is_valid) return is_same ? Settlement::Settled : Settlement::Contradicted;
        if (is_same) found = Settlement::NotYet;
    }
    return found;
}

l1::L1Result<std::optional<SettledOutput>> find_newest_settled(
    l1::L1Client& client, const genesis::ChainFile& chain, const std::function<bool(const SettledOutput&)>& is_ours) {
    Contracts contracts(client, chain);
    TRY(const auto count, contracts.game_count());
    for (std::uint64_t i = 0; i < std::min(count, MAX_GAMES); ++i) {
        TRY(const auto game, contracts.game(count - 1 - i));
        if (!is_ours(game.output)) continue;
        TRY(const bool is_valid, contracts.is_valid(game.address));
        if (is_valid) return std::optional(game.output);
    }
    TRY(const auto anchor, contracts.anchor());
    return is_ours(anchor) ? std::optional(anchor) : std::nullopt;
}

}  // namespace entresol::snapshot
