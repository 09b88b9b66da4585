"""Reads stored records, each behind its length (u32le), and prints a line of JSON for each entry. Written from docs/protocol.md alone.

Stubs: protoc -I protos --python_out DIR protos/edge/v1/reading.proto protos/edge/v1/ingest.proto
"""
import argparse
import gzip
import json
import struct
import sys

arguments = argparse.ArgumentParser()
arguments.add_argument("--protos", required=True, help="folder of the generated stubs")
arguments.add_argument("file")
options = arguments.parse_args()

sys.path.insert(0, options.protos)
from edge.v1 import ingest_pb2 as ingest, reading_pb2 as reading  # noqa: E402


def times_of(batch, column):
    unit = 10 ** (9 - column.decimals)
    time = batch.base_time_unix_nanoseconds + column.first * unit
    for i in range(column.count):
        yield time
        time += (column.step + (column.deviations[i] if i < len(column.deviations) else 0)) * unit


def values_of(block, count):
    kind = block.WhichOneof("values")
    if kind == "decimals":
        column, mantissa, values = block.decimals, 0, []
        for entry in column.mantissas:
            mantissa = mantissa + entry if column.delta else entry
            values.append(float(mantissa * 10 ** column.exponent) if column.exponent >= 0 else mantissa / 10 ** -column.exponent)
        position = 0
        for distance, value in zip(column.exception_positions, column.exception_values):
            position += distance
            values[position] = value
        return values
    if kind == "doubles":
        return list(block.doubles.values)
    if kind == "booleans":
        return [bool(block.booleans.bits[i // 8] >> (i % 8) & 1) for i in range(count)]
    return [block.texts.texts[i] for i in block.texts.indices]


def qualities_of(block, count):
    qualities = [reading.QUALITY_GOOD] * count
    for run in block.qualities:
        qualities[run.first:run.first + run.count] = [run.quality] * run.count
    return qualities


dictionaries = {}
with open(options.file, "rb") as file:
    while length := file.read(4):
        record = ingest.Record.FromString(file.read(struct.unpack("<I", length)[0]))
        batch = record.batch
        if record.WhichOneof("content") == "compressed_batch":
            batch = reading.ReadingBatch.FromString(gzip.decompress(record.compressed_batch.data))
        for definition in batch.definitions:
            dictionaries[batch.dictionary, definition.ref] = definition
        columns = [list(times_of(batch, column)) for column in batch.times]
        # Readings and aggregates differ in the list that they stand in, and in nothing else.
        assert sum(len(columns[block.times]) for block in batch.blocks) == record.readings
        for block in [*batch.blocks, *batch.aggregates]:
            series = dictionaries[batch.dictionary, block.series]
            count = len(columns[block.times])
            for time, value, quality in zip(columns[block.times], values_of(block, count), qualities_of(block, count)):
                print(json.dumps({
                    "series": series.name,
                    "of": series.aggregate.of if series.HasField("aggregate") else None,
                    "time": time,
                    "value": value if quality < reading.QUALITY_NO_RESPONSE else None,
                }))
