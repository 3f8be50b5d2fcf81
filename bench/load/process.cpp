#include "process.hpp"

#include <unistd.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace entresol::load {

double now_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double cpu_s(int process_id) {
    if (process_id == 0) {
        timespec time{};
        ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
    }
    std::ifstream file("/proc/" + std::to_string(process_id) + "/stat");
    std::string text;
    if (!std::getline(file, text)) throw std::runtime_error("no process " + std::to_string(process_id));
    std::istringstream fields(text.substr(text.rfind(')') + 2));  // from field 3, see proc(5)
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0, system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace entresol::load
