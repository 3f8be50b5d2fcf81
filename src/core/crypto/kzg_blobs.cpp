// Commitments and proofs of whole blobs through c-kzg. On the host only: c-kzg wants an allocator and the ceremony's 8,257 points.
#include <charconv>
#include <cstdlib>
#include <vector>

#include "core/base/check.hpp"
#include "core/crypto/kzg.hpp"

// After ours: it defines BYTES_PER_BLOB as a macro.
#include <ckzg.h>
#include <entresol_trusted_setup.h>

namespace entresol::crypto {
namespace {

constexpr std::size_t CELLS = 128;  // EIP-7594: CELLS_PER_EXT_BLOB
constexpr std::size_t POINTS = 4096, G2_POINTS = 65;

const Blob* as_blob(ByteView blob) {
    CHECK(blob.size() == BYTES_PER_BLOB);
    return reinterpret_cast<const Blob*>(blob.data());
}
const Bytes48* as_48(const std::uint8_t* bytes) { return reinterpret_cast<const Bytes48*>(bytes); }

int nibble(std::uint8_t c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

// Words of the text form, separated by white space.
struct Words {
    ByteView rest;
    ByteView next() {
        while (!rest.empty() && rest[0] <= ' ') rest = rest.subspan(1);
        std::size_t n = 0;
        while (n < rest.size() && rest[n] > ' ') ++n;
        const ByteView word = rest.first(n);
        rest = rest.subspan(n);
        return word;
    }
    bool read_number(std::size_t expected) {
        const ByteView word = next();
        std::size_t value = 0;
        const char* begin = reinterpret_cast<const char*>(word.data());
        const auto parsed = std::from_chars(begin, begin + word.size(), value);
        return parsed.ec == std::errc{} && value == expected;
    }
    bool read_points(std::size_t count, std::size_t size, std::vector<std::uint8_t>& out) {
        out.reserve(count * size);
        for (std::size_t i = 0; i < count; ++i) {
            const ByteView word = next();
            if (word.size() != 2 * size) return false;
            for (std::size_t j = 0; j < size; ++j) {
                const int high = nibble(word[2 * j]), low = nibble(word[2 * j + 1]);
                if (high < 0 || low < 0) return false;
                out.push_back(static_cast<std::uint8_t>(high << 4 | low));
            }
        }
        return true;
    }
};

}  // namespace

struct Kzg::Impl {
    KZGSettings settings{};
    bool loaded = false;
    ~Impl() {
        if (loaded) free_trusted_setup(&settings);
    }
};

Kzg::Kzg(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Kzg::~Kzg() = default;
Kzg::Kzg(Kzg&&) noexcept = default;
Kzg& Kzg::operator=(Kzg&&) noexcept = default;

ByteView embedded_trusted_setup() { return {entresol_trusted_setup, entresol_trusted_setup_size}; }

std::optional<Kzg> Kzg::load(ByteView trusted_setup_text) {
    Words words{trusted_setup_text};
    std::vector<std::uint8_t> g1_lagrange, g2_monomial, g1_monomial;
    if (!words.read_number(POINTS) || !words.read_number(G2_POINTS)) return std::nullopt;
    if (!words.read_points(POINTS, 48, g1_lagrange) || !words.read_points(G2_POINTS, 96, g2_monomial) ||
        !words.read_points(POINTS, 48, g1_monomial))
        return std::nullopt;
    auto impl = std::make_unique<Impl>();
    const auto status = load_trusted_setup(&impl->settings, g1_monomial.data(), g1_monomial.size(), g1_lagrange.data(),
                                           g1_lagrange.size(), g2_monomial.data(), g2_monomial.size(), 0);
    if (status != C_KZG_OK) return std::nullopt;
    impl->loaded = true;
    return Kzg(std::move(impl));
}

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
