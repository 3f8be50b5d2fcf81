#include "core/derive/channel_reader.hpp"

#include "core/codec/rlp.hpp"
#include "core/derive/columns_channel.hpp"
#include "core/derive/decompress.hpp"

namespace entresol::derive {

void ChannelReader::drop_channel() {
    batches_ = {};
    offset_ = 0;
}

// GCC 12 sees an uninitialised member in the moved variant within a variant; there is none.
#ifndef __clang__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
Result<Batch, Stall> ChannelReader::next_batch() {
    if (offset_ == batches_.size()) {
        drop_channel();
        TRY(const Bytes channel, channels_.next_channel());
        if (is_columns_channel(channel)) {  // one batch, all or nothing
            auto span = decode_columns_channel(channel, context_);
            if (!span) return fail(Stall::Again);
            return Batch(*std::move(span));
        }
        batches_ = decompress_channel(channel).data;
        if (batches_.empty()) return fail(Stall::Again);
    }
    const ByteView rest = ByteView(batches_).subspan(offset_);
    codec::RlpReader reader(rest);
    const auto encoded = reader.read_string();
    if (!encoded) {  // also a batch that the output bound or damage cut off
        drop_channel();
        return fail(Stall::Again);
    }
    auto batch = decode_batch(*encoded, context_);
    if (!batch) {
        drop_channel();
        return fail(Stall::Again);
    }
    offset_ += rest.size() - reader.rest().size();
    return *std::move(batch);
}
#ifndef __clang__
#pragma GCC diagnostic pop
#endif

}  // namespace entresol::derive
