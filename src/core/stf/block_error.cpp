#include "core/stf/block_error.hpp"

namespace entresol::stf {

namespace {
constexpr const char* NAMES[] = {
    "ParentHash",      "Number",          "Timestamp",    "GasLimit",        "BaseFee",          "ExtraData",
    "MissingField",    "UnexpectedField", "Ommers",       "Difficulty",      "BlobGasUsed",      "ExcessBlobGas",
    "BlobGasLimit",    "SizeLimit",       "GasUsed",      "StateRoot",       "ReceiptsRoot",     "TransactionsRoot",
    "WithdrawalsRoot", "LogsBloom",       "RequestsHash", "RequestsInvalid", "SystemCallFailed", "InvalidTransaction",
    "MissingState",    "BadWitness",
};
static_assert(std::size(NAMES) == static_cast<std::size_t>(BlockError::BadWitness) + 1);
}  // namespace

const char* to_string(BlockError error) {
    const auto index = static_cast<std::size_t>(error);
    CHECK(index < std::size(NAMES));
    return NAMES[index];
}

std::vector<chain::Receipt> BlockOutcome::receipts() const {
    std::vector<chain::Receipt> result;
    result.reserve(transactions.size());
    for (const auto& outcome : transactions) result.push_back(outcome.receipt);
    return result;
}

}  // namespace entresol::stf
