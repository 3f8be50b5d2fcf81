// The client against a TLS server with certificates that are made here.
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "node/http/client.hpp"
#include "node/http/http_testing.hpp"

namespace entresol::http {
namespace {

template <auto FREE>
struct Freed {
    template <typename T>
    void operator()(T* object) const {
        FREE(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Freed<SSL_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

constexpr long DAY_S = 24 * 60 * 60;

struct Identity {
    Key key;
    Certificate certificate;
};

// Signed by itself, for these names ("DNS:localhost,IP:127.0.0.1"), valid from now for so long.
Identity make_identity(const std::string& names, long valid_s) {
    Identity out{Key(EVP_EC_gen("P-256")), Certificate(X509_new())};
    X509* x = out.certificate.get();
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -2 * DAY_S);
    X509_gmtime_adj(X509_getm_notAfter(x), valid_s);
    X509_set_pubkey(x, out.key.get());
    auto* name = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(x, name);
    const Extension alternatives(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str()));
    X509_add_ext(x, alternatives.get(), -1);
    EXPECT_GT(X509_sign(x, out.key.get(), EVP_sha256()), 0);
    return out;
}

// Serves connections until it is destroyed; each request gets its answer over TLS.
class TlsServer {
public:
    explicit TlsServer(const Identity& identity)
        : context_(SSL_CTX_new(TLS_server_method())), server_([this](RawSocket& socket, int) { serve(socket); }) {
        SSL_CTX_use_certificate(context_.get(), identity.certificate.get());
        SSL_CTX_use_PrivateKey(context_.get(), identity.key.get());
    }
    [[nodiscard]] std::string url(const std::string& host) const {
        return "https://" + host + ":" + std::to_string(server_.port());
    }

private:
    void serve(RawSocket& socket) {
        const Session session(SSL_new(context_.get()));
        SSL_set_fd(session.get(), socket.descriptor());
        if (SSL_accept(session.get()) != 1) return;
        char request[4096];
        while (SSL_read(session.get(), request, sizeof request) > 0) {
            constexpr std::string_view ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret";
            SSL_write(session.get(), ANSWER.data(), static_cast<int>(ANSWER.size()));
        }
    }
    Context context_;
    ScriptedServer server_;
};

class TlsTest : public ::testing::Test {
public:
    TlsTest() {
        std::string name = (std::filesystem::temp_directory_path() / "entresol_tls_XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        const char* before = ::getenv("SSL_CERT_FILE");
        if (before != nullptr) before_ = before;
    }
    ~TlsTest() override {
        if (before_.empty())
            ::unsetenv("SSL_CERT_FILE");
        else
            ::setenv("SSL_CERT_FILE", before_.c_str(), 1);
        std::filesystem::remove_all(folder_);
    }

protected:
    // As an operator whose endpoint has an authority of its own would.
    void trust(const Identity& identity) {
        const auto path = (folder_ / "authority.pem").string();
        auto* file = std::fopen(path.c_str(), "w");
        ASSERT_NE(file, nullptr);
        PEM_write_X509(file, identity.certificate.get());
        std::fclose(file);
        ::setenv("SSL_CERT_FILE", path.c_str(), 1);
    }
    static std::string outcome(const std::string& url) {
        Client client(url, {.timeout_ms = 3'000});
        const auto answer = client.post("{}");
        return answer ? *answer : "error: " + answer.error();
    }

private:
    std::filesystem::path folder_;
    std::string before_;
};

TEST_F(TlsTest, AnUnknownAuthorityIsRefused) {
    const auto identity = make_identity("DNS:localhost,IP:127.0.0.1", DAY_S);
    const TlsServer server(identity);
    EXPECT_NE(outcome(server.url("127.0.0.1")).find("certificate verify failed"), std::string::npos)
        << outcome(server.url("127.0.0.1"));
}

TEST_F(TlsTest, ATrustedOneIsSpokenToUnderItsNameOnly) {
    const auto identity = make_identity("DNS:localhost", DAY_S);
    const TlsServer server(identity);
    trust(identity);
    EXPECT_EQ(outcome(server.url("localhost")), "secret");
    EXPECT_NE(outcome(server.url("127.0.0.1")).find("error"), std::string::npos) << "another name";
}

TEST_F(TlsTest, AddressesAreNamesToo) {
    const auto identity = make_identity("IP:127.0.0.1", DAY_S);
    const TlsServer server(identity);
    trust(identity);
    EXPECT_EQ(outcome(server.url("127.0.0.1")), "secret");
}

TEST_F(TlsTest, AnExpiredOneIsRefused) {
    const auto identity = make_identity("IP:127.0.0.1", -DAY_S);
    const TlsServer server(identity);
    trust(identity);
    EXPECT_NE(outcome(server.url("127.0.0.1")).find("error"), std::string::npos);
}

TEST_F(TlsTest, AServerWithoutTlsIsAnErrorNotAFallback) {
    Server server({}, echo_handlers());
    server.start();
    EXPECT_NE(outcome("https://127.0.0.1:" + std::to_string(server.port())).find("error"), std::string::npos);
}

}  // namespace
}  // namespace entresol::http
