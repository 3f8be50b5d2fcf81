#include "node/devnet/data_folder.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

namespace entresol::devnet {
namespace {

namespace fs = std::filesystem;

constexpr const char* GENERATION_FILE = "generation";
constexpr std::string_view GENERATION_PREFIX = "state-";

std::uint64_t read_generation(const fs::path& file) {
    std::ifstream in(file);
    if (!in) return 0;  // the first one is named nowhere
    std::string text;
    std::getline(in, text);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number > UINT32_MAX)
        throw std::runtime_error(file.string() + " should hold a number, and says '" + text + "'");
    return number;
}

void sync_path(const fs::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    (void)::fsync(descriptor);
    (void)::close(descriptor);
}

}  // namespace

DataFolder::DataFolder(std::string path)
    : path_(std::move(path)), generation_(read_generation(fs::path(path_) / GENERATION_FILE)) {}

std::string DataFolder::root(std::uint64_t generation) const {
    if (generation == 0) return path_;
    return (fs::path(path_) / (std::string(GENERATION_PREFIX) + std::to_string(generation))).string();
}
std::string DataFolder::directory(std::uint64_t generation, const char* layer) const {
    return (fs::path(root(generation)) / layer).string();
}

bool DataFolder::holds_chain() const { return fs::exists(directory("l1")) || fs::exists(directory("l2")); }

void DataFolder::clear_next() const {
    fs::remove_all(root(generation_ + 1));
    fs::create_directories(root(generation_ + 1));
}

void DataFolder::adopt_next() {
    const fs::path file = fs::path(path_) / GENERATION_FILE;
    const fs::path draft = file.string() + ".new";
    {
        std::ofstream out(draft, std::ios::trunc);
        out << generation_ + 1 << '\n';
        out.flush();
        if (!out) throw std::runtime_error(draft.string() + " cannot be written");
    }
    sync_path(draft);
    fs::rename(draft, file);
    sync_path(path_);
    ++generation_;
}

void DataFolder::remove_others() const {
    for (const auto& entry : fs::directory_iterator(path_))
        if (entry.path().filename().string().starts_with(GENERATION_PREFIX) && entry.path() != root(generation_))
            fs::remove_all(entry.path());
    if (generation_ == 0) return;
    for (const char* layer : {"l1", "l2"}) fs::remove_all(directory(0, layer));
}

}  // namespace entresol::devnet
