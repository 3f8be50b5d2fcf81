// Commitments and proofs of whole blobs through c-kzg. On the host only: c-kzg wants an allocator and the ceremony's points (third_party/bake_trusted_setup.cpp).
#include <vector>

#include "core/base/check.hpp"
#include "core/crypto/kzg.hpp"

// After ours: it defines BYTES_PER_BLOB as a macro.
#include <ckzg.h>
#include <entresol_trusted_setup.h>

namespace entresol::crypto {
namespace {

constexpr std::size_t CELLS = 128;  // EIP-7594: CELLS_PER_EXT_BLOB

const Blob* as_blob(ByteView blob) {
    CHECK(blob.size() == BYTES_PER_BLOB);
    return reinterpret_cast<const Blob*>(blob.data());
}
const Bytes48* as_48(const std::uint8_t* bytes) { return reinterpret_cast<const Bytes48*>(bytes); }

}  // namespace

// c-kzg only reads through these pointers; the arrays are part of the program, so nothing is freed.
struct Kzg::Impl {
    KZGSettings settings{};
    g1_t* columns[CELLS];

    explicit Impl(const entresol_baked_setup& baked) {
        settings.roots_of_unity = const_cast<fr_t*>(baked.roots_of_unity);
        settings.brp_roots_of_unity = const_cast<fr_t*>(baked.brp_roots_of_unity);
        settings.reverse_roots_of_unity = const_cast<fr_t*>(baked.reverse_roots_of_unity);
        settings.g1_values_monomial = const_cast<g1_t*>(baked.g1_values_monomial);
        settings.g1_values_lagrange_brp = const_cast<g1_t*>(baked.g1_values_lagrange_brp);
        settings.g2_values_monomial = const_cast<g2_t*>(baked.g2_values_monomial);
        for (std::size_t i = 0; i < CELLS; ++i) columns[i] = const_cast<g1_t*>(baked.x_ext_fft_columns[i]);
        settings.x_ext_fft_columns = columns;
    }
};

Kzg::Kzg(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Kzg::~Kzg() = default;
Kzg::Kzg(Kzg&&) noexcept = default;
Kzg& Kzg::operator=(Kzg&&) noexcept = default;

Kzg Kzg::ceremony() { return Kzg(std::make_unique<Impl>(entresol_trusted_setup)); }

std::optional<KzgCommitment> Kzg::commit(ByteView blob) const {
    KZGCommitment out;
    if (blob_to_kzg_commitment(&out, as_blob(blob), &impl_->settings) != C_KZG_OK) return std::nullopt;
    return from_bytes<KzgCommitment>({out.bytes, 48});
}

std::optional<KzgProof> Kzg::prove_blob(ByteView blob, const KzgCommitment& commitment) const {
    KZGProof out;
    if (compute_blob_kzg_proof(&out, as_blob(blob), as_48(commitment.data()), &impl_->settings) != C_KZG_OK)
        return std::nullopt;
    return from_bytes<KzgProof>({out.bytes, 48});
}

std::optional<KzgProof> Kzg::prove_point(ByteView blob, const Hash32& z) const {
    KZGProof out;
    Bytes32 point, value;
    std::memcpy(point.bytes, z.data(), Hash32::SIZE);
    if (compute_kzg_proof(&out, &value, as_blob(blob), &point, &impl_->settings) != C_KZG_OK) return std::nullopt;
    return from_bytes<KzgProof>({out.bytes, 48});
}

bool Kzg::verify_blob(ByteView blob, const KzgCommitment& commitment, const KzgProof& proof) const {
    bool ok = false;
    return verify_blob_kzg_proof(&ok, as_blob(blob), as_48(commitment.data()), as_48(proof.data()), &impl_->settings) ==
               C_KZG_OK &&
           ok;
}

std::optional<Bytes> Kzg::compute_cell_proofs(ByteView blob) const {
    Bytes proofs(CELLS * 48);
    if (compute_cells_and_kzg_proofs(nullptr, reinterpret_cast<KZGProof*>(proofs.data()), as_blob(blob),
                                     &impl_->settings) != C_KZG_OK)
        return std::nullopt;
    return proofs;
}

bool Kzg::verify_cell_proofs(ByteView blob, const KzgCommitment& commitment, ByteView cell_proofs) const {
    if (cell_proofs.size() != CELLS * 48) return false;
    std::vector<Cell> cells(CELLS);
    if (compute_cells_and_kzg_proofs(cells.data(), nullptr, as_blob(blob), &impl_->settings) != C_KZG_OK) return false;
    std::vector<Bytes48> commitments(CELLS);
    std::vector<std::uint64_t> indexes(CELLS);
    for (std::size_t i = 0; i < CELLS; ++i) {
        std::memcpy(commitments[i].bytes, commitment.data(), 48);
        indexes[i] = i;
    }
    bool ok = false;
    return verify_cell_kzg_proof_batch(&ok, commitments.data(), indexes.data(), cells.data(), as_48(cell_proofs.data()),
                                       CELLS, &impl_->settings) == C_KZG_OK &&
           ok;
}

}  // namespace entresol::crypto
