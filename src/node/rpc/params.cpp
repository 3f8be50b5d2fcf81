#include "node/rpc/params.hpp"

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include "core/base/hex.hpp"

namespace entresol::rpc {
namespace {

std::string argument(std::size_t i) { return "invalid argument " + std::to_string(i); }

bool has_0x(std::string_view text) { return text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X'); }

RpcResult<std::string_view> read_hex_text(const json::value& value, const std::string& where) {
    const auto* text = value.if_string();
    if (text == nullptr) return invalid_params(where + ": expected a hex string");
    if (text->empty()) return invalid_params(where + ": empty hex string");
    if (!has_0x(*text)) return invalid_params(where + ": hex string without 0x prefix");
    return std::string_view(*text);
}

template <typename T>
RpcResult<T> read_fixed_value(const json::value& value, const std::string& where) {
    TRY(const auto text, read_hex_text(value, where));
    const auto parsed = parse_hex(text);
    if (!parsed)
        return invalid_params(where + (text.size() % 2 != 0 ? ": hex string of odd length" : ": invalid hex string"));
    if (parsed->size() != T::SIZE)
        return invalid_params(where + ": hex string has length " + std::to_string(2 * parsed->size()) + ", want " +
                              std::to_string(2 * T::SIZE));
    return from_bytes<T>(*parsed);
}

std::optional<Tag> parse_tag(std::string_view text) {
    constexpr std::pair<std::string_view, Tag> TAGS[] = {{"latest", Tag::Latest},
                                                         {"pending", Tag::Pending},
                                                         {"safe", Tag::Safe},
                                                         {"finalized", Tag::Finalized},
                                                         {"earliest", Tag::Earliest}};
    for (const auto& [name, tag] : TAGS)
        if (name == text) return tag;
    return std::nullopt;
}

RpcResult<BlockId> read_block_object(const json::object& object, const std::string& where) {
    BlockId result;
    const auto* number = object.if_contains("blockNumber");
    const auto* hash = object.if_contains("blockHash");
    if (number != nullptr && hash != nullptr)
        return invalid_params(where + ": cannot specify both blockHash and blockNumber, choose one or the other");
    if (hash != nullptr) {
        TRY(const auto value, read_hash(*hash, where));
        result.id = value;
    } else if (number != nullptr) {
        TRY(result, read_block_id(number, where));
    } else {
        return invalid_params(where + ": blockHash or blockNumber is missing");
    }
    if (const auto* canonical = object.if_contains("requireCanonical"); canonical != nullptr && canonical->is_bool())
        result.require_canonical = canonical->get_bool();
    return result;
}

}  // namespace

const json::value* Params::find(std::size_t i) const {
    if (i >= size() || (*values_)[i].is_null()) return nullptr;
    return &(*values_)[i];
}

RpcResult<const json::value*> Params::require(std::size_t i) const {
    const auto* value = find(i);
    if (value == nullptr) return invalid_params("missing value for required argument " + std::to_string(i));
    return value;
}

RpcResult<Hash32> Params::hash(std::size_t i) const {
    TRY(const auto* value, require(i));
    return read_hash(*value, argument(i));
}
RpcResult<Address> Params::address(std::size_t i) const {
    TRY(const auto* value, require(i));
    return read_address(*value, argument(i));
}
RpcResult<Bytes> Params::data(std::size_t i) const {
    TRY(const auto* value, require(i));
    return read_data(*value, argument(i));
}
RpcResult<U256> Params::quantity(std::size_t i) const {
    TRY(const auto* value, require(i));
    return read_quantity(*value, argument(i));
}
RpcResult<std::uint64_t> Params::quantity64(std::size_t i) const {
    TRY(const auto* value, require(i));
    return read_quantity64(*value, argument(i));
}
RpcResult<bool> Params::boolean(std::size_t i, bool fallback) const {
    const auto* value = find(i);
    if (value == nullptr) return fallback;
    if (!value->is_bool()) return invalid_params(argument(i) + ": expected a boolean");
    return value->get_bool();
}
RpcResult<std::string> Params::text(std::size_t i) const {
    TRY(const auto* value, require(i));
    if (!value->is_string()) return invalid_params(argument(i) + ": expected a string");
    return std::string(value->get_string());
}

RpcResult<Hash32> read_hash(const json::value& value, const std::string& where) {
    return read_fixed_value<Hash32>(value, where);
}
RpcResult<Address> read_address(const json::value& value, const std::string& where) {
    return read_fixed_value<Address>(value, where);
}

RpcResult<Bytes> read_data(const json::value& value, const std::string& where) {
    TRY(const auto text, read_hex_text(value, where));
    auto parsed = parse_hex(text);
    if (!parsed)
        return invalid_params(where + (text.size() % 2 != 0 ? ": hex string of odd length" : ": invalid hex string"));
    return std::move(*parsed);
}

RpcResult<U256> read_quantity(const json::value& value, const std::string& where) {
    if (value.is_uint64()) return U256{value.get_uint64()};
    if (value.is_int64() && value.get_int64() >= 0) return U256{static_cast<std::uint64_t>(value.get_int64())};
    TRY(const auto text, read_hex_text(value, where));
    const auto parsed = parse_quantity(text);
    if (!parsed) return invalid_params(where + ": invalid hex quantity");
    return *parsed;
}

RpcResult<std::uint64_t> read_quantity64(const json::value& value, const std::string& where) {
    TRY(const auto wide, read_quantity(value, where));
    if (!wide.fits_u64()) return invalid_params(where + ": hex number > 64 bits");
    return wide.limb[0];
}

RpcResult<BlockId> read_block_id(const json::value* value, const std::string& where) {
    if (value == nullptr) return BlockId{};
    if (value->is_object()) return read_block_object(value->get_object(), where);
    if (value->is_string()) {
        const std::string_view text = value->get_string();
        if (const auto tag = parse_tag(text)) return BlockId{.id = *tag};
        if (text.size() == 66) {
            TRY(const auto hash, read_hash(*value, where));
            return BlockId{.id = hash};
        }
    }
    TRY(const auto number, read_quantity64(*value, where));
    return BlockId{.id = number};
}

RpcResult<BlockId> block_id(const Params& params, std::size_t i) { return read_block_id(params.find(i), argument(i)); }

ledger::BlockPtr find_block(const Context& context, const BlockId& id) {
    if (const auto* number = std::get_if<std::uint64_t>(&id.id)) return context.ledger.find_block(*number);
    if (const auto* hash = std::get_if<Hash32>(&id.id)) {
        auto block = context.ledger.find_block(*hash);
        if (block != nullptr && id.require_canonical && !context.ledger.is_canonical(*block)) return nullptr;
        return block;
    }
    switch (std::get<Tag>(id.id)) {
        case Tag::Safe: return context.ledger.safe();
        case Tag::Finalized: return context.ledger.finalized();
        case Tag::Earliest: return context.ledger.genesis();
        case Tag::Latest:
        case Tag::Pending: break;
    }
    return context.ledger.head();
}

RpcResult<ledger::StateSnapshot> find_state(const Context& context, const BlockId& id) {
    if (const auto* tag = std::get_if<Tag>(&id.id); tag != nullptr && (*tag == Tag::Latest || *tag == Tag::Pending))
        return context.newest_state();
    const auto block = find_block(context, id);
    if (block == nullptr) return rpc_fail(SERVER_ERROR, "header not found");
    TRY_VOID(check_state_kept(context, block->number()));
    return context.ledger.state_at(block);
}

RpcResult<void> check_state_kept(const Context& context, std::uint64_t number) {
    const auto oldest = context.ledger.oldest_state();
    if (number >= oldest) return {};
    return rpc_fail(HISTORY_PRUNED, "pruned history unavailable: the state after block " + std::to_string(number) +
                                        " is not kept, the oldest is that after block " + std::to_string(oldest));
}

}  // namespace entresol::rpc
