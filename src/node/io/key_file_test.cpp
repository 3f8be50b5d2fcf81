#include "node/io/key_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "node/io/keystore.hpp"

namespace entresol::io {
namespace {

constexpr const char* KEY = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";
// KEY under a password: the pbkdf2 sample of the Web3 Secret Storage Definition, and what ethers 6.17 wrote. (The definition's scrypt sample has
// r = 1 with n = 2^18, which RFC 7914 section 6 does not allow; no tool writes such files.)
constexpr std::string_view PASSWORD = "testpassword";
constexpr const char* PBKDF2_STORE =
    R"({"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},)"
    R"("ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2","kdfparams":)"
    R"({"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},)"
    R"("mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},)"
    R"("id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3})";
constexpr const char* SCRYPT_STORE =
    R"({"address":"008aeeda4d805471df9b2a5b0f38a0c3bcba786b","id":"fa81ab46-4a88-4d08-b949-6dd5cbf43e78","version":3,"Crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"5632f41b01ad3614cbfd8f2a1c384c9b"},)"
    R"("ciphertext":"b841d737d2df70c21f43c23ee42eb5fb42b8369ac4a8b6ae686fbfa129e30cac","kdf":"scrypt","kdfparams":)"
    R"({"salt":"4ea551da2fe6f40126d1a04007a1b250b8bd9e32613c4b3895fac243bf3a6773","n":16384,"dklen":32,"p":1,"r":8},)"
    R"("mac":"1133087e2910980de27305636b5d6b5fd369075c4c0a370e395c6ec26558a34c"}})";

Secret secret(std::string_view text) { return Secret(text); }

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

