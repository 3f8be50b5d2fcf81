/* The KZG ceremony's trusted setup in the form in which c-kzg calculates with it, embedded on the host. The build makes it once from the package's
 * text file (bake_trusted_setup.cpp); a process maps it and reads only the pages that it needs. For crypto::Kzg. */
#pragma once

#include <ckzg.h>

enum {
    ENTRESOL_KZG_G1_POINTS = FIELD_ELEMENTS_PER_BLOB,
    ENTRESOL_KZG_G2_POINTS = 65,
};

/* What the pointers of KZGSettings lead to, in this order and in memory's byte order. */
struct entresol_baked_setup {
    fr_t roots_of_unity[FIELD_ELEMENTS_PER_EXT_BLOB + 1];
    fr_t brp_roots_of_unity[FIELD_ELEMENTS_PER_EXT_BLOB];
    fr_t reverse_roots_of_unity[FIELD_ELEMENTS_PER_EXT_BLOB + 1];
    g1_t g1_values_monomial[ENTRESOL_KZG_G1_POINTS];
    g1_t g1_values_lagrange_brp[ENTRESOL_KZG_G1_POINTS];
    g2_t g2_values_monomial[ENTRESOL_KZG_G2_POINTS];
    g1_t x_ext_fft_columns[CELLS_PER_EXT_BLOB][FIELD_ELEMENTS_PER_CELL];
};

#ifdef __cplusplus
extern "C" {
#endif
extern const struct entresol_baked_setup entresol_trusted_setup;
#ifdef __cplusplus
}
#endif
