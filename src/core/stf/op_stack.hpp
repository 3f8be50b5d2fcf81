// Addresses and constants of the OP Stack that the state transition knows (specs: predeploys.md, fjord/exec-engine.md, jovian/exec-engine.md).
#pragma once

#include "core/base/bytes.hpp"

namespace entresol::stf {

/// 0x42000000000000000000000000000000000000NN.
[[nodiscard]] constexpr Address predeploy(std::uint8_t last) {
    Address address;
    address.bytes[0] = 0x42;
    address.bytes[19] = last;
    return address;
}
inline constexpr Address SEQUENCER_FEE_VAULT = predeploy(0x11);  // the coinbase of every L2 block
inline constexpr Address L1_BLOCK = predeploy(0x15);
inline constexpr Address L2_TO_L1_MESSAGE_PASSER = predeploy(0x16);
inline constexpr Address BASE_FEE_VAULT = predeploy(0x19);
inline constexpr Address L1_FEE_VAULT = predeploy(0x1A);
inline constexpr Address OPERATOR_FEE_VAULT = predeploy(0x1B);

// Fjord's estimate of a transaction's compressed size, in millionths of a byte: max(MIN, INTERCEPT + COEF * fastlz).
inline constexpr std::int64_t L1_COST_INTERCEPT = -42'585'600;
inline constexpr std::int64_t L1_COST_FASTLZ_COEF = 836'500;
inline constexpr std::int64_t MIN_TRANSACTION_SIZE = 100;
inline constexpr std::int64_t SIZE_SCALE = 1'000'000;

/// Jovian: what an L1Block that does not know the scalar yet (the activation block) stands for.
inline constexpr std::uint16_t DA_FOOTPRINT_GAS_SCALAR_DEFAULT = 400;

}  // namespace entresol::stf
