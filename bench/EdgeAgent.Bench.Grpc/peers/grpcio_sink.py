"""The sink of sink.proto by grpcio, in both roles. A line in, a line of JSON out, until the input ends.

  grpcio_sink.py server SERVER.crt SERVER.key    prints its port; then for each line what it has used so far
  grpcio_sink.py client PORT ROOT.pem            "SIZE SECONDS": streams, prints what was sent and used

Messages are written by hand, so nothing has to be generated.
"""
import json
import sys
import time
from concurrent import futures

import grpc

METHOD = "/edge_agent.bench.Sink/Collect"


def read(path):
    with open(path, "rb") as file:
        return file.read()


def varint(number):
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def block(size):
    """Block { bytes data = 1; } of exactly so many bytes."""
    length = size - 2 if size < 130 else size - 3 if size < 16388 else size - 4
    return b"\x0a" + varint(length) + bytes(length)


def numbers(message):
    """Total, as { field: value }."""
    fields, position = {}, 0
    while position < len(message):
        field, position, value, shift = message[position] >> 3, position + 1, 0, 0
        while True:
            byte = message[position]
            value, shift, position = value | (byte & 0x7F) << shift, shift + 7, position + 1
            if byte < 0x80:
                break
        fields[field] = value
    return fields


def say(values):
    print(json.dumps(values), flush=True)


def usage():
    return {"cpu": time.process_time()}


class Sink(grpc.GenericRpcHandler):
    def service(self, details):
        return grpc.stream_unary_rpc_method_handler(self.collect) if details.method == METHOD else None

    def collect(self, blocks, context):
        messages = total = 0
        for message in blocks:
            messages += 1
            total += len(message)
        return b"\x08" + varint(messages) + b"\x10" + varint(total)


def serve(certificate, key):
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    server.add_generic_rpc_handlers((Sink(),))
    credentials = grpc.ssl_server_credentials(((read(key), read(certificate)),))
    say({"port": server.add_secure_port("127.0.0.1:0", credentials)})
    server.start()
    for _ in sys.stdin:
        say(usage())
    server.stop(None)


def send(port, root):
    channel = grpc.secure_channel("localhost:" + port, grpc.ssl_channel_credentials(read(root)))
    collect = channel.stream_unary(METHOD)
    for line in sys.stdin:
        size, seconds = line.split()
        message = block(int(size))
        cpu, started = time.process_time(), time.monotonic()
        end = started + float(seconds)

        def blocks():
            while time.monotonic() < end:
                yield message

        total = numbers(collect(blocks()))
        say({"messages": total.get(1, 0), "bytes": total.get(2, 0), "seconds": time.monotonic() - started, "cpu": time.process_time() - cpu})


if __name__ == "__main__":
    (serve if sys.argv[1] == "server" else send)(*sys.argv[2:])
