// How the program is asked to stop: Ctrl-C (SIGINT), SIGTERM, SIGHUP. The first one ends it cleanly, the second at once.
#pragma once

namespace entresol::app {

/// Before any thread starts, so that every thread inherits it. While starting, a signal ends the process at once: nothing is served yet, and what is
/// written survives as it would a crash.
void block_signals();

/// The start is over, and from now on a signal stops cleanly. To be called before anybody is told that the program serves: who hears it may stop it at once.
void starting_is_over();

/// Blocks until the first signal. The next one ends the process at once with 128 + its number.
void wait_for_signal();

}  // namespace entresol::app
