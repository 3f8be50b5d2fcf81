// A step of the build: reads c-kzg's trusted_setup.txt with c-kzg's own loader, checks all that can be checked (the file's hash, each point's subgroup)
// and writes what was loaded as one binary (entresol_trusted_setup.h), so that no process has to decompress 8,257 points and transform 8,192 again.
// Usage: bake_trusted_setup TRUSTED_SETUP_TXT OUTPUT
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include <entresol_trusted_setup.h>

namespace {

// sha256 of trusted_setup.txt: the points of Ethereum's KZG ceremony of 2023, as c-kzg-4844 publishes them since EIP-7594.
constexpr unsigned char EXPECTED_SHA256[32] = {0xd3, 0x9b, 0x9f, 0x2d, 0x04, 0x7c, 0xc9, 0xdc, 0xa2, 0xde, 0x58,
                                               0xf2, 0x64, 0xb6, 0xa0, 0x94, 0x48, 0xcc, 0xd3, 0x4d, 0xb9, 0x67,
                                               0x88, 0x1a, 0x67, 0x13, 0xea, 0xca, 0xcf, 0x0f, 0x26, 0xb7};

int fail(const char* why) {
    std::fprintf(stderr, "bake_trusted_setup: %s\n", why);
    return 1;
}

bool has_expected_hash(std::FILE* file) {
    std::vector<unsigned char> text(1 << 20);
    const std::size_t size = std::fread(text.data(), 1, text.size(), file);
    std::rewind(file);
    unsigned char digest[32];
    blst_sha256(digest, text.data(), size);
    return size < text.size() && std::memcmp(digest, EXPECTED_SHA256, sizeof digest) == 0;
}

bool all_in_subgroups(const KZGSettings& s) {
    for (int i = 0; i < ENTRESOL_KZG_G1_POINTS; ++i)
        if (!blst_p1_in_g1(&s.g1_values_monomial[i]) || !blst_p1_in_g1(&s.g1_values_lagrange_brp[i])) return false;
    for (int i = 0; i < ENTRESOL_KZG_G2_POINTS; ++i)
        if (!blst_p2_in_g2(&s.g2_values_monomial[i])) return false;
    return true;
}

void copy(const KZGSettings& s, entresol_baked_setup& out) {
    std::memcpy(out.roots_of_unity, s.roots_of_unity, sizeof out.roots_of_unity);
    std::memcpy(out.brp_roots_of_unity, s.brp_roots_of_unity, sizeof out.brp_roots_of_unity);
    std::memcpy(out.reverse_roots_of_unity, s.reverse_roots_of_unity, sizeof out.reverse_roots_of_unity);
    std::memcpy(out.g1_values_monomial, s.g1_values_monomial, sizeof out.g1_values_monomial);
    std::memcpy(out.g1_values_lagrange_brp, s.g1_values_lagrange_brp, sizeof out.g1_values_lagrange_brp);
    std::memcpy(out.g2_values_monomial, s.g2_values_monomial, sizeof out.g2_values_monomial);
    for (int i = 0; i < CELLS_PER_EXT_BLOB; ++i)
        std::memcpy(out.x_ext_fft_columns[i], s.x_ext_fft_columns[i], sizeof out.x_ext_fft_columns[i]);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return fail("usage: bake_trusted_setup TRUSTED_SETUP_TXT OUTPUT");
    std::FILE* in = std::fopen(argv[1], "rb");
    if (in == nullptr) return fail("cannot read the trusted setup");
    if (!has_expected_hash(in)) return fail("the trusted setup is not the ceremony's file that this build expects");
    KZGSettings settings{};
    const bool loaded = load_trusted_setup_file(&settings, in, 0) == C_KZG_OK;
    std::fclose(in);
    if (!loaded) return fail("c-kzg refuses the trusted setup");
    if (!all_in_subgroups(settings)) return fail("a point of the trusted setup lies outside its subgroup");
    const auto baked = std::make_unique<entresol_baked_setup>();
    copy(settings, *baked);
    free_trusted_setup(&settings);
    std::FILE* out = std::fopen(argv[2], "wb");
    if (out == nullptr) return fail("cannot write the output");
    const bool written = std::fwrite(baked.get(), sizeof *baked, 1, out) == 1;
    if (std::fclose(out) != 0 || !written) return fail("cannot write the output");
    return 0;
}
