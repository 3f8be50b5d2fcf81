// Binary arithmetic coding: an interval of 32 bits is divided in the proportion of a 16-bit probability, once a bit.
#pragma once

#include <utility>

#include "core/base/bytes.hpp"

namespace entresol::columns {

/// Probability that a bit is 1, in units of 1/65536; never 0.
using Probability = std::uint32_t;

class RangeEncoder {
public:
    static constexpr bool DECODES = false;

    unsigned code(unsigned bit, Probability one) {
        const std::uint32_t middle = low_ + ((high_ - low_) >> 16) * one + ((((high_ - low_) & 0xffff) * one) >> 16);
        if (bit != 0)
            high_ = middle;
        else
            low_ = middle + 1;
        while (((low_ ^ high_) & 0xff000000U) == 0) {
            out_.push_back(static_cast<std::uint8_t>(high_ >> 24));
            low_ <<= 8;
            high_ = (high_ << 8) | 0xff;
        }
        return bit;
    }
    /// The shortest bytes of which every continuation lies in the interval; a reader supplies zeros beyond the end.
    Bytes finish() {
        // low_ and high_ differ in their first byte: the first byte of high_ and zeros lie between.
        if (low_ != 0) out_.push_back(static_cast<std::uint8_t>(high_ >> 24));
        while (!out_.empty() && out_.back() == 0) out_.pop_back();
        return std::move(out_);
    }

private:
    std::uint32_t low_ = 0, high_ = 0xffffffffU;
    Bytes out_;
};

class RangeDecoder {
public:
    static constexpr bool DECODES = true;
    static constexpr std::size_t LOOK_AHEAD = 4;

    explicit RangeDecoder(ByteView in) : in_(in) {
        for (int i = 0; i < 4; ++i) code_ = (code_ << 8) | next();
    }
    unsigned code(unsigned, Probability one) {
        const std::uint32_t middle = low_ + ((high_ - low_) >> 16) * one + ((((high_ - low_) & 0xffff) * one) >> 16);
        const unsigned bit = code_ <= middle ? 1 : 0;
        if (bit != 0)
            high_ = middle;
        else
            low_ = middle + 1;
        while (((low_ ^ high_) & 0xff000000U) == 0) {
            low_ <<= 8;
            high_ = (high_ << 8) | 0xff;
            code_ = (code_ << 8) | next();
        }
        return bit;
    }
    /// Bytes asked for beyond the end; up to four are the coder's look-ahead.
    [[nodiscard]] std::size_t overrun() const { return overrun_; }

private:
    std::uint32_t next() {
        if (at_ < in_.size()) return in_[at_++];
        ++overrun_;
        return 0;
    }
    ByteView in_;
    std::size_t at_ = 0, overrun_ = 0;
    std::uint32_t low_ = 0, high_ = 0xffffffffU, code_ = 0;
};

}  // namespace entresol::columns
