#include "node/failover/replicated_log.hpp"

#include <array>

#include "node/failover/election.hpp"

namespace entresol::failover {
namespace {

constexpr std::size_t TOKEN_BYTES = 8;

std::string write_be(std::uint64_t number) {
    std::string bytes;
    for (unsigned shift = 64; shift != 0; shift -= 8) bytes += static_cast<char>(number >> (shift - 8) & 0xFFU);
    return bytes;
}

std::uint64_t load_be(std::string_view bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < TOKEN_BYTES; ++i) number = number << 8U | static_cast<std::uint8_t>(bytes[i]);
    return number;
}

LogError log_error(EtcdError error) { return error == EtcdError::NoAnswer ? LogError::NoAnswer : LogError::BadAnswer; }

const KeyValue* find(const std::vector<KeyValue>& all, const std::string& key) {
    for (const auto& one : all)
        if (one.key == key) return &one;
    return nullptr;
}

}  // namespace

ReplicatedLog::ReplicatedLog(EtcdClient& etcd, std::string prefix) : etcd_(etcd), prefix_(std::move(prefix)) {}

// Big-endian: etcd's order of keys is the log's.
std::string ReplicatedLog::record_key(std::uint64_t sequence) const { return prefix_ + "/log/" + write_be(sequence); }

Result<void, LogError> ReplicatedLog::find_end() {
    const std::string key = prefix_ + "/end";
    const auto found = etcd_.range(key, key + '\0', 1);
    if (!found) return fail(log_error(found.error()));
    if (found->empty()) {
        end_ = end_revision_ = 0;
        return {};
    }
    if (found->front().key != key || found->front().value.size() != TOKEN_BYTES) return fail(LogError::BadAnswer);
    end_ = load_be(found->front().value);
    end_revision_ = found->front().mod_revision;
    return {};
}

Result<std::uint64_t, LogError> ReplicatedLog::append(std::uint64_t token, const std::string& payload) {
    if (payload.size() > MAX_RECORD_BYTES) return fail(LogError::TooLarge);
    const std::string leader = leader_key(prefix_);
    const std::string end = prefix_ + "/end";
    const std::string key = record_key(end_ + 1);
    const std::string value = write_be(token) + payload;
    const auto outcome =
        etcd_.commit({.compare = {{.key = leader, .target = Transaction::Target::CreateRevision, .equals = token},
                                  {.key = end, .target = Transaction::Target::ModRevision, .equals = end_revision_}},
                      .put = {{.key = key, .value = value}, {.key = end, .value = write_be(end_ + 1)}},
                      .remove = {},
                      .read_otherwise = {leader, end, key}});
    if (!outcome) return fail(log_error(outcome.error()));
    if (outcome->succeeded) {
        end_revision_ = outcome->revision;
        return ++end_;
    }
    // Was it an earlier try of this same append? A token has one leader, and that leader appends one record at a time, so nobody else wrote this value here.
    const auto* record = find(outcome->read, key);
    if (record != nullptr && record->value == value) {
        end_revision_ = record->mod_revision;
        return ++end_;
    }
    const auto* current = find(outcome->read, leader);
    return fail(current == nullptr || current->create_revision != token ? LogError::Deposed : LogError::Moved);
}

Result<std::vector<Record>, LogError> ReplicatedLog::read(std::uint64_t first, std::uint64_t limit) {
    const auto found = etcd_.range(record_key(first), prefix_ + "/log0", limit);
    if (!found) return fail(log_error(found.error()));
    std::vector<Record> records;
    std::uint64_t token = 0;
    for (const auto& one : *found) {
        const std::uint64_t sequence = first + records.size();
        if (one.key != record_key(sequence) || one.value.size() < TOKEN_BYTES) return fail(LogError::BadAnswer);
        const std::uint64_t its_token = load_be(one.value);
        if (its_token < token) return fail(LogError::BadAnswer);
        token = its_token;
        records.push_back({.sequence = sequence, .token = token, .payload = one.value.substr(TOKEN_BYTES)});
    }
    return records;
}

Result<void, LogError> ReplicatedLog::truncate(std::uint64_t token, std::uint64_t first) {
    const std::string leader = leader_key(prefix_);
    const auto outcome =
        etcd_.commit({.compare = {{.key = leader, .target = Transaction::Target::CreateRevision, .equals = token}},
                      .put = {},
                      .remove = {{.from = record_key(0), .to = record_key(first)}},
                      .read_otherwise = {leader}});
    if (!outcome) return fail(log_error(outcome.error()));
    if (!outcome->succeeded) return fail(LogError::Deposed);
    return {};
}

}  // namespace entresol::failover
