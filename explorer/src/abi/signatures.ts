// What is well known enough to be read without its contract's source: tokens, and our own predeploys.

/** "name(type name, …)"; no tuples. */
export const FUNCTIONS = [
  // ERC-20, ERC-721, wrapped ether
  "transfer(address to, uint256 value)",
  "transferFrom(address from, address to, uint256 value)",
  "approve(address spender, uint256 value)",
  "safeTransferFrom(address from, address to, uint256 tokenId)",
  "setApprovalForAll(address operator, bool approved)",
  "permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)",
  "mint(address to, uint256 amount)",
  "burn(uint256 amount)",
  "deposit()",
  "withdraw(uint256 wad)",
  // Ownable
  "transferOwnership(address newOwner)",
  "renounceOwnership()",
  // L2ToL1MessagePasser
  "initiateWithdrawal(address target, uint256 gasLimit, bytes data)",
  // bridges
  "bridgeETH(uint32 minGasLimit, bytes extraData)",
  "bridgeETHTo(address to, uint32 minGasLimit, bytes extraData)",
  "bridgeERC20(address localToken, address remoteToken, uint256 amount, uint32 minGasLimit, bytes extraData)",
  "bridgeERC20To(address localToken, address remoteToken, address to, uint256 amount, uint32 minGasLimit, bytes extraData)",
  "finalizeBridgeETH(address from, address to, uint256 amount, bytes extraData)",
  "finalizeBridgeERC20(address localToken, address remoteToken, address from, address to, uint256 amount, bytes extraData)",
  "withdraw(address l2Token, uint256 amount, uint32 minGasLimit, bytes extraData)",
  "withdrawTo(address l2Token, address to, uint256 amount, uint32 minGasLimit, bytes extraData)",
  // messengers
  "sendMessage(address target, bytes message, uint32 minGasLimit)",
  "relayMessage(uint256 nonce, address sender, address target, uint256 value, uint256 minGasLimit, bytes message)",
  // portal
  "depositTransaction(address to, uint256 value, uint64 gasLimit, bool isCreation, bytes data)",
  // token factory
  "createOptimismMintableERC20(address remoteToken, string name, string symbol)",
  "createStandardL2Token(address remoteToken, string name, string symbol)",
] as const;

/** As in Solidity, without "event". The same name may stand twice with other indexed fields. */
export const EVENTS = [
  "Transfer(address indexed from, address indexed to, uint256 value)",
  "Transfer(address indexed from, address indexed to, uint256 indexed tokenId)",
  "Approval(address indexed owner, address indexed spender, uint256 value)",
  "Approval(address indexed owner, address indexed approved, uint256 indexed tokenId)",
  "ApprovalForAll(address indexed owner, address indexed operator, bool approved)",
  "Deposit(address indexed dst, uint256 wad)",
  "Withdrawal(address indexed src, uint256 wad)",
  "Withdrawal(uint256 value, address to, address from)",
  "OwnershipTransferred(address indexed previousOwner, address indexed newOwner)",
  "MessagePassed(uint256 indexed nonce, address indexed sender, address indexed target, uint256 value, uint256 gasLimit, bytes data, bytes32 withdrawalHash)",
  "WithdrawerBalanceBurnt(uint256 indexed amount)",
  "ETHBridgeInitiated(address indexed from, address indexed to, uint256 amount, bytes extraData)",
  "ETHBridgeFinalized(address indexed from, address indexed to, uint256 amount, bytes extraData)",
  "ERC20BridgeInitiated(address indexed localToken, address indexed remoteToken, address indexed from, address to, uint256 amount, bytes extraData)",
  "ERC20BridgeFinalized(address indexed localToken, address indexed remoteToken, address indexed from, address to, uint256 amount, bytes extraData)",
  "WithdrawalInitiated(address indexed l1Token, address indexed l2Token, address indexed from, address to, uint256 amount, bytes extraData)",
  "DepositFinalized(address indexed l1Token, address indexed l2Token, address indexed from, address to, uint256 amount, bytes extraData)",
  "SentMessage(address indexed target, address sender, bytes message, uint256 messageNonce, uint256 gasLimit)",
  "SentMessageExtension1(address indexed sender, uint256 value)",
  "RelayedMessage(bytes32 indexed msgHash)",
  "FailedRelayedMessage(bytes32 indexed msgHash)",
  "StandardL2TokenCreated(address indexed remoteToken, address indexed localToken)",
  "OptimismMintableERC20Created(address indexed localToken, address indexed remoteToken, address deployer)",
] as const;
