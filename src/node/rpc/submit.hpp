// From the bytes of a signed transaction to the pool: everything that needs no state happens on the caller's thread.
#pragma once

#include <functional>

#include "node/rpc/context.hpp"
#include "node/rpc/error.hpp"

namespace entresol::rpc {

/// Decodes, recovers the sender, checks, hands over. `done` is called once: on the chain's loop after the pool has decided (and, where it could go into the
/// block in progress, after it can be read), or at once with an error.
void submit_raw(Context& context, Bytes raw, std::function<void(RpcResult<Hash32>)> done);
/// The same for many, whose senders are recovered together and which the pool takes in this order. `done` is called once for each, with its place.
struct RawTransaction {
    std::size_t place = 0;
    Bytes raw;
};
using DoneOne = std::function<void(std::size_t place, RpcResult<Hash32>)>;
void submit_raw_many(Context& context, std::vector<RawTransaction> many, const DoneOne& done);
/// The same for a transaction whose sender is vouched for by the caller (impersonation on a devnet).
void submit_checked(Context& context, const pool::TxPtr& tx, std::function<void(RpcResult<Hash32>)> done);
[[nodiscard]] RpcError to_rpc_error(Context& context, pool::PoolError error, const pool::CheckedTransaction& tx);

}  // namespace entresol::rpc
