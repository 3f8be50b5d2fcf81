// Where a kept devnet lives. Loading a state puts new databases beside the old ones and then, in one step, in their place: a crash leaves one or the other.
#pragma once

#include <cstdint>
#include <string>

namespace entresol::devnet {

class DataFolder {
public:
    /// Throws std::runtime_error when the folder names a generation that cannot be read.
    explicit DataFolder(std::string path);

    /// The directory of "l1" or "l2" in the generation that is in use.
    [[nodiscard]] std::string directory(const char* layer) const { return directory(generation_, layer); }
    /// Has this folder been used before?
    [[nodiscard]] bool holds_chain() const;

    /// Directories for the generation to come, empty. Nothing changes until it is adopted.
    [[nodiscard]] std::string next_directory(const char* layer) const { return directory(generation_ + 1, layer); }
    void clear_next() const;
    /// The next generation becomes the one in use, on disk before this returns.
    void adopt_next();
    /// Removes what no generation in use needs: the databases before, and those of a load that was interrupted.
    void remove_others() const;

private:
    [[nodiscard]] std::string root(std::uint64_t generation) const;
    [[nodiscard]] std::string directory(std::uint64_t generation, const char* layer) const;

    std::string path_;
    std::uint64_t generation_ = 0;
};

}  // namespace entresol::devnet
