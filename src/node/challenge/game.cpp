#include "node/challenge/game.hpp"

#include <algorithm>

#include "core/codec/abi.hpp"
#include "core/crypto/keccak.hpp"

namespace entresol::challenge {
namespace {

using codec::AbiReader;

Result<void, EventError> apply_committed(Game& game, const chain::Log& log, std::uint64_t time_s) {
    if (log.topics.size() != 3) return fail(EventError::Malformed);
    const auto match = game.matches.find(log.topics[2]);
    if (match == game.matches.end()) return fail(EventError::UnknownMatch);
    AbiReader reader(log.data);
    const auto side = reader.read_u64();
    const auto payee = reader.read_address();
    auto roots = reader.read_array(1);
    if (!side || *side > 1 || !payee || !roots || roots->length != game.rules.k()) return fail(EventError::Malformed);
    List list{.id = log.topics[1],
              .match = log.topics[2],
              .side = static_cast<unsigned>(*side),
              .payee = *payee,
              .posted_at = time_s};
    for (std::size_t i = 0; i < roots->length; ++i) {
        const auto root = roots->elements.read_word();
        if (!root) return fail(EventError::Malformed);
        list.roots.push_back(*root);
    }
    Match& m = match->second;
    const std::uint64_t since = list.side == m.first ? m.started_at : m.first_at;
    if (list.side == m.first && m.first_at == 0) m.first_at = time_s;
    const std::uint64_t clock = m.clock_s[list.side], used = time_s - since;
    list.clock_s = std::max(clock > used ? clock - used : 0, game.rules.extension_s);
    ++m.live[list.side];
    game.lists.insert_or_assign(list.id, std::move(list));
    return {};
}

Result<void, EventError> apply_opened(Game& game, const chain::Log& log) {
    if (log.topics.size() != 4) return fail(EventError::Malformed);
    const auto a = game.lists.find(log.topics[2]), b = game.lists.find(log.topics[3]);
    if (a == game.lists.end() || b == game.lists.end()) return fail(EventError::UnknownList);
    AbiReader reader(log.data);
    const auto level = reader.read_u64(), position = reader.read_u64();
    const auto start = reader.read_word(), end0 = reader.read_word(), end1 = reader.read_word();
    if (!level || *level == 0 || *level > game.rules.levels || !position || !start || !end0 || !end1)
        return fail(EventError::Malformed);
    const auto &l0 = a->second, &l1 = b->second;
    game.matches[log.topics[1]] = Match{.id = log.topics[1],
                                        .lists = {l0.id, l1.id},
                                        .level = static_cast<unsigned>(*level),
                                        .position = *position,
                                        .segment = {*start, {*end0, *end1}},
                                        .started_at = std::max(l0.posted_at, l1.posted_at),
                                        .clock_s = {l0.clock_s, l1.clock_s},
                                        .first = l0.posted_at > l1.posted_at ? DEFENDERS : CHALLENGERS};
    return {};
}

Result<void, EventError> apply_beaten(Game& game, const chain::Log& log) {
    if (log.topics.size() != 3) return fail(EventError::Malformed);
    const auto list = game.lists.find(log.topics[1]);
    if (list == game.lists.end()) return fail(EventError::UnknownList);
    if (!list->second.is_live) return {};
    list->second.is_live = false;
    --game.matches.at(list->second.match).live[list->second.side];
    return {};
}

}  // namespace

const char* to_string(EventError error) {
    switch (error) {
        case EventError::Malformed: return "an event of another form";
        case EventError::UnknownList: return "an event about an unknown list";
        case EventError::UnknownMatch: return "an event about an unknown match";
    }
    return "?";
}

std::optional<std::uint64_t> Match::deadline(unsigned side) const {
    if (side == first) return started_at + clock_s[side];
    if (first_at == 0) return std::nullopt;
    return first_at + clock_s[side];
}

bool Match::is_out(unsigned side, std::uint64_t now_s, const Rules& rules) const {
    if (level == rules.levels) return now_s > started_at + clock_s[0] + clock_s[1];
    const auto last = deadline(side);
    return live[side] == 0 && last && now_s > *last;
}

Game Game::begin(const Rules& rules, const Hash32& root_claim, std::uint64_t created_at) {
    Game game{.rules = rules, .root_claim = root_claim, .created_at = created_at};
    game.matches[WHOLE] = Match{.started_at = created_at, .clock_s = {rules.clock_s, rules.clock_s}};
    return game;
}

bool Game::is_undecided(const Match& match) const {
    return std::ranges::all_of(match.lists, [&](const Hash32& id) { return lists.at(id).is_live; });
}

const List* Game::find_list(const Hash32& match, const std::vector<Hash32>& roots) const {
    const auto it = lists.find(compute_list_id(match, roots));
    return it == lists.end() ? nullptr : &it->second;
}

Result<void, EventError> apply_event(Game& game, const chain::Log& log, std::uint64_t time_s) {
    if (log.topics.empty()) return {};
    const Hash32& topic = log.topics[0];
    if (topic == codec::abi_event_topic("Committed(bytes32,bytes32,uint8,address,bytes32[])"))
        return apply_committed(game, log, time_s);
    if (topic == codec::abi_event_topic("Opened(bytes32,bytes32,bytes32,uint8,uint64,(bytes32,bytes32,bytes32))"))
        return apply_opened(game, log);
    if (topic == codec::abi_event_topic("Beaten(bytes32,bytes32)")) return apply_beaten(game, log);
    if (topic == codec::abi_event_topic("Resolved(uint8)") && log.topics.size() == 2) {
        const auto status = log.topics[1].bytes[31];
        if (status < 1 || status > 2) return fail(EventError::Malformed);
        game.status = static_cast<Status>(status);
    }
    return {};
}

Hash32 compute_list_id(const Hash32& match, const std::vector<Hash32>& roots) {
    Bytes preimage = to_bytes(match.view());
    for (const auto& root : roots) append(preimage, root.view());
    return crypto::keccak256(preimage);
}

Hash32 compute_match_id(const Hash32& list0, const Hash32& list1) {
    Bytes preimage = to_bytes(list0.view());
    append(preimage, list1.view());
    return crypto::keccak256(preimage);
}

}  // namespace entresol::challenge
