// Result<T, E>: a value or a domain error, with the interface of C++23 std::expected so that it can be replaced by it.
// Bad input is a Result with a closed enum; a broken invariant is a CHECK; the environment's failures live in the shell.
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include "core/base/check.hpp"

namespace entresol {

template <typename E>
struct Unexpected {
    E error;
};
template <typename E>
Unexpected(E) -> Unexpected<E>;

/// `return fail(Error::BadLength);`
template <typename E>
[[nodiscard]] constexpr Unexpected<std::decay_t<E>> fail(E&& error) {
    return {std::forward<E>(error)};
}

template <typename T, typename E>
class [[nodiscard]] Result {
public:
    using value_type = T;
    using error_type = E;

    // NOLINTBEGIN(google-explicit-constructor): implicit by design, so that `return value;` and `return fail(error);` read well
    constexpr Result(T value) : storage_(std::in_place_index<0>, std::move(value)) {}
    template <typename F>
    constexpr Result(Unexpected<F> unexpected) : storage_(std::in_place_index<1>, std::move(unexpected.error)) {}
    // NOLINTEND(google-explicit-constructor)

    [[nodiscard]] constexpr bool has_value() const { return storage_.index() == 0; }
    constexpr explicit operator bool() const { return has_value(); }

    [[nodiscard]] constexpr T& value() & {
        CHECK(has_value());
        return *std::get_if<0>(&storage_);
    }
    [[nodiscard]] constexpr const T& value() const& {
        CHECK(has_value());
        return *std::get_if<0>(&storage_);
    }
    [[nodiscard]] constexpr T&& value() && {
        CHECK(has_value());
        return std::move(*std::get_if<0>(&storage_));
    }
    [[nodiscard]] constexpr const E& error() const {
        CHECK(!has_value());
        return *std::get_if<1>(&storage_);
    }

    constexpr T& operator*() & { return value(); }
    constexpr const T& operator*() const& { return value(); }
    constexpr T&& operator*() && { return std::move(*this).value(); }
    constexpr T* operator->() { return &value(); }
    constexpr const T* operator->() const { return &value(); }

    template <typename U>
    [[nodiscard]] constexpr T value_or(U&& fallback) const& {
        return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
    }

private:
    std::variant<T, E> storage_;
};

template <typename E>
class [[nodiscard]] Result<void, E> {
public:
    using value_type = void;
    using error_type = E;

    constexpr Result() = default;
    template <typename F>
    // NOLINTNEXTLINE(google-explicit-constructor): implicit by design, as above
    constexpr Result(Unexpected<F> unexpected) : error_(std::move(unexpected.error)), ok_(false) {}

    [[nodiscard]] constexpr bool has_value() const { return ok_; }
    constexpr explicit operator bool() const { return ok_; }
    [[nodiscard]] constexpr const E& error() const {
        CHECK(!ok_);
        return error_;
    }

private:
    E error_{};
    bool ok_ = true;
};

}  // namespace entresol

/// `TRY(const auto value, decode(input));` declares value, or returns the error to the caller.
#define ENTRESOL_CONCAT_(a, b) a##b
#define ENTRESOL_CONCAT(a, b) ENTRESOL_CONCAT_(a, b)
#define TRY_IMPL_(result, declaration, expression)                    \
    auto&& result = (expression);                                     \
    if (!result.has_value()) return ::entresol::fail(result.error()); \
    declaration = std::move(result).value()
#define TRY(declaration, expression) TRY_IMPL_(ENTRESOL_CONCAT(try_result_, __COUNTER__), declaration, expression)
/// The same for Result<void, E>.
#define TRY_VOID(expression)                                                                \
    do {                                                                                    \
        auto&& try_void_result = (expression);                                              \
        if (!try_void_result.has_value()) return ::entresol::fail(try_void_result.error()); \
    } while (false)
