// The folder in which a chain is kept: made, tried and locked before anything opens a database in it.
#pragma once

#include <string>

namespace entresol::io {

/// Holds the folder for this process alone while it lives; the kernel lets go of it however the process ends.
class DataDirectory {
public:
    /// Throws Failure (datadir) in words for the user: cannot be made or written, or another process uses it.
    explicit DataDirectory(const std::string& path);
    ~DataDirectory();
    DataDirectory(const DataDirectory&) = delete;
    DataDirectory& operator=(const DataDirectory&) = delete;

private:
    int lock_ = -1;
};

}  // namespace entresol::io
