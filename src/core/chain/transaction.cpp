#include "core/chain/transaction.hpp"

#include "core/chain/transaction_fields.hpp"
#include "core/crypto/keccak.hpp"

namespace entresol::chain {
namespace {

using codec::RlpReader;

// No block can hold a larger one: EIP-7934 bounds a block to 10 MiB; a blob transaction with 21 blobs and its proofs has 2.9 MB.
constexpr std::size_t MAX_TRANSACTION_SIZE = 16 << 20;  // bytes
constexpr std::size_t CELL_PROOFS_PER_BLOB = 128;       // EIP-7594: CELLS_PER_EXT_BLOB
constexpr std::uint8_t WRAPPER_VERSION_CELL_PROOFS = 1;
// SEC 2, 2.4.1
constexpr U256 SECP256K1_ORDER{0xbfd25e8cd0364141, 0xbaaedce6af48a03b, 0xfffffffffffffffe, 0xffffffffffffffff};

/// EIP-155: {0, 1} + 27 without a chain id, + chain_id * 2 + 35 with.
U256 legacy_v(const Transaction& tx) {
    const U256 parity{tx.signature.y_parity};
    return tx.chain_id ? U256{*tx.chain_id} * U256{2} + U256{35} + parity : U256{27} + parity;
}

/// Sets parity and chain id from v; false when v is none of EIP-155's forms.
bool read_legacy_v(const U256& v, Transaction& tx) {
    if (v == U256{27} || v == U256{28}) {
        tx.signature.y_parity = static_cast<std::uint8_t>(v.limb[0] - 27);
        return true;
    }
    if (v < U256{35}) return false;
    const U256 chain_id = (v - U256{35}) >> 1;
    if (!chain_id.fits_u64()) return false;
    tx.chain_id = chain_id.limb[0];
    tx.signature.y_parity = static_cast<std::uint8_t>((v - U256{35}).limb[0] & 1);
    return true;
}

bool is_in_group(const U256& scalar) { return !scalar.is_zero() && scalar < SECP256K1_ORDER; }

Result<void, TxDecodeError> read_signature(RlpReader& in, Transaction& tx) {
    const auto v = in.read_u256();
    const auto r = in.read_u256();
    const auto s = in.read_u256();
    if (!v || !r || !s) return fail(TxDecodeError::Malformed);
    if (tx.type == TxType::Legacy) {
        if (!read_legacy_v(*v, tx)) return fail(TxDecodeError::InvalidSignature);
    } else {
        if (*v > U256{1}) return fail(TxDecodeError::InvalidSignature);
        tx.signature.y_parity = static_cast<std::uint8_t>(v->limb[0]);
    }
    if (!is_in_group(*r) || !is_in_group(*s)) return fail(TxDecodeError::InvalidSignature);
    tx.signature.r = *r;
    tx.signature.s = *s;
    return {};
}

/// EIP-2718: the byte before a typed payload. RLP lists, and thus legacy transactions, start at 0xc0.
Result<TxType, TxDecodeError> read_type(ByteView encoded) {
    if (encoded.empty()) return fail(TxDecodeError::Malformed);
    if (encoded.size() > MAX_TRANSACTION_SIZE) return fail(TxDecodeError::TooLarge);
    const std::uint8_t first = encoded[0];
    if (first >= 0xc0) return TxType::Legacy;
    if (first > 0x7f) return fail(TxDecodeError::Malformed);
    const auto type = static_cast<TxType>(first);
    if (type == TxType::Legacy || fields_of(type).empty()) return fail(TxDecodeError::UnsupportedType);
    return type;
}

/// The single list that the encoding holds, after its type byte.
Result<RlpReader, TxDecodeError> read_outer_list(ByteView encoded, TxType type) {
    RlpReader in(type == TxType::Legacy ? encoded : encoded.subspan(1));
    const auto list = in.read_list();
    if (!list || !in.empty()) return fail(TxDecodeError::Malformed);
    return *list;
}

template <typename T>
Result<std::vector<T>, TxDecodeError> read_fixed_list(RlpReader& in) {
    auto items = in.read_list();
    if (!items) return fail(TxDecodeError::Malformed);
    std::vector<T> list;
    while (!items->empty()) {
        const auto item = items->template read_fixed<T>();
        if (!item) return fail(TxDecodeError::Malformed);
        list.push_back(*item);
    }
    return list;
}

Result<std::vector<Bytes>, TxDecodeError> read_blobs(RlpReader& in) {
    auto items = in.read_list();
    if (!items) return fail(TxDecodeError::Malformed);
    std::vector<Bytes> blobs;
    while (!items->empty()) {
        const auto blob = items->read_string();
        if (!blob || blob->size() != crypto::BYTES_PER_BLOB) return fail(TxDecodeError::Malformed);
        blobs.push_back(to_bytes(*blob));
    }
    return blobs;
}

/// EIP-4844: [body, blobs, commitments, proofs]; EIP-7594: [body, wrapper_version, blobs, commitments, cell_proofs].
Result<BlobSidecar, TxDecodeError> read_sidecar(RlpReader& in, std::size_t blob_hashes) {
    BlobSidecar sidecar;
    if (!in.empty() && !in.next_is_list()) {
        const auto version = in.read_u64();
        if (!version || *version != WRAPPER_VERSION_CELL_PROOFS) return fail(TxDecodeError::Malformed);
        sidecar.version = WRAPPER_VERSION_CELL_PROOFS;
    }
    TRY(sidecar.blobs, read_blobs(in));
    TRY(sidecar.commitments, read_fixed_list<crypto::KzgCommitment>(in));
    TRY(sidecar.proofs, read_fixed_list<crypto::KzgProof>(in));
    if (!in.empty()) return fail(TxDecodeError::Malformed);
    const std::size_t proofs = blob_hashes * (sidecar.version == 0 ? 1 : CELL_PROOFS_PER_BLOB);
    const bool counts_match = sidecar.blobs.size() == blob_hashes && sidecar.commitments.size() == blob_hashes &&
                              sidecar.proofs.size() == proofs;
    if (!counts_match) return fail(TxDecodeError::BlobContentMismatch);
    return sidecar;
}

}  // namespace

std::string_view to_string(TxDecodeError error) {
    switch (error) {
        case TxDecodeError::Malformed: return "malformed transaction";
        case TxDecodeError::UnsupportedType: return "transaction type not supported";
        case TxDecodeError::TooLarge: return "transaction too large";
        case TxDecodeError::InvalidSignature: return "invalid transaction v, r, s values";
        case TxDecodeError::BlobContentMismatch: return "numbers of blobs, commitments and proofs differ";
    }
    return "unknown transaction error";
}

Bytes encode_for_signing(const Transaction& tx) {
    Bytes out;
    out.reserve(tx.data.size() + 256);
    if (tx.type != TxType::Legacy) out.push_back(static_cast<std::uint8_t>(tx.type));
    const std::size_t start = out.size();
    for (const TxField field : fields_of(tx.type)) append_field(out, tx, field);
    if (tx.type == TxType::Legacy && tx.chain_id) {  // EIP-155
        codec::append_uint(out, *tx.chain_id);
        codec::append_uint(out, std::uint64_t{0});
        codec::append_uint(out, std::uint64_t{0});
    }
    codec::close_list(out, start);
    return out;
}

void append_body(Bytes& out, const Transaction& tx) {
    const std::size_t start = out.size();
    for (const TxField field : fields_of(tx.type)) append_field(out, tx, field);
    if (tx.type != TxType::Deposit) {
        codec::append_uint(out, tx.type == TxType::Legacy ? legacy_v(tx) : U256{tx.signature.y_parity});
        codec::append_uint(out, tx.signature.r);
        codec::append_uint(out, tx.signature.s);
    }
    codec::close_list(out, start);
}

Result<Transaction, TxDecodeError> read_body(RlpReader fields, TxType type) {
    Transaction tx;
    tx.type = type;
    for (const TxField field : fields_of(type))
        if (!read_field(fields, tx, field)) return fail(TxDecodeError::Malformed);
    if (type != TxType::Deposit) TRY_VOID(read_signature(fields, tx));
    if (!fields.empty()) return fail(TxDecodeError::Malformed);
    return tx;
}

Bytes encode(const Transaction& tx) {
    Bytes out;
    out.reserve(tx.data.size() + 256);
    if (tx.type != TxType::Legacy) out.push_back(static_cast<std::uint8_t>(tx.type));
    append_body(out, tx);
    return out;
}

Result<Transaction, TxDecodeError> decode_transaction(ByteView encoded) {
    TRY(const TxType type, read_type(encoded));
    TRY(const RlpReader fields, read_outer_list(encoded, type));
    return read_body(fields, type);
}

Result<PooledTransaction, TxDecodeError> decode_pooled_transaction(ByteView encoded) {
    TRY(const TxType type, read_type(encoded));
    TRY(RlpReader fields, read_outer_list(encoded, type));
    const bool is_wrapped = type == TxType::Blob && !fields.empty() && fields.next_is_list();
    if (!is_wrapped) {
        TRY(Transaction tx, read_body(fields, type));
        return PooledTransaction{std::move(tx), std::nullopt};
    }
    const auto body = fields.read_list();
    if (!body) return fail(TxDecodeError::Malformed);
    TRY(Transaction tx, read_body(*body, type));
    TRY(BlobSidecar sidecar, read_sidecar(fields, tx.blob_hashes.size()));
    return PooledTransaction{std::move(tx), std::move(sidecar)};
}

Bytes encode_pooled(const Transaction& tx, const BlobSidecar& sidecar) {
    Bytes out{static_cast<std::uint8_t>(tx.type)};
    out.reserve(tx.data.size() + 1024 + sidecar.blobs.size() * (crypto::BYTES_PER_BLOB + 128) +
                sidecar.proofs.size() * 49);
    append_body(out, tx);
    if (sidecar.version != 0) codec::append_uint(out, std::uint64_t{sidecar.version});
    const auto append_each = [&out](const auto& items, const auto& append_item) {
        const std::size_t start = out.size();
        for (const auto& item : items) append_item(item);
        codec::close_list(out, start);
    };
    append_each(sidecar.blobs, [&out](const Bytes& blob) { codec::append_string(out, blob); });
    append_each(sidecar.commitments, [&out](const auto& item) { codec::append_fixed(out, item); });
    append_each(sidecar.proofs, [&out](const auto& item) { codec::append_fixed(out, item); });
    codec::close_list(out, 1);
    return out;
}

Hash32 transaction_hash(const Transaction& tx) { return crypto::keccak256(encode(tx)); }

}  // namespace entresol::chain