class KeyFileTest : public ::testing::Test {
public:
    KeyFileTest() {
        std::string name = (std::filesystem::temp_directory_path() / "entresol_keys_XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    ~KeyFileTest() override { std::filesystem::remove_all(folder_); }

protected:
    std::string put(const char* name, std::string_view content, mode_t mode = 0600) {
        const auto path = (folder_ / name).string();
        std::ofstream(path, std::ios::binary) << content;
        EXPECT_EQ(::chmod(path.c_str(), mode), 0);
        return path;
    }
    static std::string error_of(const KeyLocation& location) {
        const auto key = load_private_key(location);
        return key ? "no error" : key.error();
    }
    static std::string key_of(const KeyLocation& location) {
        const auto key = load_private_key(location);
        return key ? to_hex(key->reveal()) : key.error();
    }

    std::filesystem::path folder_;
};

TEST_F(KeyFileTest, HexDigitsWithAndWithoutPrefixAndBlanks) {
    for (const auto& text : {std::string(KEY), "0x" + std::string(KEY) + "\n", "\r\n 0X" + std::string(KEY) + " \n"})
        EXPECT_EQ(key_of({.file = put("key", text), .password_file = "", .environment = ""}), "0x" + std::string(KEY));
}

TEST_F(KeyFileTest, WhatOthersMayReadIsRefused) {
    for (const mode_t mode : {0640U, 0604U, 0620U, 0602U, 0666U, 0610U}) {
        const auto words = error_of({.file = put("key", KEY, mode), .password_file = "", .environment = ""});
        EXPECT_NE(words.find("chmod 600"), std::string::npos) << words;
        EXPECT_EQ(words.find("7a28"), std::string::npos) << words;
    }
    EXPECT_EQ(key_of({.file = put("key", KEY, 0400), .password_file = "", .environment = ""}), "0x" + std::string(KEY));
}

TEST_F(KeyFileTest, WhatIsNoPlainFileOfSoundSizeIsRefused) {
    const auto fails_with = [](const std::string& path, const char* words) {
        const auto error = error_of({.file = path, .password_file = "", .environment = ""});
        EXPECT_NE(error.find(words), std::string::npos) << error;
    };
    fails_with((folder_ / "missing").string(), "No such file");
    fails_with(folder_.string(), "not a regular file");
    fails_with(put("empty", ""), "is empty");
    fails_with(put("large", std::string(1 << 20, 'a')), "larger than");
    const auto pipe = (folder_ / "pipe").string();
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    fails_with(pipe, "not a regular file");  // and does not wait for a writer
}

TEST_F(KeyFileTest, MalformedKeysAreRefusedWithoutBeingQuoted) {
    const std::string almost = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9";
    const std::string order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    for (const auto& text : {almost, almost + "g", almost + "d0", std::string("0x"), std::string(64, '0'), order}) {
        const auto words = error_of({.file = put("key", text), .password_file = "", .environment = ""});
        EXPECT_NE(words, "no error") << text;
        EXPECT_EQ(words.find(almost.substr(0, 8)), std::string::npos) << words;
    }
}

TEST_F(KeyFileTest, KeystoresOpenWithTheirPassword) {
    const auto password = put("password", std::string(PASSWORD) + "\n");
    for (const char* store : {PBKDF2_STORE, SCRYPT_STORE})
        EXPECT_EQ(key_of({.file = put("store", store), .password_file = password, .environment = ""}),
                  "0x" + std::string(KEY));
}

TEST_F(KeyFileTest, AKeystoreNeedsItsPassword) {
    const auto store = put("store", PBKDF2_STORE);
    EXPECT_NE(error_of({.file = store, .password_file = "", .environment = ""}).find("password"), std::string::npos);
    const auto wrong = put("wrong", "testpassword ");
    EXPECT_NE(error_of({.file = store, .password_file = wrong, .environment = ""}).find("wrong password"),
              std::string::npos);
    const auto shown = put("shown", PASSWORD, 0644);
    EXPECT_NE(error_of({.file = store, .password_file = shown, .environment = ""}).find("chmod"), std::string::npos);
}

TEST(KeystoreTest, HostileParametersAreRefusedAtOnce) {
    const std::string pbkdf2 = PBKDF2_STORE, scrypt = SCRYPT_STORE;
    const std::string cases[] = {
        "",
        "[]",
        "{}",
        "{\"version\":3}",
        replaced(pbkdf2, "\"version\":3", "\"version\":1"),
        replaced(pbkdf2, "aes-128-ctr", "aes-256-gcm"),
        replaced(pbkdf2, "hmac-sha256", "hmac-sha1"),
        replaced(pbkdf2, "\"kdf\":\"pbkdf2\"", "\"kdf\":\"none\""),
        replaced(pbkdf2, "262144", "4000000000"),
        replaced(pbkdf2, "262144", "-1"),
        replaced(pbkdf2, "262144", "1e9"),
        replaced(pbkdf2, "\"dklen\":32", "\"dklen\":1000000000"),
        replaced(pbkdf2, "5318b4", ""),
        replaced(pbkdf2, "6087da", "zz87da"),
        replaced(scrypt, "\"n\":16384", "\"n\":1099511627776"),
        replaced(scrypt, "\"n\":16384", "\"n\":16383"),
        replaced(scrypt, "\"r\":8", "\"r\":9223372036854775807"),
        replaced(scrypt, "\"p\":1", "\"p\":100000000"),
    };
    const auto password = secret(PASSWORD);
    for (const auto& text : cases) EXPECT_FALSE(open_keystore(text, password).has_value()) << text;
}

TEST_F(KeyFileTest, AVariableIsEmptiedOnceRead) {
    constexpr const char* NAME = "ENTRESOL_TEST_KEY";
    ASSERT_EQ(::setenv(NAME, KEY, 1), 0);
    const char* memory = ::getenv(NAME);
    const KeyLocation location{.file = "", .password_file = "", .environment = NAME};
    EXPECT_TRUE(location.is_given());
    EXPECT_EQ(key_of(location), "0x" + std::string(KEY));
    EXPECT_EQ(memory[0], '\0');
    EXPECT_EQ(memory[63], '\0');
    EXPECT_EQ(::getenv(NAME), nullptr);
    EXPECT_FALSE(location.is_given());
    EXPECT_EQ(error_of(location), "no key was given");
}

TEST_F(KeyFileTest, TwoPlacesForOneKeyAreRefused) {
    constexpr const char* NAME = "ENTRESOL_TEST_KEY";
    ASSERT_EQ(::setenv(NAME, KEY, 1), 0);
    EXPECT_NE(error_of({.file = put("key", KEY), .password_file = "", .environment = NAME}).find("twice"),
              std::string::npos);
    ::unsetenv(NAME);
}

TEST_F(KeyFileTest, WrittenSecretsAreTheirOwnersAloneAndReplaceNothing) {
    const auto path = (folder_ / "new").string();
    const auto old_mask = ::umask(0);
    ASSERT_TRUE(write_secret_file(path, secret(KEY)).has_value());
    ::umask(old_mask);
    struct stat info{};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U);
    EXPECT_EQ(key_of({.file = path, .password_file = "", .environment = ""}), "0x" + std::string(KEY));
    EXPECT_FALSE(write_secret_file(path, secret(KEY)).has_value());
}

}  // namespace
}  // namespace entresol::io
