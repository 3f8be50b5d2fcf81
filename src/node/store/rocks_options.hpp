// What RocksDB is told: bounds on memory, log and files, and one row a table.
#pragma once

#include <rocksdb/options.h>

#include "node/store/key_value.hpp"

namespace entresol::store {

[[nodiscard]] rocksdb::DBOptions database_options();
/// A row of the table in rocks_options.cpp.
[[nodiscard]] const char* name_of(Table table);
[[nodiscard]] rocksdb::ColumnFamilyOptions options_of(Table table);

}  // namespace entresol::store
