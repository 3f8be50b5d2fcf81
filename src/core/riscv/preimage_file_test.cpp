#include "core/riscv/preimage_file.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/crypto/hashes.hpp"
#include "core/crypto/keccak.hpp"
#include "core/riscv/calls_testing.hpp"

namespace entresol::riscv {
namespace {

Bytes recover_input() {
    Bytes content(19);
    content.push_back(1);
    append(content, *parse_hex(testing::KNOWN_INPUTS[0].hex));
    return content;
}

TEST(PreimageFile, EachTypeIsFoundUnderItsKey) {
    const Bytes text = {'a', 'b', 'c'};
    Bytes blob(crypto::BYTES_PER_BLOB);
    blob[31] = 7;
    Bytes file;
    append_preimage(file, PreimageType::Keccak256, text);
    append_preimage(file, PreimageType::Keccak256, {});
    append_preimage(file, PreimageType::Sha256, text);
    append_preimage(file, PreimageType::Blob, blob);
    append_preimage(file, PreimageType::Computation, recover_input());
    ProvablePreimages known;
    ASSERT_TRUE(read_preimages(file, known));
    EXPECT_EQ(to_bytes(*known.find(PreimageType::Keccak256, crypto::keccak256(text))), text);
    EXPECT_TRUE(known.find(PreimageType::Keccak256, crypto::keccak256({}))->empty());
    EXPECT_EQ(to_bytes(*known.find(PreimageType::Sha256, crypto::sha256(text))), text);
    EXPECT_FALSE(known.find(PreimageType::Sha256, crypto::keccak256(text)).has_value());
    const Hash32 hash = crypto::kzg_to_versioned_hash(*crypto::Kzg::ceremony().commit(blob));
    EXPECT_EQ(to_bytes(*known.find(PreimageType::Blob, hash)), blob);
    EXPECT_TRUE(known.prove_element(hash, 0).has_value());
    const Bytes computation = recover_input();
    EXPECT_EQ(known.find(PreimageType::Computation, crypto::keccak256(computation))->size(), 33U);
}

TEST(PreimageFile, WhatIsNoneIsRefused) {
    Bytes file;
    append_preimage(file, PreimageType::Keccak256, Bytes(5, 1));
    for (std::size_t size = 1; size < file.size(); ++size) {
        ProvablePreimages known;
        EXPECT_EQ(read_preimages(ByteView(file).first(size), known).error(), PreimageFileError::TooShort) << size;
    }
    const auto error_of = [](PreimageType type, const Bytes& content) {
        Bytes one;
        append_preimage(one, type, content);
        ProvablePreimages known;
        return read_preimages(one, known).error();
    };
    EXPECT_EQ(error_of(static_cast<PreimageType>(0), {}), PreimageFileError::UnknownType);
    EXPECT_EQ(error_of(static_cast<PreimageType>(5), {}), PreimageFileError::UnknownType);
    EXPECT_EQ(error_of(PreimageType::Blob, Bytes(crypto::BYTES_PER_BLOB - 1)), PreimageFileError::NotABlob);
    EXPECT_EQ(error_of(PreimageType::Blob, Bytes(crypto::BYTES_PER_BLOB, 0xff)), PreimageFileError::NotABlob);
    EXPECT_EQ(error_of(PreimageType::Computation, Bytes(19)), PreimageFileError::NotComputable);
    EXPECT_EQ(error_of(PreimageType::Computation, Bytes(20 + 128)), PreimageFileError::NotComputable);
    Bytes long_one = {1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0};
    ProvablePreimages known;
    EXPECT_EQ(read_preimages(long_one, known).error(), PreimageFileError::TooShort);
}

}  // namespace
}  // namespace entresol::riscv
