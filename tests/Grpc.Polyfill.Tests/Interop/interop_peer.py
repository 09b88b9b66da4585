"""The public test service grpc.testing.TestService by grpcio, in both roles, with the flags of the public interop description.

  interop_peer.py client --descriptors=FILE --server_host=HOST --server_port=PORT --use_tls=true --ca_file=FILE --test_case=NAME[,NAME]*
  interop_peer.py server --descriptors=FILE --port=PORT --use_tls=true --tls_cert_file=FILE --tls_key_file=FILE

The client prints a line for each case: "PASS name", "FAIL name: why", or "PARTIAL name: what" where grpcio cannot do all of it and the
rest passed. The server prints "port N" and serves until it is killed.

Whether a message came compressed is not in grpcio's API. So the sides that have to know switch its decompression off
(grpc.per_message_decompression) and inflate themselves: a protobuf message never begins like a gzip file.
"""
import argparse
import gzip
import queue
import time
from concurrent import futures

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

GZIP_MAGIC = b"\x1f\x8b"
INITIAL_KEY = "x-grpc-test-echo-initial"
TRAILING_KEY = "x-grpc-test-echo-trailing-bin"
DETAILS_REQUEST_KEY = "x-edge-interop-status-details"
DETAILS_KEY = "grpc-status-details-bin"
REQUEST_SIZES = (27182, 8, 1828, 45904)
RESPONSE_SIZES = (31415, 9, 2653, 58979)
LARGE_REQUEST, LARGE_RESPONSE = 271828, 314159
SPECIAL_MESSAGE = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"
RAW = (("grpc.per_message_decompression", 0),)
PATIENCE = 20


class Protocol:
    """The message classes, made from a FileDescriptorSet, so that nothing has to be generated."""

    def __init__(self, path):
        files = descriptor_pb2.FileDescriptorSet()
        with open(path, "rb") as file:
            files.ParseFromString(file.read())
        pool = descriptor_pool.DescriptorPool()
        for file in files.file:
            pool.Add(file)
        make = message_factory.MessageFactory(pool).GetPrototype
        for name in ("Empty", "Payload", "EchoStatus", "BoolValue", "SimpleRequest", "SimpleResponse", "StreamingInputCallRequest",
                     "StreamingInputCallResponse", "ResponseParameters", "StreamingOutputCallRequest", "StreamingOutputCallResponse"):
            setattr(self, name, make(pool.FindMessageTypeByName("grpc.testing." + name)))
        for name in ("Status", "BadRequest", "RetryInfo", "ErrorInfo"):
            setattr(self, name, make(pool.FindMessageTypeByName("google.rpc." + name)))
        # method: request, response, is the request a stream, is the response a stream
        self.methods = {
            "EmptyCall": (self.Empty, self.Empty, False, False),
            "UnaryCall": (self.SimpleRequest, self.SimpleResponse, False, False),
            "StreamingInputCall": (self.StreamingInputCallRequest, self.StreamingInputCallResponse, True, False),
            "StreamingOutputCall": (self.StreamingOutputCallRequest, self.StreamingOutputCallResponse, False, True),
            "FullDuplexCall": (self.StreamingOutputCallRequest, self.StreamingOutputCallResponse, True, True),
            "UnimplementedCall": (self.Empty, self.Empty, False, False),
        }

    def payload(self, size):
        return self.Payload(body=bytes(size))

    def details(self):
        violations = self.BadRequest()
        violations.field_violations.add(field="batch.blocks[3].series", description="größer als 100 %")
        violations.field_violations.add(field="batch.readings")
        retry = self.RetryInfo()
        retry.retry_delay.seconds, retry.retry_delay.nanos = 1, 500000000
        info = self.ErrorInfo(reason="SERIES_UNKNOWN", domain="edge.example", metadata={"series": "7", "lane": "live"})
        return [violations, retry, info]


def expect(expected, actual, what):
    if expected != actual:
        raise AssertionError("%s: %s instead of %s" % (what, actual, expected))


