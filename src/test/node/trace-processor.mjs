// Asks Perfetto's trace processor: trace-processor.mjs FOLDER TRACE SQL...
// FOLDER holds its WebAssembly and what belongs to it. Prints each row of each answer on a line, values between `|`.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

const [folder, trace, ...queries] = process.argv.slice(2);
const { EngineBase } = await import(pathToFileURL(resolve(folder, "engine.mjs")));

// The bundle was made for a worker of a browser: it gets the few things that it looks for, and the program as bytes.
globalThis.self = globalThis;
globalThis.WorkerGlobalScope = function () {};
globalThis.location = { href: pathToFileURL(resolve(folder)).href + "/" };
globalThis.wasmBytes = readFileSync(join(folder, "trace_processor.wasm"));
let bundle = readFileSync(join(folder, "engine_bundle.node.js"), "utf8");
for (const [from, to] of [
    ["this.useMemory64 = hasMemory64Support();", "this.useMemory64 = false;"],
    ["locateFile: (s) => s,", "locateFile: (s) => s, wasmBinary: globalThis.wasmBytes,"],
    ["const wasmBridge = new wasm_bridge_1.WasmBridge();", "$& globalThis.bridge = wasmBridge;"],
]) {
    if (!bundle.includes(from)) {
        throw new Error(`not the bundle that is known: ${from}`);
    }
    bundle = bundle.replace(from, to);
}
console.warn = () => {};
vm.runInThisContext(bundle);
const patience = Date.now() + 60_000;
while (globalThis.bridge.reqBufferAddr === 0) {
    if (Date.now() > patience) {
        throw new Error("the trace processor does not begin");
    }
    await setImmediate();
}

class Engine extends EngineBase {
    mode = "WASM";
    id = "test";
    constructor(port) {
        super();
        this.port = port;
        port.onmessage = (message) => this.onRpcResponseBytes(message.data);
    }
    rpcSendRequestBytes(data) {
        this.port.postMessage(data);
    }
}

const channel = new MessageChannel();
globalThis.bridge.initialize(channel.port1);
const engine = new Engine(channel.port2);
await engine.parse(new Uint8Array(readFileSync(trace)));
await engine.notifyEof();
for (const query of queries) {
    const result = await engine.query(query);
    if (result.error()) {
        throw new Error(`${query}: ${result.error()}`);
    }
    const columns = result.columns();
    for (const row = result.iter({}); row.valid(); row.next()) {
        console.log(columns.map((column) => row.get(column)).join("|").replaceAll("\n", "\\n"));
    }
}
process.exit(0);
