// The roots of memory that was never written, by height: the zero leaf, then keccak256 of the one before twice (docs/spec/machine.md). memory_tree_test.cpp
// computes them again. Constants, as nothing in core outlives a call.
#pragma once

#include <array>

#include "core/base/bytes.hpp"

namespace entresol::riscv {

consteval Hash32 hash_of(const char (&digits)[2 * Hash32::SIZE + 1]) {
    const auto value = [](char c) { return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10); };
    Hash32 hash;
    for (std::size_t i = 0; i < Hash32::SIZE; ++i)
        hash.bytes[i] = static_cast<std::uint8_t>(value(digits[2 * i]) * 16 + value(digits[2 * i + 1]));
    return hash;
}

inline constexpr std::array ZERO_NODES = {
    hash_of("0000000000000000000000000000000000000000000000000000000000000000"),
    hash_of("ad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5"),
    hash_of("b4c11951957c6f8f642c4af61cd6b24640fec6dc7fc607ee8206a99e92410d30"),
    hash_of("21ddb9a356815c3fac1026b6dec5df3124afbadb485c9ba5a3e3398a04b7ba85"),
    hash_of("e58769b32a1beaf1ea27375a44095a0d1fb664ce2dd358e7fcbfb78c26a19344"),
    hash_of("0eb01ebfc9ed27500cd4dfc979272d1f0913cc9f66540d7e8005811109e1cf2d"),
    hash_of("887c22bd8750d34016ac3c66b5ff102dacdd73f6b014e710b51e8022af9a1968"),
    hash_of("ffd70157e48063fc33c97a050f7f640233bf646cc98d9524c6b92bcf3ab56f83"),
    hash_of("9867cc5f7f196b93bae1e27e6320742445d290f2263827498b54fec539f756af"),
    hash_of("cefad4e508c098b9a7e1d8feb19955fb02ba9675585078710969d3440f5054e0"),
    hash_of("f9dc3e7fe016e050eff260334f18a5d4fe391d82092319f5964f2e2eb7c1c3a5"),
    hash_of("f8b13a49e282f609c317a833fb8d976d11517c571d1221a265d25af778ecf892"),
    hash_of("3490c6ceeb450aecdc82e28293031d10c7d73bf85e57bf041a97360aa2c5d99c"),
    hash_of("c1df82d9c4b87413eae2ef048f94b4d3554cea73d92b0f7af96e0271c691e2bb"),
    hash_of("5c67add7c6caf302256adedf7ab114da0acfe870d449a3a489f781d659e8becc"),
    hash_of("da7bce9f4e8618b6bd2f4132ce798cdc7a60e7e1460a7299e3c6342a579626d2"),
    hash_of("2733e50f526ec2fa19a22b31e8ed50f23cd1fdf94c9154ed3a7609a2f1ff981f"),
    hash_of("e1d3b5c807b281e4683cc6d6315cf95b9ade8641defcb32372f1c126e398ef7a"),
    hash_of("5a2dce0a8a7f68bb74560f8f71837c2c2ebbcbf7fffb42ae1896f13f7c7479a0"),
    hash_of("b46a28b6f55540f89444f63de0378e3d121be09e06cc9ded1c20e65876d36aa0"),
    hash_of("c65e9645644786b620e2dd2ad648ddfcbf4a7e5b1a3a4ecfe7f64667a3f0b7e2"),
    hash_of("f4418588ed35a2458cffeb39b93d26f18d2ab13bdce6aee58e7b99359ec2dfd9"),
    hash_of("5a9c16dc00d6ef18b7933a6f8dc65ccb55667138776f7dea101070dc8796e377"),
    hash_of("4df84f40ae0c8229d0d6069e5c8f39a7c299677a09d367fc7b05e3bc380ee652"),
    hash_of("cdc72595f74c7b1043d0e1ffbab734648c838dfb0527d971b602bc216c9619ef"),
    hash_of("0abf5ac974a1ed57f4050aa510dd9c74f508277b39d7973bb2dfccc5eeb0618d"),
    hash_of("b8cd74046ff337f0a7bf2c8e03e10f642c1886798d71806ab1e888d9e5ee87d0"),
    hash_of("838c5655cb21c6cb83313b5a631175dff4963772cce9108188b34ac87c81c41e"),
    hash_of("662ee4dd2dd7b2bc707961b1e646c4047669dcb6584f0d8d770daf5d7e7deb2e"),
    hash_of("388ab20e2573d171a88108e79d820e98f26c0b84aa8b2f4aa4968dbb818ea322"),
    hash_of("93237c50ba75ee485f4c22adf2f741400bdf8d6a9cc7df7ecae576221665d735"),
    hash_of("8448818bb4ae4562849e949e17ac16e0be16688e156b5cf15e098c627c0056a9"),
    hash_of("27ae5ba08d7291c96c8cbddcc148bf48a6d68c7974b94356f53754ef6171d757"),
    hash_of("bf558bebd2ceec7f3c5dce04a4782f88c2c6036ae78ee206d0bc5289d20461a2"),
    hash_of("e21908c2968c0699040a6fd866a577a99a9d2ec88745c815fd4a472c789244da"),
    hash_of("ae824d72ddc272aab68a8c3022e36f10454437c1886f3ff9927b64f232df414f"),
    hash_of("27e429a4bef3083bc31a671d046ea5c1f5b8c3094d72868d9dfdc12c7334ac5f"),
    hash_of("743cc5c365a9a6a15c1f240ac25880c7a9d1de290696cb766074a1d83d927816"),
    hash_of("4adcf616c3bfabf63999a01966c998b7bb572774035a63ead49da73b5987f347"),
    hash_of("75786645d0c5dd7c04a2f8a75dcae085213652f5bce3ea8b9b9bedd1cab3c5e9"),
    hash_of("b88b152c9b8a7b79637d35911848b0c41e7cc7cca2ab4fe9a15f9c38bb4bb939"),
    hash_of("0c4e2d8ce834ffd7a6cd85d7113d4521abb857774845c4291e6f6d010d97e318"),
    hash_of("5bc799d83e3bb31501b3da786680df30fbc18eb41cbce611e8c0e9c72f69571c"),
    hash_of("a10d3ef857d04d9c03ead7c6317d797a090fa1271ad9c7addfbcb412e9643d4f"),
    hash_of("b33b1809c42623f474055fa9400a2027a7a885c8dfa4efe20666b4ee27d7529c"),
    hash_of("134d7f28d53f175f6bf4b62faa2110d5b76f0f770c15e628181c1fcc18f970a9"),
    hash_of("c34d24b2fc8c50ca9c07a7156ef4e5ff4bdf002eda0b11c1d359d0b59a546807"),
    hash_of("04dbb9db631457879b27e0dfdbe50158fd9cf9b4cf77605c4ac4c95bd65fc9f6"),
    hash_of("f9295a686647cb999090819cda700820c282c613cedcd218540bbc6f37b01c65"),
    hash_of("67c4a1ea624f092a3a5cca2d6f0f0db231972fce627f0ecca0dee60f17551c5f"),
    hash_of("8fdaeb5ab560b2ceb781cdb339361a0fbee1b9dffad59115138c8d6a70dda9cc"),
    hash_of("c1bf0bbdd7fee15764845db875f6432559ff8dbc9055324431bc34e5b93d15da"),
    hash_of("307317849eccd90c0c7b98870b9317c15a5959dcfb84c76dcc908c4fe6ba9212"),
    hash_of("6339bf06e458f6646df5e83ba7c3d35bc263b3222c8e9040068847749ca8e8f9"),
    hash_of("5045e4342aeb521eb3a5587ec268ed3aa6faf32b62b0bc41a9d549521f406fc3"),
    hash_of("08601d83cdd34b5f7b8df63e7b9a16519d35473d0b89c317beed3d3d9424b253"),
    hash_of("84e35c5d92171376cae5c86300822d729cd3a8479583bef09527027dba5f1126"),
    hash_of("3c5cbbeb3834b7a5c1cba9aa5fee0c95ec3f17a33ec3d8047fff799187f5ae20"),
    hash_of("40bbe913c226c34c9fbe4389dd728984257a816892b3cae3e43191dd291f0eb5"),
    hash_of("14af5385bcbb1e4738bbae8106046e6e2fca42875aa5c000c582587742bcc748"),
};

}  // namespace entresol::riscv
