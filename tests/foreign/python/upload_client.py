"""Uploads one session of made-up readings to an EdgeAgent service. Written from docs/protocol.md alone.

Stubs: protoc -I protos --python_out DIR protos/edge/v1/reading.proto protos/edge/v1/ingest.proto
"""
import argparse
import gzip
import json
import struct
import sys
import threading
from decimal import Decimal

arguments = argparse.ArgumentParser()
arguments.add_argument("--target", help="host:port")
arguments.add_argument("--ca", help="PEM: roots that the service's certificate is verified against")
arguments.add_argument("--cert", help="PEM: the device's certificate chain")
arguments.add_argument("--key", help="PEM: the device's key")
arguments.add_argument("--protos", required=True, help="folder of the generated stubs")
arguments.add_argument("--spool-id", required=True, help="16 bytes in hex")
arguments.add_argument("--first-sequence", type=int, default=1)
arguments.add_argument("--records", type=int, default=1)
arguments.add_argument("--readings-per-record", type=int, default=300)
arguments.add_argument("--gzip", action="store_true")
arguments.add_argument("--dump", help="write the requests to this file, each behind its length (u32le), instead of sending them")
options = arguments.parse_args()

sys.path.insert(0, options.protos)
from edge.v1 import ingest_pb2 as ingest, reading_pb2 as reading  # noqa: E402

SECOND = 1_000_000_000
SERIES = [
    reading.SeriesDefinition(ref=1, name="python/temperature", unit="Cel", kind=reading.SERIES_KIND_NUMBER),
    reading.SeriesDefinition(ref=2, name="python/door", kind=reading.SERIES_KIND_BOOLEAN),
    reading.SeriesDefinition(ref=3, name="python/state", kind=reading.SERIES_KIND_TEXT, labels={"made": "up"}),
]


def set_numbers(block, values):
    """Scaled decimals, delta-coded, where they give back every value exactly; else doubles."""
    decimals = [Decimal(repr(value)) for value in values]
    exponent = min(value.as_tuple().exponent for value in decimals)
    mantissas = [int(value.scaleb(-exponent)) for value in decimals]
    if -22 <= exponent <= 22 and all(abs(mantissa) <= 2**53 for mantissa in mantissas):
        block.decimals.exponent = exponent
        block.decimals.delta = True
        block.decimals.mantissas.extend(b - a for a, b in zip([0] + mantissas, mantissas))
    else:
        block.doubles.values.extend(values)


def set_booleans(block, values):
    bits = bytearray((len(values) + 7) // 8)
    for i, value in enumerate(values):
        bits[i // 8] |= value << (i % 8)
    block.booleans.count = len(values)
    block.booleans.bits = bytes(bits)


def set_texts(block, values):
    block.texts.texts.extend(dict.fromkeys(values))
    block.texts.indices.extend(list(block.texts.texts).index(value) for value in values)


def make_record(sequence, dictionary):
    """Readings in turns: temperature, door, state. Reading i of a series is taken 10 i seconds after the start of the record."""
    counts = [(options.readings_per_record + 2 - series) // 3 for series in range(3)]
    batch = reading.ReadingBatch(base_time_unix_nanoseconds=(1_700_000_000 + 100_000 * sequence) * SECOND, dictionary=dictionary)
    if sequence == dictionary:
        batch.definitions.extend(SERIES)
    columns = {}
    for series, count in enumerate(counts):
        if count == 0:
            continue
        if count not in columns:
            columns[count] = len(columns)
            batch.times.add(count=count, decimals=0, first=0, step=10)
        block = batch.blocks.add(series=series + 1, times=columns[count])
        if series == 0:
            set_numbers(block, [20 + i * 7 % 100 / 100 for i in range(count)])
        elif series == 1:
            set_booleans(block, [i % 3 == 0 for i in range(count)])
        else:
            set_texts(block, ["idle" if i % 10 else "running" for i in range(count)])
    record = ingest.Record(sequence=sequence, readings=sum(counts))
    if options.gzip:
        record.compressed_batch.encoding = ingest.BATCH_ENCODING_GZIP
        record.compressed_batch.data = gzip.compress(batch.SerializeToString())
    else:
        record.batch.CopyFrom(batch)
    return record


def make_open(first_sequence, dictionaries=()):
    return ingest.UploadRequest(open=ingest.SessionOpen(
        spool_id=bytes.fromhex(options.spool_id), lane=ingest.LANE_LIVE, first_sequence=first_sequence,
        agent_version="upload_client.py", dictionaries=dictionaries))


def make_records(first_sequence):
    for sequence in range(first_sequence, options.first_sequence + options.records):
        yield ingest.UploadRequest(record=make_record(sequence, options.first_sequence))


def upload(channel, dictionaries=()):
    """One session. Returns the response headers and the receipt."""
    resume_from = []
    headers_are_here = threading.Event()

    def requests():
        yield make_open(options.first_sequence, dictionaries)
        headers_are_here.wait()
        yield from make_records(resume_from[0])

    call = channel.stream_unary(
        "/edge.v1.Ingest/Upload",
        request_serializer=ingest.UploadRequest.SerializeToString,
        response_deserializer=ingest.UploadReceipt.FromString).future(requests(), timeout=60)
    headers = {key: value for key, value in call.initial_metadata() or () if key.startswith("edge-")}
    # What the service has already is not sent again; it would be skipped.
    resume_from.append(max(options.first_sequence, int(headers.get("edge-durable-through", "0")) + 1))
    headers_are_here.set()
    return headers, call.result()


def main():
    if options.dump:
        with open(options.dump, "wb") as file:
            for request in [make_open(options.first_sequence), *make_records(options.first_sequence)]:
                data = request.SerializeToString()
                file.write(struct.pack("<I", len(data)) + data)
        return

    import grpc
    from google.protobuf import json_format

    def read(path):
        with open(path, "rb") as file:
            return file.read()

    credentials = grpc.ssl_channel_credentials(read(options.ca), read(options.key), read(options.cert))
    with grpc.secure_channel(options.target, credentials) as channel:
        try:
            try:
                headers, receipt = upload(channel)
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.FAILED_PRECONDITION:
                    raise
                # The service has lost the dictionary: hand it over and send the same records again.
                lost = ingest.Dictionary(dictionary=options.first_sequence, definitions=SERIES)
                headers, receipt = upload(channel, [lost])
        except grpc.RpcError as error:
            print(json.dumps({"status": error.code().name, "message": error.details()}))
            sys.exit(1)
    print(json.dumps({
        "status": "OK",
        "headers": headers,
        "receipt": json_format.MessageToDict(receipt, including_default_value_fields=True, preserving_proto_field_name=True),
    }))


main()
