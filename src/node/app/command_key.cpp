// Keys for services: made into a file that only its owner may read; looked at without showing them.
#include <memory>
#include <string>

#include <openssl/rand.h>
#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/check.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/secp256k1.hpp"
#include "node/app/commands.hpp"
#include "node/io/failure.hpp"
#include "node/io/key_file.hpp"

namespace entresol::app {
namespace {

struct Settings {
    io::KeyLocation location;
    bool print_json = false;
};

[[noreturn]] void fail_with(const std::string& words) { throw io::Failure(io::FailureKind::Key, words); }

io::PrivateKey make_key() {
    Hash32 raw;
    for (;;) {  // practically once: all but 2^-127 of the numbers are keys
        if (RAND_priv_bytes(raw.data(), static_cast<int>(raw.bytes.size())) != 1)
            fail_with("the system gives no random numbers");
        if (crypto::address_of_key(raw)) break;
    }
    io::PrivateKey key(raw);
    io::wipe(raw.data(), raw.bytes.size());
    return key;
}

io::Secret as_hex(const io::PrivateKey& key) {
    static constexpr char DIGITS[] = "0123456789abcdef";
    io::Secret text(2 * Hash32::SIZE + 1);
    for (std::size_t i = 0; i < Hash32::SIZE; ++i) {
        text.data()[2 * i] = static_cast<std::uint8_t>(DIGITS[key.reveal().bytes[i] >> 4]);
        text.data()[2 * i + 1] = static_cast<std::uint8_t>(DIGITS[key.reveal().bytes[i] & 15]);
    }
    text.data()[2 * Hash32::SIZE] = '\n';
    return text;
}

void print_address(const Settings& settings, const io::PrivateKey& key) {
    const auto address = crypto::address_of_key(key.reveal());
    CHECK(address.has_value());
    print(settings.print_json ? boost::json::serialize(boost::json::object{{"address", to_hex(*address)}}) + "\n"
                              : to_hex(*address) + "\n");
}

int run_new(const Settings& settings) {
    const auto key = make_key();
    const auto written = io::write_secret_file(settings.location.file, as_hex(key));
    if (!written) fail_with(written.error());
    print_address(settings, key);
    return 0;
}

int run_address(const Settings& settings) {
    const auto key = io::load_private_key(settings.location);
    if (!key) fail_with(key.error());
    print_address(settings, *key);
    return 0;
}

}  // namespace

Command add_key_command(CLI::App& app) {
    auto settings = std::make_shared<Settings>();
    auto* group = app.add_subcommand("key", "Make the key of a service, or show whose it is");
    group->require_subcommand(1);
    group->footer("Examples:\n  entresol key new batcher.key\n  entresol key address batcher.key");

    auto* make =
        group->add_subcommand("new", "Make a key into a new file that only its owner may read; print its address");
    make->add_option("FILE", settings->location.file, "The file to make; one that exists is left alone")
        ->required()
        ->type_name("FILE");
    make->add_flag("--json", settings->print_json, "Print one JSON object");
    make->footer("Examples:\n  entresol key new batcher.key");

    auto* address = group->add_subcommand("address", "Print the address of a key, checking the key's file on the way");
    address->add_option("FILE", settings->location.file, "64 hexadecimal digits, or a web3 keystore version 3")
        ->required()
        ->type_name("FILE");
    address->add_option("--password-file", settings->location.password_file, "File with the keystore's password")
        ->type_name("FILE");
    address->add_flag("--json", settings->print_json, "Print one JSON object");
    address->footer(
        "Examples:\n  entresol key address batcher.key\n  entresol key address keystore.json --password-file password");
    return [settings, make] { return make->parsed() ? run_new(*settings) : run_address(*settings); };
}

}  // namespace entresol::app