def inflating(parse):
    """A deserializer for calls whose decompression is off: the message, and whether it came compressed."""
    def read(data):
        compressed = data.startswith(GZIP_MAGIC)
        return parse(gzip.decompress(data) if compressed else data), compressed
    return read


class Partial(Exception):
    """All of a case passed that grpcio can do."""


class Client:
    def __init__(self, protocol, flags):
        self.protocol = protocol
        self.flags = flags
        self.channel = self.connect(())
        self.raw_channel = self.connect(RAW)

    def connect(self, options):
        if self.flags.server_host_override:
            options += (("grpc.ssl_target_name_override", self.flags.server_host_override),)
        address = "%s:%d" % (self.flags.server_host, self.flags.server_port)
        if not self.flags.use_tls:
            return grpc.insecure_channel(address, options)
        roots = open(self.flags.ca_file, "rb").read() if self.flags.ca_file else None
        return grpc.secure_channel(address, grpc.ssl_channel_credentials(roots), options)

    def call(self, method, service="TestService", raw=False):
        request, response, streams_in, streams_out = self.protocol.methods[method]
        channel = self.raw_channel if raw else self.channel
        kind = "%s_%s" % ("stream" if streams_in else "unary", "stream" if streams_out else "unary")
        return getattr(channel, kind)(
            "/grpc.testing.%s/%s" % (service, method),
            request_serializer=request.SerializeToString,
            response_deserializer=inflating(response.FromString) if raw else response.FromString)

    def zeros(self, size, payload):
        expect(size, len(payload.body), "bytes of the payload")
        expect(size, payload.body.count(0), "zeros in the payload")

    def fails(self, code, call):
        try:
            call()
        except grpc.RpcError as failure:
            expect(code, failure.code(), "status (%s)" % failure.details())
            return failure
        raise AssertionError("the call succeeded instead of %s" % code)

    def large(self, **fields):
        return self.protocol.SimpleRequest(response_size=LARGE_RESPONSE, payload=self.protocol.payload(LARGE_REQUEST), **fields)

    def ping(self, request_size, response_size):
        return self.protocol.StreamingOutputCallRequest(
            response_parameters=[self.protocol.ResponseParameters(size=response_size)], payload=self.protocol.payload(request_size))

    def bool(self, value):
        return self.protocol.BoolValue(value=value)

    def empty_unary(self):
        expect(0, self.call("EmptyCall")(self.protocol.Empty(), timeout=PATIENCE).ByteSize(), "bytes of the response")

    def large_unary(self):
        self.zeros(LARGE_RESPONSE, self.call("UnaryCall")(self.large(), timeout=PATIENCE).payload)

    def client_compressed_unary(self):
        unary = self.call("UnaryCall")
        probe = self.large(expect_compressed=self.bool(True))
        self.fails(grpc.StatusCode.INVALID_ARGUMENT, lambda: unary(probe, timeout=PATIENCE))
        self.zeros(LARGE_RESPONSE, unary(probe, timeout=PATIENCE, compression=grpc.Compression.Gzip).payload)
        self.zeros(LARGE_RESPONSE, unary(self.large(expect_compressed=self.bool(False)), timeout=PATIENCE).payload)

    def server_compressed_unary(self):
        for wanted in (True, False):
            request = self.large(response_compressed=self.bool(wanted))
            response, compressed = self.call("UnaryCall", raw=True)(request, timeout=PATIENCE)
            expect(wanted, compressed, "whether the response came compressed")
            self.zeros(LARGE_RESPONSE, response.payload)
            # Again, inflated by grpcio.
            self.zeros(LARGE_RESPONSE, self.call("UnaryCall")(request, timeout=PATIENCE).payload)

    def client_streaming(self):
        requests = (self.protocol.StreamingInputCallRequest(payload=self.protocol.payload(size)) for size in REQUEST_SIZES)
        response = self.call("StreamingInputCall")(requests, timeout=PATIENCE)
        expect(sum(REQUEST_SIZES), response.aggregated_payload_size, "bytes that arrived")

    def client_compressed_streaming(self):
        send = self.call("StreamingInputCall")

        def request(size, expect_compressed):
            return self.protocol.StreamingInputCallRequest(
                payload=self.protocol.payload(size), expect_compressed=self.bool(expect_compressed))

        self.fails(
            grpc.StatusCode.INVALID_ARGUMENT, lambda: send(iter([request(REQUEST_SIZES[0], True)]), timeout=PATIENCE))
        received = send(iter([request(REQUEST_SIZES[0], True)]), timeout=PATIENCE, compression=grpc.Compression.Gzip)
        expect(REQUEST_SIZES[0], received.aggregated_payload_size, "bytes that arrived compressed")
        received = send(iter([request(REQUEST_SIZES[3], False)]), timeout=PATIENCE)
        expect(REQUEST_SIZES[3], received.aggregated_payload_size, "bytes that arrived uncompressed")
        raise Partial("grpcio's client chooses compression by call, so each message went in a call of its own")

    def server_streaming(self):
        request = self.protocol.StreamingOutputCallRequest(
            response_parameters=[self.protocol.ResponseParameters(size=size) for size in RESPONSE_SIZES])
        responses = list(self.call("StreamingOutputCall")(request, timeout=PATIENCE))
        expect(RESPONSE_SIZES, tuple(len(each.payload.body) for each in responses), "bytes of the payloads")
        for response in responses:
            self.zeros(len(response.payload.body), response.payload)

    def server_compressed_streaming(self):
        wanted = ((31415, True), (92653, False))
        request = self.protocol.StreamingOutputCallRequest(response_parameters=[
            self.protocol.ResponseParameters(size=size, compressed=self.bool(compressed)) for size, compressed in wanted])
        responses = list(self.call("StreamingOutputCall", raw=True)(request, timeout=PATIENCE))
        expect(wanted, tuple((len(each.payload.body), compressed) for each, compressed in responses), "sizes, and whether compressed")
        responses = list(self.call("StreamingOutputCall")(request, timeout=PATIENCE))
        expect([31415, 92653], [len(each.payload.body) for each in responses], "sizes, inflated by grpcio")

    def ping_pong(self):
        requests = queue.Queue()
        responses = self.call("FullDuplexCall")(iter(requests.get, None), timeout=PATIENCE)
        for request_size, response_size in zip(REQUEST_SIZES, RESPONSE_SIZES):
            requests.put(self.ping(request_size, response_size))
            self.zeros(response_size, next(responses).payload)
        requests.put(None)
        expect(0, len(list(responses)), "more responses")

    def empty_stream(self):
        expect(0, len(list(self.call("FullDuplexCall")(iter(()), timeout=PATIENCE))), "responses")

    def custom_metadata(self):
        metadata = ((INITIAL_KEY, "test_initial_metadata_value"), (TRAILING_KEY, b"\xab\xab\xab"))

        def check(call):
            expect("test_initial_metadata_value", dict(call.initial_metadata()).get(INITIAL_KEY), "the header")
            expect(b"\xab\xab\xab", dict(call.trailing_metadata()).get(TRAILING_KEY), "the trailer")

        _, call = self.call("UnaryCall").with_call(self.large(), timeout=PATIENCE, metadata=metadata)
        check(call)
        stream = self.call("FullDuplexCall")(iter([self.ping(LARGE_REQUEST, LARGE_RESPONSE)]), timeout=PATIENCE, metadata=metadata)
        expect(1, len(list(stream)), "responses")
        check(stream)

    def echo(self, message):
        request = self.protocol.SimpleRequest(response_status=self.protocol.EchoStatus(code=2, message=message))
        failure = self.fails(grpc.StatusCode.UNKNOWN, lambda: self.call("UnaryCall")(request, timeout=PATIENCE))
        expect(message, failure.details(), "the message")

    def status_code_and_message(self):
        message = "test status message"
        self.echo(message)
        request = self.protocol.StreamingOutputCallRequest(response_status=self.protocol.EchoStatus(code=2, message=message))
        failure = self.fails(
            grpc.StatusCode.UNKNOWN, lambda: list(self.call("FullDuplexCall")(iter([request]), timeout=PATIENCE)))
        expect(message, failure.details(), "the message")

    def special_status_message(self):
        self.echo(SPECIAL_MESSAGE)

    def unimplemented_method(self):
        self.fails(
            grpc.StatusCode.UNIMPLEMENTED, lambda: self.call("UnimplementedCall")(self.protocol.Empty(), timeout=PATIENCE))

    def unimplemented_service(self):
        call = self.call("UnimplementedCall", "UnimplementedService")
        self.fails(grpc.StatusCode.UNIMPLEMENTED, lambda: call(self.protocol.Empty(), timeout=PATIENCE))

    def cancel_after_begin(self):
        requests = queue.Queue()
        call = self.call("StreamingInputCall").future(iter(requests.get, None), timeout=PATIENCE)
        call.cancel()
        requests.put(None)
        expect(grpc.StatusCode.CANCELLED, call.code(), "status")

    def cancel_after_first_response(self):
        requests = queue.Queue()
        responses = self.call("FullDuplexCall")(iter(requests.get, None), timeout=PATIENCE)
        requests.put(self.ping(REQUEST_SIZES[0], RESPONSE_SIZES[0]))
        next(responses)
        responses.cancel()
        self.fails(grpc.StatusCode.CANCELLED, lambda: next(responses))
        requests.put(None)

    def timeout_on_sleeping_server(self):
        requests = queue.Queue()
        requests.put(self.protocol.StreamingOutputCallRequest(payload=self.protocol.payload(REQUEST_SIZES[0])))
        responses = self.call("FullDuplexCall")(iter(requests.get, None), timeout=0.001)
        self.fails(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: next(responses))
        requests.put(None)

    def rich_status_details(self):
        request = self.protocol.SimpleRequest(response_status=self.protocol.EchoStatus(code=3, message=SPECIAL_MESSAGE))
        failure = self.fails(grpc.StatusCode.INVALID_ARGUMENT, lambda: self.call("UnaryCall")(
            request, timeout=PATIENCE, metadata=((DETAILS_REQUEST_KEY, "1"),)))
        status = self.protocol.Status.FromString(dict(failure.trailing_metadata())[DETAILS_KEY])
        expect((3, SPECIAL_MESSAGE), (status.code, status.message), "code and message in the details")
        expected = self.protocol.details()
        expect(len(expected), len(status.details), "details")
        for wanted, packed in zip(expected, status.details):
            name = wanted.DESCRIPTOR.full_name
            expect("type.googleapis.com/" + name, packed.type_url, "type of a detail")
            expect(wanted, type(wanted).FromString(packed.value), name)

    PUBLIC_CASES = (
        "empty_unary", "large_unary", "client_compressed_unary", "server_compressed_unary", "client_streaming",
        "client_compressed_streaming", "server_streaming", "server_compressed_streaming", "ping_pong", "empty_stream", "custom_metadata",
        "status_code_and_message", "special_status_message", "unimplemented_method", "unimplemented_service", "cancel_after_begin",
        "cancel_after_first_response", "timeout_on_sleeping_server")

    def run(self, name):
        try:
            getattr(self, name)()
            return "PASS " + name
        except Partial as partial:
            return "PARTIAL %s: %s" % (name, partial)
        except grpc.RpcError as failure:
            return "FAIL %s: %s %s" % (name, failure.code(), failure.details())
        except Exception as failure:
            return "FAIL %s: %s" % (name, " ".join(str(failure).splitlines()))


