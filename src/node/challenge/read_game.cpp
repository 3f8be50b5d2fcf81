#include "node/challenge/read_game.hpp"

#include "core/codec/abi.hpp"

namespace entresol::challenge {
namespace {

using codec::AbiReader;
using codec::AbiWriter;
using l1::L1Result;

l1::L1Error malformed(const std::string& what) {
    return {l1::L1ErrorKind::BadAnswer, "malformed answer from a dispute game: " + what};
}

L1Result<std::uint64_t> ask_u64(l1::L1Client& client, const Address& game, const std::string& signature) {
    TRY(const auto answer, client.call(game, AbiWriter().call(signature)));
    const auto value = AbiReader(answer).read_u64();
    if (!value) return fail(malformed(signature));
    return *value;
}

}  // namespace

L1Result<Rules> load_rules(l1::L1Client& client, const Address& game) {
    Rules rules;
    TRY(rules.clock_s, ask_u64(client, game, "maxClockDuration()"));
    TRY(rules.extension_s, ask_u64(client, game, "clockExtension()"));
    TRY(const auto answer, client.call(game, AbiWriter().call("listBond()")));
    const auto bond = AbiReader(answer).read_uint();
    if (!bond) return fail(malformed("listBond()"));
    rules.list_bond_wei = *bond;
    TRY(const auto shape, client.call(game, AbiWriter().call("shape()")));
    AbiReader reader(shape);
    const auto levels = reader.read_u64();
    const auto log2_k = reader.read_u64();
    if (!levels || !log2_k || *levels == 0 || *levels > 40 || *log2_k == 0 || *log2_k > 40 || *levels * *log2_k > 40)
        return fail(malformed("shape()"));
    rules.levels = static_cast<unsigned>(*levels);
    rules.log2_k = static_cast<unsigned>(*log2_k);
    return rules;
}

L1Result<std::uint64_t> find_first_block(l1::L1Client& client, std::uint64_t head, std::uint64_t time_s) {
    std::uint64_t low = 0;
    std::uint64_t high = head;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        TRY(const auto block, client.header(middle));
        if (block.header.timestamp < time_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

}  // namespace entresol::challenge
