// Election and log against a real etcd, started here on free loopback ports.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "node/failover/base64.hpp"
#include "node/failover/election.hpp"
#include "node/failover/replicated_log.hpp"

namespace entresol::failover {
namespace {

std::uint64_t steady_ms() {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
            .count());
}

void sleep_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

std::uint16_t free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
    ::close(fd);
    return ntohs(address.sin_port);
}

class EtcdProcess {
public:
    EtcdProcess() {
        char path[] = "/tmp/entresol_etcd_XXXXXX";
        directory_ = ::mkdtemp(path);
        client_ = "http://127.0.0.1:" + std::to_string(free_port());
        peer_ = "http://127.0.0.1:" + std::to_string(free_port());
        start();
    }
    ~EtcdProcess() {
        kill();
        std::filesystem::remove_all(directory_);
    }
    EtcdProcess(const EtcdProcess&) = delete;
    EtcdProcess& operator=(const EtcdProcess&) = delete;

    void start() {
        const std::string cluster = "default=" + peer_;
        pid_ = ::fork();
        if (pid_ == 0) {
            const int null = ::open("/dev/null", O_WRONLY);
            ::dup2(null, 1);
            ::dup2(null, 2);
            ::execlp("etcd", "etcd", "--data-dir", directory_.c_str(), "--listen-client-urls", client_.c_str(),
                     "--advertise-client-urls", client_.c_str(), "--listen-peer-urls", peer_.c_str(),
                     "--initial-advertise-peer-urls", peer_.c_str(), "--initial-cluster", cluster.c_str(), nullptr);
            ::_exit(127);
        }
        EtcdClient client({client_}, 500);
        for (int i = 0; i < 100 && !client.range("a", "b", 1); ++i) sleep_ms(100);
        ASSERT_TRUE(client.range("a", "b", 1).has_value()) << "etcd does not answer";
    }
    void signal(int number) const { ::kill(pid_, number); }
    void kill() {
        if (pid_ <= 0) return;
        signal(SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }
    [[nodiscard]] const std::string& url() const { return client_; }

private:
    std::string directory_, client_, peer_;
    pid_t pid_ = 0;
};

bool has_etcd() { return std::system("command -v etcd >/dev/null 2>&1") == 0; }

class FailoverTest : public ::testing::Test {
protected:
    void SetUp() override {
        if (!has_etcd()) GTEST_SKIP() << "no etcd on the path: apt-get install etcd-server";
        etcd.emplace();
    }
    std::optional<EtcdProcess> etcd;
    Election::Options named(const std::string& name) { return {.prefix = "rollup", .name = name, .lease_s = 2}; }
};

TEST(Base64, is_what_rfc_4648_section_10_lists_and_nothing_else) {
    const std::string plain = "foobar";
    const char* const encoded[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
    for (std::size_t i = 0; i <= plain.size(); ++i) {
        EXPECT_EQ(encode_base64(plain.substr(0, i)), encoded[i]);
        EXPECT_EQ(decode_base64(encoded[i]), plain.substr(0, i));
    }
    for (const char* bad : {"Z", "Zg=", "Zh==", "Z===", "====", "Zg==Zg==", "Zm9 ", "Zm9=v"})
        EXPECT_EQ(decode_base64(bad), std::nullopt) << bad;
}

TEST_F(FailoverTest, one_leads_and_the_next_ones_token_is_greater) {
    EtcdClient client({etcd->url()}, 500);
    Election a(client, named("a"), steady_ms), b(client, named("b"), steady_ms);
    a.step();
    b.step();
    const std::uint64_t first = a.token();
    EXPECT_NE(first, 0U);
    EXPECT_FALSE(b.is_leader());
    a.resign();
    EXPECT_FALSE(a.is_leader());
    b.step();
    EXPECT_GT(b.token(), first);
}

TEST_F(FailoverTest, a_paused_leader_is_fenced_and_knows_it) {
    EtcdClient client({etcd->url()}, 500);
    Election a(client, named("a"), steady_ms), b(client, named("b"), steady_ms);
    ReplicatedLog log_a(client, "rollup"), log_b(client, "rollup");
    a.step();
    const std::uint64_t old = a.token();
    ASSERT_EQ(log_a.append(old, "one").value_or(0), 1U);
    const std::uint64_t until = steady_ms() + 10'000;
    while (!b.is_leader() && steady_ms() < until) {  // a does nothing: it is paused
        b.step();
        sleep_ms(50);
    }
    ASSERT_TRUE(b.is_leader());
    EXPECT_FALSE(a.is_leader());  // by its own clock, without asking
    const auto late = log_a.append(old, "two");
    ASSERT_FALSE(late.has_value());
    EXPECT_EQ(late.error(), LogError::Deposed);
    ASSERT_TRUE(log_b.find_end().has_value());
    EXPECT_EQ(log_b.append(b.token(), "three").value_or(0), 2U);
    a.step();
    EXPECT_FALSE(a.is_leader());
    const auto records = log_a.read(1, 10);
    ASSERT_TRUE(records.has_value());
    ASSERT_EQ(records->size(), 2U);
    EXPECT_EQ((*records)[0].payload, "one");
    EXPECT_EQ((*records)[0].token, old);
    EXPECT_EQ((*records)[1].payload, "three");
    EXPECT_GT((*records)[1].token, old);
}

TEST_F(FailoverTest, a_lost_answer_is_resolved_by_the_same_append) {
    EtcdClient client({etcd->url()}, 500);
    Election a(client, named("a"), steady_ms);
    a.step();
    // Twins stand at the same end: what one has written, the other tries again, as after an answer that was lost.
    ReplicatedLog wrote(client, "rollup"), unheard(client, "rollup");
    ASSERT_EQ(wrote.append(a.token(), "one").value_or(0), 1U);
    EXPECT_EQ(unheard.append(a.token(), "one").value_or(0), 1U);
    EXPECT_EQ(unheard.append(a.token(), "two").value_or(0), 2U);
    const auto other = wrote.append(a.token(), "not two");
    ASSERT_FALSE(other.has_value());
    EXPECT_EQ(other.error(), LogError::Moved);
    const auto records = wrote.read(1, 10);
    ASSERT_TRUE(records.has_value());
    EXPECT_EQ(records->size(), 2U);
}

TEST_F(FailoverTest, without_etcd_the_leader_stops_before_its_lease_ends_and_the_log_stays) {
    EtcdClient client({etcd->url()}, 200);
    Election a(client, named("a"), steady_ms);
    ReplicatedLog log(client, "rollup");
    a.step();
    const std::uint64_t started = steady_ms();
    const std::uint64_t token = a.token();
    ASSERT_TRUE(log.append(token, std::string(1000, '\0')).has_value());
    etcd->signal(SIGSTOP);
    const auto unknown = log.append(token, "two");
    ASSERT_FALSE(unknown.has_value());
    EXPECT_EQ(unknown.error(), LogError::NoAnswer);
    while (a.is_leader() && steady_ms() < started + 5000) {
        a.step();
        sleep_ms(20);
    }
    EXPECT_FALSE(a.is_leader());
    EXPECT_LT(steady_ms(), started + 2000);
    etcd->signal(SIGCONT);
    etcd->kill();
    etcd->start();
    EtcdClient again({"http://127.0.0.1:1", etcd->url()}, 500);  // the first endpoint is dead
    ReplicatedLog reread(again, "rollup");
    ASSERT_TRUE(reread.find_end().has_value());
    EXPECT_GE(reread.end(), 1U);
    const auto records = reread.read(1, 10);
    ASSERT_TRUE(records.has_value());
    EXPECT_EQ((*records)[0].payload, std::string(1000, '\0'));
}

TEST_F(FailoverTest, a_truncated_log_goes_on_and_says_what_is_gone) {
    EtcdClient client({etcd->url()}, 500);
    Election a(client, named("a"), steady_ms);
    ReplicatedLog log(client, "rollup");
    a.step();
    for (int i = 0; i < 300; ++i) ASSERT_TRUE(log.append(a.token(), std::to_string(i)).has_value());
    ASSERT_TRUE(log.truncate(a.token(), 290).has_value());
    const auto gone = log.read(1, 10);
    ASSERT_FALSE(gone.has_value());
    EXPECT_EQ(gone.error(), LogError::BadAnswer);
    EXPECT_EQ(log.read(290, 100).value_or(std::vector<Record>{}).size(), 11U);
    EXPECT_EQ(log.append(a.token(), "on").value_or(0), 301U);
    EXPECT_EQ(log.append(a.token(), std::string(MAX_RECORD_BYTES + 1, 'x')).error(), LogError::TooLarge);
    EXPECT_EQ(log.append(a.token(), std::string(MAX_RECORD_BYTES, 'x')).value_or(0), 302U);
    const auto refused = log.truncate(a.token() + 1, 300);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error(), LogError::Deposed);
}

}  // namespace
}  // namespace entresol::failover
