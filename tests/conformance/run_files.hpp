// Runs the cases of many fixture files on all cores and counts.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace entresol::conformance {

struct CaseResult {
    std::string name;
    std::string failure;  // empty: passed
};
using RunFile = std::function<std::vector<CaseResult>(const std::string& path)>;

/// PATH… are files or folders; prints each failure and a closing count. `--filter TEXT` keeps the files whose path contains it. Exit status 1 on a failure
/// or when nothing ran.
int run_files(int argc, char** argv, const RunFile& run);

}  // namespace entresol::conformance