class Server(grpc.GenericRpcHandler):
    def __init__(self, protocol):
        self.protocol = protocol
        self.handlers = {
            "EmptyCall": self.empty,
            "UnaryCall": self.unary,
            "StreamingInputCall": self.streaming_input,
            "StreamingOutputCall": self.streaming_output,
            "FullDuplexCall": self.full_duplex,
        }

    def service(self, details):
        _, service, method = details.method.split("/")
        if service != "grpc.testing.TestService" or method not in self.handlers:
            return None
        request, response, streams_in, streams_out = self.protocol.methods[method]
        kind = "%s_%s_rpc_method_handler" % ("stream" if streams_in else "unary", "stream" if streams_out else "unary")
        return getattr(grpc, kind)(self.handlers[method], inflating(request.FromString), response.SerializeToString)

    def echo_metadata(self, context):
        metadata = dict(context.invocation_metadata())
        if INITIAL_KEY in metadata:
            context.send_initial_metadata(((INITIAL_KEY, metadata[INITIAL_KEY]),))
        if TRAILING_KEY in metadata:
            context.set_trailing_metadata(((TRAILING_KEY, metadata[TRAILING_KEY]),))

    def echo_status(self, request, context):
        if not request.HasField("response_status"):
            return
        wanted = request.response_status
        if DETAILS_REQUEST_KEY in dict(context.invocation_metadata()):
            status = self.protocol.Status(code=wanted.code, message=wanted.message)
            for detail in self.protocol.details():
                status.details.add().Pack(detail)
            context.set_trailing_metadata(((DETAILS_KEY, status.SerializeToString()),))
        code = next(each for each in grpc.StatusCode if each.value[0] == wanted.code)
        context.abort(code, wanted.message)

    def check_compression(self, request, compressed, context):
        if request.HasField("expect_compressed") and request.expect_compressed.value != compressed:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "The request %s compressed." % ("was" if compressed else "was not"))

    def empty(self, received, context):
        self.echo_metadata(context)
        return self.protocol.Empty()

    def unary(self, received, context):
        request, compressed = received
        self.check_compression(request, compressed, context)
        if request.response_compressed.value:
            context.set_compression(grpc.Compression.Gzip)
        self.echo_metadata(context)
        self.echo_status(request, context)
        return self.protocol.SimpleResponse(payload=self.protocol.payload(request.response_size))

    def streaming_input(self, requests, context):
        self.echo_metadata(context)
        size = 0
        for request, compressed in requests:
            self.check_compression(request, compressed, context)
            size += len(request.payload.body)
        return self.protocol.StreamingInputCallResponse(aggregated_payload_size=size)

    def streaming_output(self, received, context):
        request, _ = received
        if any(each.compressed.value for each in request.response_parameters):
            context.set_compression(grpc.Compression.Gzip)
        self.echo_metadata(context)
        yield from self.respond(request, context)

    def full_duplex(self, requests, context):
        self.echo_metadata(context)
        for request, _ in requests:
            yield from self.respond(request, context)

    def respond(self, request, context):
        self.echo_status(request, context)
        for each in request.response_parameters:
            time.sleep(each.interval_us / 1e6)
            if not each.compressed.value:
                context.disable_next_message_compression()
            yield self.protocol.StreamingOutputCallResponse(payload=self.protocol.payload(each.size))


