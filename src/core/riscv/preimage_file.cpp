#include "core/riscv/preimage_file.hpp"

#include "core/base/endian.hpp"

namespace entresol::riscv {
namespace {

constexpr std::size_t HEAD_BYTES = 9;  // type and length

Result<void, PreimageFileError> add(PreimageType type, ByteView content, ProvablePreimages& preimages) {
    switch (type) {
        case PreimageType::Keccak256: (void)preimages.add_keccak256(to_bytes(content)); return {};
        case PreimageType::Sha256: (void)preimages.add_sha256(to_bytes(content)); return {};
        case PreimageType::Blob:
            if (!preimages.add_committed_blob(content)) return fail(PreimageFileError::NotABlob);
            return {};
        case PreimageType::Computation:
            if (content.size() < Address::SIZE ||
                !preimages.add_computation(from_bytes<Address>(content), content.subspan(Address::SIZE)))
                return fail(PreimageFileError::NotComputable);
            return {};
    }
    return fail(PreimageFileError::UnknownType);
}

}  // namespace

const char* to_string(PreimageFileError error) {
    switch (error) {
        case PreimageFileError::TooShort: return "it ends within a preimage";
        case PreimageFileError::UnknownType: return "a type is none of 1 to 4";
        case PreimageFileError::NotABlob: return "a blob is not 4,096 field elements";
        case PreimageFileError::NotComputable:
            return "a computation is of no precompile, or of an input that it refuses by its form";
    }
    return "unknown";
}

void append_preimage(Bytes& file, PreimageType type, ByteView content) {
    file.push_back(static_cast<std::uint8_t>(type));
    file.resize(file.size() + 8);
    store_be64(&file[file.size() - 8], content.size());
    append(file, content);
}

Result<void, PreimageFileError> read_preimages(ByteView file, ProvablePreimages& preimages) {
    while (!file.empty()) {
        if (file.size() < HEAD_BYTES) return fail(PreimageFileError::TooShort);
        const auto type = static_cast<PreimageType>(file[0]);
        const std::uint64_t length = load_be64(&file[1]);
        file = file.subspan(HEAD_BYTES);
        if (length > file.size()) return fail(PreimageFileError::TooShort);
        const auto added = add(type, file.first(static_cast<std::size_t>(length)), preimages);
        if (!added) return fail(added.error());
        file = file.subspan(static_cast<std::size_t>(length));
    }
    return {};
}

}  // namespace entresol::riscv
