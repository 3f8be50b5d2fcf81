// Preimages as one file: what a program's run needs besides the program and its input (docs/spec/machine.md, "Preimages as a file"). No key is in it:
// each is computed from what it is the key of. On the host only, for blobs' commitments.
#pragma once

#include "core/base/result.hpp"
#include "core/riscv/provable_preimages.hpp"

namespace entresol::riscv {

enum class PreimageFileError { TooShort, UnknownType, NotABlob, NotComputable };
[[nodiscard]] const char* to_string(PreimageFileError error);

/// content: the preimage itself; of a computation the precompile's address and its input.
void append_preimage(Bytes& file, PreimageType type, ByteView content);
/// Adds all of them, or those before the first that is wrong.
[[nodiscard]] Result<void, PreimageFileError> read_preimages(ByteView file, ProvablePreimages& preimages);

}  // namespace entresol::riscv
