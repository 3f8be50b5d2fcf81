/* The KZG ceremony's trusted setup as c-kzg's text file, embedded on the host. For crypto::Kzg::load. */
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
extern const unsigned char entresol_trusted_setup[];
extern const size_t entresol_trusted_setup_size;
#ifdef __cplusplus
}
#endif
