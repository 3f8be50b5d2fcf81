#include "node/io/secret.hpp"

#include <type_traits>

#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>

namespace entresol::io {
namespace {

// No way into a log: neither fmt (and with it spdlog) nor a stream takes one, and no copy can be made by mistake.
template <typename T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };
template <typename T>
concept Iterable = requires(const T& value) { value.begin(); };
static_assert(!fmt::is_formattable<Secret>::value && !fmt::is_formattable<PrivateKey>::value);
static_assert(!Streamable<Secret>);
static_assert(!Streamable<PrivateKey>);
static_assert(!Iterable<Secret> && !Iterable<PrivateKey>);
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!std::is_copy_constructible_v<PrivateKey> && !std::is_copy_assignable_v<PrivateKey>);
static_assert(!std::is_convertible_v<Secret, std::string> && !std::is_convertible_v<PrivateKey, Hash32>);

TEST(SecretTest, IsReadOnlyByWhoAsks) {
    const Secret secret{std::string_view("open sesame")};
    EXPECT_EQ(secret.reveal_text(), "open sesame");
    EXPECT_EQ(secret.size(), 11U);
}

TEST(SecretTest, ForgettingZeroesTheMemory) {
    Secret secret{std::string_view("open sesame")};
    const auto* memory = secret.data();  // the buffer stays the vector's own after clear()
    secret.forget();
    EXPECT_EQ(secret.size(), 0U);
    for (std::size_t i = 0; i < 11; ++i) EXPECT_EQ(memory[i], 0);  // NOLINT: capacity is kept
}

TEST(SecretTest, ShrinkingZeroesTheRest) {
    Secret secret{std::string_view("password\n")};
    const auto* memory = secret.data();
    secret.shrink(8);
    EXPECT_EQ(secret.reveal_text(), "password");
    EXPECT_EQ(memory[8], 0);  // NOLINT: capacity is kept
}

TEST(SecretTest, MovingLeavesNothingBehind) {
    Secret from{std::string_view("moved")};
    Secret to(std::move(from));
    EXPECT_EQ(from.size(), 0U);  // NOLINT(bugprone-use-after-move): that is the test
    EXPECT_EQ(to.reveal_text(), "moved");
    Secret third;
    third = std::move(to);
    EXPECT_EQ(third.reveal_text(), "moved");

    Hash32 raw;
    raw.bytes.fill(7);
    PrivateKey key(raw);
    const PrivateKey moved(std::move(key));
    EXPECT_TRUE(key.reveal().is_zero());  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(moved.reveal(), raw);
}

TEST(SecretTest, APrivateKeyIsZeroedAtItsEnd) {
    alignas(PrivateKey) unsigned char memory[sizeof(PrivateKey)];
    Hash32 raw;
    raw.bytes.fill(9);
    auto* key = new (memory) PrivateKey(raw);
    key->~PrivateKey();
    for (const volatile auto& byte : memory) EXPECT_EQ(byte, 0);
}

}  // namespace
}  // namespace entresol::io
