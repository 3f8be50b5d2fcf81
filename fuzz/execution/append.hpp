// append() for values of fixed size as well.
#pragma once

#include "core/base/bytes.hpp"

namespace entresol::fuzz {

using entresol::append;
template <std::size_t N>
void append(Bytes& out, const FixedBytes<N>& value) {
    entresol::append(out, value.view());
}

}  // namespace entresol::fuzz
