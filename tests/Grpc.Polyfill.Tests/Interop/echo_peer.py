"""The echo service of echo.proto by grpcio, in both roles. Messages are written by hand, so nothing has to be generated.

  echo_peer.py client HOST:PORT ROOT.pem CLIENT.crt CLIENT.key    prints one line of JSON: what each case brought
  echo_peer.py server ROOT.pem SERVER.crt SERVER.key              prints its port, serves until its input ends
"""
import json
import queue
import sys
import threading
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


def error(call):
    try:
        call()
        return None
    except grpc.RpcError as failure:
        trailers = {key: value if isinstance(value, str) else value.hex() for key, value in failure.trailing_metadata() or ()
                    if key == "why" or key.endswith("-bin")}
        return {"code": failure.code().name, "details": failure.details(), "trailers": trailers}


class Client:
    def __init__(self, address, root, certificate, key):
        credentials = grpc.ssl_channel_credentials(read(root), read(key), read(certificate))
        self.channel = grpc.secure_channel(address, credentials)

    def path(self, method):
        return "/%s/%s" % (SERVICE, method)

    def unary(self):
        say = self.channel.unary_unary(self.path("Say"))
        response, call = say.with_call(message("hello"), metadata=(("text", "a b"), ("data-bin", bytes([0, 255]))))
        return {
            "response": response.hex(),
            "headers": {key: value for key, value in call.initial_metadata() if key == "echo"},
            "trailers": {key: value.hex() for key, value in call.trailing_metadata() if key == "data-bin"},
        }

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

    def server_stream(self):
        repeat = self.channel.unary_stream(self.path("Repeat"))
        # RepeatRequest { Message message = 1; int32 times = 2; }
        inner = message("again")
        return [one.hex() for one in repeat(b"\x0a" + bytes([len(inner)]) + inner + b"\x10\x05")]

    def chat(self):
        requests = queue.Queue()
        answers = []
        responses = self.channel.stream_stream(self.path("Chat"))(iter(requests.get, None))
        for i in range(5):
            requests.put(message(str(i)))
            answers.append(next(responses).hex())
        requests.put(None)
        return {"answers": answers, "rest": len(list(responses))}

    def gzip(self):
        say = self.channel.unary_unary(self.path("Say"))
        text = message("z" * 100)
        return say(text, compression=grpc.Compression.Gzip) == text

    def failure(self):
        return error(lambda: self.channel.unary_unary(self.path("Say"))(message("fail")))

    def deadline(self):
        return error(lambda: self.channel.unary_unary(self.path("Say"))(message("wait"), timeout=0.3))

    def unknown_method(self):
        return error(lambda: self.channel.unary_unary(self.path("Shout"))(message("hello")))

    def too_large(self):
        size = 5_000_000
        length = bytes([size & 0x7F | 0x80, size >> 7 & 0x7F | 0x80, size >> 14 & 0x7F | 0x80, size >> 21])
        return error(lambda: self.channel.unary_unary(self.path("Say"))(b"\x12" + length + bytes(size)))

    def cancel(self):
        call = self.channel.unary_unary(self.path("Say")).future(message("wait"))
        call.cancel()
        return call.cancelled()


CASES = ["unary", "early_headers", "server_stream", "chat", "gzip", "failure", "deadline", "unknown_method", "too_large", "cancel"]


class Server(grpc.GenericRpcHandler):
    def service(self, details):
        kinds = {
            "Say": grpc.unary_unary_rpc_method_handler,
            "Collect": grpc.stream_unary_rpc_method_handler,
            "Repeat": grpc.unary_stream_rpc_method_handler,
            "Chat": grpc.stream_stream_rpc_method_handler,
        }
        service, method = details.method[1:].split("/")
        return kinds[method](getattr(self, method.lower())) if service == SERVICE and method in kinds else None

    def say(self, request, context):
        metadata = dict(context.invocation_metadata())
        if request == message("fail"):
            context.set_trailing_metadata((("why", "because"), ("data-bin", bytes([0, 255]))))
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "größer als 100 %\n")
        if request == message("wait"):
            ended = threading.Event()
            if context.add_callback(ended.set):
                ended.wait()
        if request == message("who"):
            return message(context.auth_context()["x509_common_name"][0].decode())
        context.send_initial_metadata((("echo", metadata.get("text", "")),))
        context.set_trailing_metadata((("data-bin", metadata.get("data-bin", b"")),))
        return request

    def collect(self, requests, context):
        next(requests)
        context.send_initial_metadata((("resume-at", "42"),))
        # Summary { int32 messages = 1; }
        return b"\x08" + bytes([1 + sum(1 for _ in requests)])

    def repeat(self, request, context):
        for i in range(5):
            yield message(str(i))

    def chat(self, requests, context):
        yield from requests


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
