#include "core/derive/system_config.hpp"

#include <algorithm>
#include <limits>

namespace entresol::derive {
namespace {

constexpr std::size_t WORD = 32;

/// The words of an event's only `bytes` value, which holds exactly `count` of them: abi.encode(abi.encode(…)).
std::optional<std::vector<U256>> unwrap_words(ByteView data, std::size_t count) {
    if (data.size() != (2 + count) * WORD) return std::nullopt;
    if (load_be256(data.data()) != U256(WORD) || load_be256(data.data() + WORD) != U256(count * WORD))
        return std::nullopt;
    std::vector<U256> words;
    words.reserve(count);
    for (std::size_t i = 0; i < count; ++i) words.push_back(load_be256(data.data() + (2 + i) * WORD));
    return words;
}

bool fits(const U256& value, unsigned bits) { return value.bit_length() <= bits; }

// Ecotone L1 attributes specification, "Scalar": an unknown version or padding leaves the old scalar.
bool is_known_scalar(const Hash32& scalar) {
    const auto zero = [&](std::size_t from, std::size_t to) {
        return std::all_of(scalar.bytes.begin() + static_cast<std::ptrdiff_t>(from),
                           scalar.bytes.begin() + static_cast<std::ptrdiff_t>(to),
                           [](std::uint8_t b) { return b == 0; });
    };
    return scalar.bytes[0] == 0 ? zero(1, 28) : scalar.bytes[0] == 1 && zero(1, 24);
}

bool set_batcher(SystemConfig& config, const std::vector<U256>& words) {
    if (!fits(words[0], 160)) return false;
    config.batcher = to_address(words[0]);
    return true;
}
bool set_fee_scalars(SystemConfig& config, const std::vector<U256>& words) {
    const Hash32 scalar = to_hash32(words[1]);
    if (!is_known_scalar(scalar)) return true;
    config.overhead = {};  // Ecotone: no longer used
    config.scalar = scalar;
    return true;
}
bool set_gas_limit(SystemConfig& config, const std::vector<U256>& words) {
    if (!fits(words[0], 64)) return false;
    config.gas_limit = words[0].limb[0];
    return true;
}
bool ignore(SystemConfig&, const std::vector<U256>&) { return true; }
// Holocene: denominator << 32 | elasticity; the contract lets neither be zero.
bool set_eip1559(SystemConfig& config, const std::vector<U256>& words) {
    const auto denominator = static_cast<std::uint32_t>(words[0].limb[0] >> 32);
    const auto elasticity = static_cast<std::uint32_t>(words[0].limb[0]);
    if (!fits(words[0], 64) || denominator == 0 || elasticity == 0) return false;
    config.eip1559_denominator = denominator;
    config.eip1559_elasticity = elasticity;
    return true;
}
// Isthmus: scalar << 64 | constant.
bool set_operator_fee(SystemConfig& config, const std::vector<U256>& words) {
    if (!fits(words[0], 96)) return false;
    config.operator_fee_scalar = static_cast<std::uint32_t>(words[0].limb[1]);
    config.operator_fee_constant = words[0].limb[0];
    return true;
}
bool set_min_base_fee(SystemConfig& config, const std::vector<U256>& words) {
    if (!fits(words[0], 64)) return false;
    config.min_base_fee = words[0].limb[0];
    return true;
}
bool set_da_footprint(SystemConfig& config, const std::vector<U256>& words) {
    if (!fits(words[0], 16)) return false;
    config.da_footprint_gas_scalar = static_cast<std::uint16_t>(words[0].limb[0]);
    return true;
}

struct UpdateRow {
    ConfigUpdateType type;
    std::size_t words;
    bool (*apply)(SystemConfig&, const std::vector<U256>&);
};
constexpr UpdateRow UPDATES[] = {
    {ConfigUpdateType::Batcher, 1, set_batcher},         {ConfigUpdateType::FeeScalars, 2, set_fee_scalars},
    {ConfigUpdateType::GasLimit, 1, set_gas_limit},      {ConfigUpdateType::UnsafeBlockSigner, 1, ignore},
    {ConfigUpdateType::Eip1559Params, 1, set_eip1559},   {ConfigUpdateType::OperatorFeeParams, 1, set_operator_fee},
    {ConfigUpdateType::MinBaseFee, 1, set_min_base_fee}, {ConfigUpdateType::DaFootprintGasScalar, 1, set_da_footprint},
};

}  // namespace

// System Config specification, "Post-Ecotone Scalar Encoding": version 0 with padding that is not zero means the highest base fee scalar.
FeeScalars fee_scalars(const Hash32& scalar) {
    if (scalar.bytes[0] == 1) return {load_be32(scalar.data() + 28), load_be32(scalar.data() + 24)};
    if (!is_known_scalar(scalar)) return {std::numeric_limits<std::uint32_t>::max(), 0};
    return {load_be32(scalar.data() + 28), 0};
}

Hash32 make_scalar(const FeeScalars& scalars) {
    Hash32 word;
    word.bytes[0] = 1;
    store_be32(word.data() + 24, scalars.blob_base_fee_scalar);
    store_be32(word.data() + 28, scalars.base_fee_scalar);
    return word;
}

const char* to_string(ConfigUpdateError error) {
    switch (error) {
        case ConfigUpdateError::Topics: return "ConfigUpdate without its three topics";
        case ConfigUpdateError::Version: return "ConfigUpdate of an unknown version";
        case ConfigUpdateError::Type: return "ConfigUpdate of an unknown type";
        case ConfigUpdateError::Data: return "ConfigUpdate with malformed data";
    }
    return "?";
}

Result<void, ConfigUpdateError> apply_config_update(SystemConfig& config, const chain::Log& log) {
    if (log.topics.size() != 3 || log.topics[0] != CONFIG_UPDATE_TOPIC) return fail(ConfigUpdateError::Topics);
    if (!log.topics[1].is_zero()) return fail(ConfigUpdateError::Version);
    for (const UpdateRow& row : UPDATES) {
        if (to_u256(log.topics[2]) != U256(static_cast<std::uint64_t>(row.type))) continue;
        const auto words = unwrap_words(log.data, row.words);
        if (!words || !row.apply(config, *words)) return fail(ConfigUpdateError::Data);
        return {};
    }
    return fail(ConfigUpdateError::Type);
}

void apply_config_updates(SystemConfig& config, std::span<const chain::Receipt> receipts, const Address& contract) {
    for (const chain::Receipt& receipt : receipts) {
        if (!receipt.succeeded) continue;
        for (const chain::Log& log : receipt.logs)
            if (log.address == contract && !log.topics.empty() && log.topics[0] == CONFIG_UPDATE_TOPIC)
                (void)apply_config_update(config, log);
    }
}

}  // namespace entresol::derive