def serve(protocol, flags):
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8), options=RAW)
    server.add_generic_rpc_handlers((Server(protocol),))
    address = "127.0.0.1:%d" % flags.port
    if flags.use_tls:
        pair = tuple(open(path, "rb").read() for path in (flags.tls_key_file, flags.tls_cert_file))
        port = server.add_secure_port(address, grpc.ssl_server_credentials([pair]))
    else:
        port = server.add_insecure_port(address)
    server.start()
    print("port %d" % port, flush=True)
    server.wait_for_termination()


def main():
    def boolean(text):
        return {"true": True, "false": False}[text.lower()]

    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("role", choices=("client", "server"))
    parser.add_argument("--descriptors", required=True)
    parser.add_argument("--server_host", default="localhost")
    parser.add_argument("--server_host_override")
    parser.add_argument("--server_port", type=int)
    parser.add_argument("--test_case", default="all")
    parser.add_argument("--ca_file")
    parser.add_argument("--use_tls", type=boolean, default=False)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls_cert_file")
    parser.add_argument("--tls_key_file")
    flags = parser.parse_args()
    protocol = Protocol(flags.descriptors)
    if flags.role == "server":
        serve(protocol, flags)
        return
    client = Client(protocol, flags)
    for flag in flags.test_case.split(","):
        for name in Client.PUBLIC_CASES if flag == "all" else (flag,):
            print(client.run(name), flush=True)


main()
