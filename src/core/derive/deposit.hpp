// Deposits: what L1 makes the L2 execute (Deposits specification).
#pragma once

#include <span>
#include <string_view>

#include "core/chain/receipt.hpp"

namespace entresol::derive {

inline constexpr Address L1_INFO_DEPOSITOR{{{0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad,
                                             0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0x00, 0x01}}};
inline constexpr Address L1_BLOCK_PREDEPLOY{{{0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x15}}};
inline constexpr std::uint64_t L1_INFO_GAS = 1'000'000;  // since Regolith

/// keccak256("TransactionDeposited(address,address,uint256,bytes)").
inline constexpr Hash32 TRANSACTION_DEPOSITED_TOPIC{
    {{0xb3, 0x81, 0x35, 0x68, 0xd9, 0x99, 0x1f, 0xc9, 0x51, 0x96, 0x1f, 0xcb, 0x4c, 0x78, 0x48, 0x93,
      0x57, 0x42, 0x40, 0xa2, 0x89, 0x25, 0x60, 0x4d, 0x09, 0xfc, 0x57, 0x7c, 0x55, 0xbb, 0x7c, 0x32}}};

/// Source hashes: keccak256(domain ‖ keccak256(…)); domain 0 users, 1 L1 attributes, 2 upgrades.
[[nodiscard]] Hash32 user_deposit_source(const Hash32& l1_block_hash, std::uint64_t log_index);
[[nodiscard]] Hash32 l1_info_deposit_source(const Hash32& l1_block_hash, std::uint64_t sequence_number);
[[nodiscard]] Hash32 upgrade_deposit_source(std::string_view intent);

/// The L1 attributes deposit around its calldata.
[[nodiscard]] chain::Transaction make_l1_info_deposit(const Hash32& l1_block_hash, std::uint64_t sequence_number,
                                                      Bytes calldata);

enum class DepositError : std::uint8_t { Topics, AddressPadding, Version, Layout, OpaqueDataTooShort };
[[nodiscard]] const char* to_string(DepositError error);

/// The deposit of one TransactionDeposited event; log_index counts all logs of its L1 block.
[[nodiscard]] Result<chain::Transaction, DepositError> decode_deposit(const chain::Log& log,
                                                                      const Hash32& l1_block_hash,
                                                                      std::uint64_t log_index);
/// Every deposit of an L1 block in order, from successful receipts' events of `portal`. One that cannot be decoded is an error: deposits
/// are never left out, and the contract never emits such an event.
[[nodiscard]] Result<std::vector<chain::Transaction>, DepositError> derive_user_deposits(
    std::span<const chain::Receipt> receipts, const Hash32& l1_block_hash, const Address& portal);

}  // namespace entresol::derive
