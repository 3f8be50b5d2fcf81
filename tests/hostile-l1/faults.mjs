// What a hostile endpoint does, one row each: `before` acts instead of asking the L1 (true: that was all), `answer` forges what the L1 said, `concerns` chooses
// requests. `words` is what the replica must say while it lasts; a row without them must not stop it.
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const is = (...methods) => (call) => call !== null && methods.includes(call.method);
const isBlob = (call, path) => call === null && path.includes("blob");
const edit = (text, change) => {
  const answer = JSON.parse(text);
  answer.result = change(answer.result);
  return JSON.stringify(answer);
};
let turn = 0;

export const faults = [
  { name: "each answer comes 300 ms late", before: async () => void (await pause(300)) },
  { name: "every third request is answered with 500", before: (_, response) => ++turn % 3 === 0 && (response.writeHead(500).end(), true) },
  { name: "nothing but 500", before: (_, response) => (response.writeHead(500).end(), true), words: /HTTP status 500/ },
  { name: "429 and no more", before: (_, response) => (response.writeHead(429).end(), true), words: /HTTP status 429/ },
  { name: "connections are reset", before: (request) => (request.socket.resetAndDestroy(), true), words: /cannot reach/ },
  { name: "nothing is ever answered", before: () => true, hangs: true },
  { name: "the JSON ends in the middle", answer: (_, text) => text.slice(0, text.length / 2), words: /JSON|malformed|answer/ },
  {
    name: "the connection ends in the middle of a body",
    answer: (_, text, __, response) => {
      response.writeHead(200, { "content-length": text.length });
      response.write(text.slice(0, text.length / 2));
      setTimeout(() => response.destroy(), 20);
    },
    words: /cannot reach/,
  },
  { name: "a page of HTML", answer: () => "<html>Bad gateway</html>", words: /JSON|malformed|answer/ },
  { name: "an empty body", answer: () => "", words: /JSON|malformed|answer/ },
  { name: "an array ten thousand deep", answer: () => "[".repeat(10_000) + "]".repeat(10_000), words: /JSON|malformed|answer/ },
  {
    name: "an answer without end",
    answer: (_, __, ___, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const chunk = Buffer.alloc(1 << 20, 0x20);
      let sent = 0;
      const more = () => {
        while (sent++ < 200 && !response.destroyed) if (!response.write(chunk)) return void response.once("drain", more);
        response.destroy();
      };
      more();
    },
    words: /cannot reach|limit/,
  },
  { name: "another block for a hash", concerns: is("eth_getBlockByHash"), answer: (call, _, ask) => ask({ method: "eth_getBlockByNumber", params: ["0x3", call.params[1]] }), words: /L1:/ },
  {
    name: "another block for a number, well made",
    concerns: (call) => is("eth_getBlockByNumber")(call) && call.params[0].startsWith("0x"),
    answer: (call, _, ask) => ask({ params: ["0x2", call.params[1]] }),
    words: /L1|block|number/,
  },
  {
    name: "a header with a changed state root under its old hash",
    concerns: is("eth_getBlockByNumber", "eth_getBlockByHash"),
    answer: (_, text) => edit(text, (block) => block && { ...block, stateRoot: `0x${"11".repeat(32)}` }),
    words: /hash/,
  },
  { name: "blocks without their transactions", concerns: is("eth_getBlockByHash"), answer: (_, text) => edit(text, (block) => block && { ...block, transactions: [] }), words: /L1:/ },
  { name: "receipts without their logs", concerns: is("eth_getBlockReceipts", "eth_getTransactionReceipt"), answer: (_, text) => edit(text, (list) => (Array.isArray(list) ? list.map((each) => ({ ...each, logs: [] })) : list)), words: /L1:/ },
  { name: "no receipts", concerns: is("eth_getBlockReceipts"), answer: (_, text) => edit(text, () => []), words: /L1:/ },
  { name: "null for everything", answer: (call, text) => (call ? edit(text, () => null) : "null"), words: /./ },
  { name: "numbers of a hundred digits", concerns: is("eth_getBlockByNumber"), answer: (_, text) => edit(text, (block) => block && { ...block, number: `0x${"f".repeat(100)}` }), words: /./ },
  {
    name: "a byte of each blob is another",
    concerns: isBlob,
    answer: (_, text) => text.replace(/("blob"\s*:\s*"0x|"0x)([0-9a-f]{100})([0-9a-f])/g, (all, head, start, digit) => head + start + (digit === "0" ? "1" : "0")),
    words: /L1:/,
  },
  { name: "no blobs", concerns: isBlob, answer: () => '{"data":[]}', words: /L1:/ },
];
