"""The echo service of echo.proto by grpcio, in both roles, with client certificates: what interop_peer.py does not cover. Messages are
written by hand, so nothing has to be generated.

  echo_peer.py client HOST:PORT ROOT.pem CLIENT.crt CLIENT.key    prints one line of JSON: what each case brought
  echo_peer.py server ROOT.pem SERVER.crt SERVER.key              prints its port, serves until its input ends
"""
import json
import queue
import sys
from concurrent import futures

import grpc

SERVICE = "grpc_polyfill.tests.Echo"


def message(text):
    """Message { string text = 1; }"""
    data = text.encode()
    return b"\x0a" + bytes([len(data)]) + data


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Client:
    def __init__(self, address, root, certificate, key):
        credentials = grpc.ssl_channel_credentials(read(root), read(key), read(certificate))
        self.channel = grpc.secure_channel(address, credentials)

    def path(self, method):
        return "/%s/%s" % (SERVICE, method)

    def early_headers(self):
        requests = queue.Queue()
        requests.put(message("open"))
        collect = self.channel.stream_unary(self.path("Collect"))
        call = collect.future(iter(requests.get, None), metadata=(("early", "1"),))
        headers = dict(call.initial_metadata())
        open_then = not call.done()
        for _ in range(9):
            requests.put(message("more"))
        requests.put(None)
        return {"resume": headers.get("resume-at"), "open": open_then, "response": call.result(timeout=10).hex()}

    def too_large(self):
        size = 5_000_000
        length = bytes([size & 0x7F | 0x80, size >> 7 & 0x7F | 0x80, size >> 14 & 0x7F | 0x80, size >> 21])
        try:
            self.channel.unary_unary(self.path("Say"))(b"\x12" + length + bytes(size))
        except grpc.RpcError as failure:
            return failure.code().name


CASES = ["early_headers", "too_large"]


class Server(grpc.GenericRpcHandler):
    def service(self, details):
        kinds = {"Say": grpc.unary_unary_rpc_method_handler, "Collect": grpc.stream_unary_rpc_method_handler}
        service, method = details.method[1:].split("/")
        return kinds[method](getattr(self, method.lower())) if service == SERVICE and method in kinds else None

    def say(self, request, context):
        if request == message("who"):
            return message(context.auth_context()["x509_common_name"][0].decode())
        return request

    def collect(self, requests, context):
        next(requests)
        context.send_initial_metadata((("resume-at", "42"),))
        # Summary { int32 messages = 1; }
        return b"\x08" + bytes([1 + sum(1 for _ in requests)])


def main():
    role, *arguments = sys.argv[1:]
    if role == "client":
        client = Client(*arguments)
        print(json.dumps({case: getattr(client, case)() for case in CASES}), flush=True)
        return
    root, certificate, key = arguments
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8), compression=grpc.Compression.Gzip)
    server.add_generic_rpc_handlers((Server(),))
    credentials = grpc.ssl_server_credentials([(read(key), read(certificate))], read(root), require_client_auth=True)
    port = server.add_secure_port("127.0.0.1:0", credentials)
    server.start()
    print("port %d" % port, flush=True)
    sys.stdin.read()
    server.stop(None)


main()
