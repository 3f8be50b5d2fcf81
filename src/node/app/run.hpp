// The command line of `entresol`.
#pragma once

namespace entresol::app {

/// Exit codes: 0 done, 1 failed while running, 2 wrong usage.
int run(int argc, char** argv);

}  // namespace entresol::app
