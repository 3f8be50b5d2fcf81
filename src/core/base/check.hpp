// CHECK: our own invariant, always on. A failure is a bug of this program, never bad input; it names the place and stops.
#pragma once

namespace entresol {

/// Prints the place and aborts. The guest's runtime supplies its own definition.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace entresol

#define CHECK(condition)                                                      \
    (__builtin_expect(static_cast<bool>(condition), 1) ? static_cast<void>(0) \
                                                       : ::entresol::check_failed(#condition, __FILE__, __LINE__))
