#!/usr/bin/env python3
"""Write latency of the two candidates for the sequencers' log: etcd (JSON gateway, a transaction that compares token and end) and NATS JetStream
(expected last sequence), one server each on loopback. Usage: write_latency.py [--writes N] [--bytes N]; prints JSON, milliseconds."""
import argparse
import base64
import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(100):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=5)
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server does not answer")


def measure(write, writes):
    took = []
    for i in range(writes + 20):
        began = time.perf_counter()
        write(i)
        took.append((time.perf_counter() - began) * 1000)
    took = sorted(took[20:])
    return {"p50": round(took[len(took) // 2], 3), "p99": round(took[len(took) * 99 // 100], 3), "max": round(took[-1], 3)}


def encode(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def etcd(directory, writes, size):
    port, peer = free_port(), free_port()
    client, peers = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer}"
    server = subprocess.Popen(
        ["etcd", "--data-dir", directory, "--listen-client-urls", client, "--advertise-client-urls", client,
         "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", f"default={peers}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port).close()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

        def post(path, body):
            connection.request("POST", path, json.dumps(body))
            return json.loads(connection.getresponse().read())

        for _ in range(100):
            if "header" in post("/v3/kv/put", {"key": encode("leader"), "value": encode("me")}):
                break
            time.sleep(0.1)
        found = post("/v3/kv/range", {"key": encode("leader")})["kvs"][0]
        state = {"end": "0"}
        value = encode(os.urandom(size))

        def write(i):
            answer = post("/v3/kv/txn", {
                "compare": [
                    {"key": encode("leader"), "target": "CREATE", "create_revision": found["create_revision"]},
                    {"key": encode("end"), "target": "MOD", "mod_revision": state["end"]}],
                "success": [{"request_put": {"key": encode(f"log/{i:08}"), "value": value}},
                            {"request_put": {"key": encode("end"), "value": encode(str(i))}}]})
            assert answer.get("succeeded"), answer
            state["end"] = answer["header"]["revision"]

        return measure(write, writes)
    finally:
        server.kill()
        server.wait()


def nats(directory, writes, size, sync):
    port = free_port()
    config = os.path.join(directory, "nats.conf")
    with open(config, "w", encoding="utf-8") as out:
        out.write(f'listen: "127.0.0.1:{port}"\njetstream {{ store_dir: "{directory}" }}\n')
    server = subprocess.Popen([shutil.which("nats-server") or "/usr/sbin/nats-server", "-c", config],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        connection = wait_for(port)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = connection.makefile("rb")
        stream.readline()
        connection.sendall(b'CONNECT {"verbose":false,"headers":true}\r\nSUB answer 1\r\n')

        def answer():
            while True:
                line = stream.readline().split()
                if line[0] == b"PING":
                    connection.sendall(b"PONG\r\n")
                if line[0] == b"MSG":
                    body = stream.read(int(line[-1]) + 2)
                    return json.loads(body)

        time.sleep(0.5)
        create = json.dumps({"name": "log", "subjects": ["log"], "storage": "file", "num_replicas": 1}).encode()
        connection.sendall(b"PUB $JS.API.STREAM.CREATE.log answer %d\r\n%s\r\n" % (len(create), create))
        assert "error" not in answer()
        value = os.urandom(size)

        def write(i):
            header = b"NATS/1.0\r\nNats-Expected-Last-Sequence: %d\r\n\r\n" % i
            connection.sendall(b"HPUB log answer %d %d\r\n%s%s\r\n" % (len(header), len(header) + size, header, value))
            got = answer()
            assert got.get("seq") == i + 1, got
            if sync:  # what the server leaves to a timer of two minutes
                for folder, _, files in os.walk(directory):
                    for name in files:
                        if name.endswith(".blk"):
                            handle = os.open(os.path.join(folder, name), os.O_RDONLY)
                            os.fdatasync(handle)
                            os.close(handle)

        return measure(write, writes)
    finally:
        server.kill()
        server.wait()


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--writes", type=int, default=1000)
    arguments.add_argument("--bytes", type=int, default=2000)
    options = arguments.parse_args()
    result = {"writes": options.writes, "bytes": options.bytes}
    for name, run in {"etcd": etcd,
                      "nats": lambda d, w, b: nats(d, w, b, False),
                      "nats_and_fdatasync": lambda d, w, b: nats(d, w, b, True)}.items():
        directory = tempfile.mkdtemp(prefix="entresol_failover_")
        try:
            result[name + "_ms"] = run(directory, options.writes, options.bytes)
        finally:
            shutil.rmtree(directory)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
