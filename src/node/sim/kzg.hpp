// The ceremony's setup, once for all simulations of a process.
#pragma once

#include "core/crypto/kzg.hpp"

namespace entresol::sim {

[[nodiscard]] inline const crypto::Kzg& kzg() {
    static const auto loaded = crypto::Kzg::ceremony();
    return loaded;
}

}  // namespace entresol::sim
