// An HTTP server in front of an L1, JSON-RPC and beacon API alike. `fault` may be set to one of faults.mjs's; without one everything passes.
import { createServer } from "node:http";

export async function startProxy(target) {
  const state = { fault: null, requests: 0, touched: 0 };
  const server = createServer(async (request, response) => {
    response.on("error", () => {});
    try {
      let body = "";
      for await (const chunk of request) body += chunk;
      ++state.requests;
      const call = request.method === "POST" ? JSON.parse(body) : null;
      const { fault } = state;
      const concerns = fault && (!fault.concerns || fault.concerns(call, request.url));
      if (concerns) ++state.touched;
      if (concerns && fault.before && (await fault.before(request, response))) return;
      const ask = async (content) => {
        const answer = await fetch(target + (call ? "" : request.url), call ? { method: "POST", headers: { "content-type": "application/json" }, body: content } : {});
        return { status: answer.status, text: await answer.text() };
      };
      const truth = await ask(body);
      if (concerns && fault.answer) {
        const forged = await fault.answer(call, truth.text, async (changed) => (await ask(JSON.stringify({ ...call, ...changed }))).text, response);
        if (forged === undefined) return; // it has answered, or will not
        truth.text = forged;
      }
      response.writeHead(truth.status, { "content-type": "application/json" }).end(truth.text);
    } catch {
      response.destroy(); // one of the two sides is gone
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => (server.closeAllConnections(), server.close()),
    /** The fault is over, and so is every connection that still hangs. */
    heal: () => ((state.fault = null), server.closeAllConnections()),
  });
}
