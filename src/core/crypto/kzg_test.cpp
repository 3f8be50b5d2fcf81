// Blobs: the baked setup against c-kzg's own loader, and all public vectors of EIP-4844 and EIP-7594 that our interface can be asked.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/crypto/kzg.hpp"
#include "testing/shared_data.hpp"

// After ours: c-kzg defines BYTES_PER_BLOB as a macro.
#include <entresol_trusted_setup.h>

namespace entresol::crypto {
namespace {

// What the build baked must be, byte for byte, what the official loader makes of the text at run time.
TEST(KzgTest, BakedSetupEqualsTheOfficialLoader) {
    const auto text =
        std::filesystem::path(ENTRESOL_SOURCE_DIR) / "third_party/node_modules/c-kzg/deps/c-kzg/trusted_setup.txt";
    std::FILE* file = std::fopen(text.c_str(), "rb");
    ASSERT_NE(file, nullptr) << text;
    KZGSettings s{};
    ASSERT_EQ(load_trusted_setup_file(&s, file, 0), C_KZG_OK);
    std::fclose(file);
    const auto& baked = entresol_trusted_setup;
    const auto same = [](const auto& array, const void* loaded) {
        return std::memcmp(&array, loaded, sizeof array) == 0;
    };
    EXPECT_TRUE(same(baked.roots_of_unity, s.roots_of_unity));
    EXPECT_TRUE(same(baked.brp_roots_of_unity, s.brp_roots_of_unity));
    EXPECT_TRUE(same(baked.reverse_roots_of_unity, s.reverse_roots_of_unity));
    EXPECT_TRUE(same(baked.g1_values_monomial, s.g1_values_monomial));
    EXPECT_TRUE(same(baked.g1_values_lagrange_brp, s.g1_values_lagrange_brp));
    EXPECT_TRUE(same(baked.g2_values_monomial, s.g2_values_monomial));
    for (std::size_t i = 0; i < CELLS_PER_EXT_BLOB; ++i)
        EXPECT_TRUE(same(baked.x_ext_fft_columns[i], s.x_ext_fft_columns[i])) << "column " << i;
    free_trusted_setup(&s);
}

Bytes some_blob() {
    Bytes blob(131072);
    for (std::size_t i = 1; i < blob.size(); i += 32) blob[i] = static_cast<std::uint8_t>(i * 7);
    return blob;
}

// The constant [τ]G2 of the point evaluation and the ceremony's file must belong together: what one proves, the other verifies.
TEST(KzgTest, BlobsCommitProveAndVerify) {
    const Kzg kzg = Kzg::ceremony();
    Bytes blob = some_blob();
    const auto commitment = kzg.commit(blob);
    ASSERT_TRUE(commitment.has_value());
    const auto proof = kzg.prove_blob(blob, *commitment);
    ASSERT_TRUE(proof.has_value());
    EXPECT_TRUE(kzg.verify_blob(blob, *commitment, *proof));
    blob[5] ^= 1;
    EXPECT_FALSE(kzg.verify_blob(blob, *commitment, *proof));
    EXPECT_EQ(kzg_to_versioned_hash(*commitment).bytes[0], 0x01);
    blob[0] = 0xff;  // no field element
    EXPECT_FALSE(kzg.commit(blob).has_value());
}

TEST(KzgTest, CellProofsVerifyAndOnlyInTheirPlaces) {
    const Kzg kzg = Kzg::ceremony();
    const Bytes blob = some_blob();
    const auto commitment = kzg.commit(blob);
    ASSERT_TRUE(commitment.has_value());
    auto proofs = kzg.compute_cell_proofs(blob);
    ASSERT_TRUE(proofs.has_value());
    EXPECT_TRUE(kzg.verify_cell_proofs(blob, *commitment, *proofs));
    std::swap_ranges(proofs->begin(), proofs->begin() + 48, proofs->begin() + 48);
    EXPECT_FALSE(kzg.verify_cell_proofs(blob, *commitment, *proofs));
    EXPECT_FALSE(kzg.verify_cell_proofs(blob, *commitment, ByteView(*proofs).first(48)));
}

// The vectors' YAML is flat enough to be read by name: quoted hex values, some in a list.
class Case {
public:
    explicit Case(const std::filesystem::path& folder) : text_(testing::read_file(folder / "data.yaml")) {}
    [[nodiscard]] std::string field(const std::string& name) const {
        const auto at = text_.find(name + ": ");
        if (at == std::string::npos) return {};
        const auto from = at + name.size() + 2;
        return clean(text_.substr(from, text_.find_first_of("\n,}", from) - from));
    }
    /// All hex values after the name.
    [[nodiscard]] std::vector<std::string> values_after(const std::string& name) const {
        std::vector<std::string> out;
        for (auto at = text_.find("0x", text_.find(name + ":")); at != std::string::npos; at = text_.find("0x", at + 2))
            out.push_back(text_.substr(at, text_.find_first_not_of("0123456789abcdefx", at) - at));
        return out;
    }

private:
    static std::string clean(std::string value) {
        std::erase_if(value, [](char c) { return c == '\'' || c == '"' || c == ' '; });
        return value;
    }
    std::string text_;
};

std::optional<Bytes> parse_blob(const std::string& text) {
    const auto blob = parse_hex(text);
    if (!blob || blob->size() != 131072) return std::nullopt;
    return *blob;
}

struct Tally {
    std::size_t cases = 0, good = 0;
};

template <typename Check>
Tally walk(const std::filesystem::path& folder, Check check) {
    Tally tally;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        SCOPED_TRACE(entry.path().filename());
        const auto good = check(Case(entry.path()));
        if (!good) continue;  // of a length that cannot even be asked
        ++tally.cases;
        tally.good += *good ? 1 : 0;
    }
    return tally;
}

TEST(KzgTest, PublicVectorsOfPointEvaluation) {
    ENTRESOL_VECTORS_OR_SKIP(folder, "prec/kzg/verify_kzg_proof/kzg-mainnet");
    const auto tally = walk(folder, [](const Case& c) -> std::optional<bool> {
        const auto commitment = parse_fixed<KzgCommitment>(c.field("commitment")),
                   proof = parse_fixed<KzgProof>(c.field("proof"));
        const auto z = parse_fixed<Hash32>(c.field("z")), y = parse_fixed<Hash32>(c.field("y"));
        if (!commitment || !proof || !z || !y) return std::nullopt;
        const bool expected = c.field("output") == "true";
        EXPECT_EQ(crypto::verify_kzg_proof(*commitment, *z, *y, *proof), expected);
        return expected;
    });
    EXPECT_GT(tally.cases, 50U);
    EXPECT_GT(tally.good, 10U);
}

TEST(KzgTest, PublicVectorsOfBlobs) {
    ENTRESOL_VECTORS_OR_SKIP(folder, "prec/kzg");
    const Kzg kzg = Kzg::ceremony();
    const auto commitments =
        walk(folder / "blob_to_kzg_commitment/kzg-mainnet", [&](const Case& c) -> std::optional<bool> {
            const auto blob = parse_blob(c.field("blob"));
            if (!blob) return std::nullopt;
            const auto result = kzg.commit(*blob);
            EXPECT_EQ(result ? to_hex(*result) : "null", c.field("output"));
            return result.has_value();
        });
    EXPECT_GT(commitments.good, 5U);
    const auto proofs = walk(folder / "compute_blob_kzg_proof/kzg-mainnet", [&](const Case& c) -> std::optional<bool> {
        const auto blob = parse_blob(c.field("blob"));
        const auto commitment = parse_fixed<KzgCommitment>(c.field("commitment"));
        if (!blob || !commitment) return std::nullopt;
        const auto result = kzg.prove_blob(*blob, *commitment);
        EXPECT_EQ(result ? to_hex(*result) : "null", c.field("output"));
        return result.has_value();
    });
    EXPECT_GT(proofs.good, 5U);
    const auto checks = walk(folder / "verify_blob_kzg_proof/kzg-mainnet", [&](const Case& c) -> std::optional<bool> {
        const auto blob = parse_blob(c.field("blob"));
        const auto commitment = parse_fixed<KzgCommitment>(c.field("commitment")),
                   proof = parse_fixed<KzgProof>(c.field("proof"));
        if (!blob || !commitment || !proof) return std::nullopt;
        const bool expected = c.field("output") == "true";
        EXPECT_EQ(kzg.verify_blob(*blob, *commitment, *proof), expected);
        return expected;
    });
    EXPECT_GT(checks.good, 5U);
    EXPECT_GT(checks.cases, checks.good);
}

// EIP-7594. The output lists 128 cells of 2,048 bytes, then 128 proofs.
TEST(KzgTest, PublicVectorsOfCellProofs) {
    ENTRESOL_VECTORS_OR_SKIP(folder, "prec/kzg/compute_cells_and_kzg_proofs/kzg-mainnet");
    const Kzg kzg = Kzg::ceremony();
    const auto tally = walk(folder, [&](const Case& c) -> std::optional<bool> {
        const auto blob = parse_blob(c.field("blob"));
        if (!blob) return std::nullopt;
        const auto proofs = kzg.compute_cell_proofs(*blob);
        const auto expected = c.values_after("output");
        EXPECT_EQ(proofs.has_value(), !expected.empty());
        if (!proofs) return false;
        EXPECT_EQ(expected.size(), 256U);
        Bytes listed;
        for (std::size_t i = 128; i < expected.size(); ++i) append(listed, parse_hex(expected[i]).value());
        EXPECT_EQ(*proofs, listed);
        EXPECT_TRUE(kzg.verify_cell_proofs(*blob, *kzg.commit(*blob), *proofs));
        return true;
    });
    EXPECT_GT(tally.good, 3U);
}

}  // namespace
}  // namespace entresol::crypto
