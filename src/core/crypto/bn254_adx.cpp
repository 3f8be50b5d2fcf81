#include "core/crypto/bn254_kernel.hpp"

#if defined(__x86_64__)
namespace entresol::crypto::bn254 {
template struct Kernel<true>;
}
#endif
