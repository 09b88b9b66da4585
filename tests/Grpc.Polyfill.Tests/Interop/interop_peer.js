// The public test service grpc.testing.TestService by @grpc/grpc-js, in both roles, with the flags of the public interop description.
//
//   interop_peer.js client --descriptors=FILE --server_host=HOST --server_port=PORT --use_tls=true --ca_file=FILE --test_case=NAME[,NAME]*
//   interop_peer.js server --descriptors=FILE --port=PORT --use_tls=true --tls_cert_file=FILE --tls_key_file=FILE
//
// The client prints a line for each case: "PASS name" or "FAIL name: why". The server prints "port N" and serves until it is killed.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const zlib = require('node:zlib');
const { parseArgs } = require('node:util');
const inflated = countInflated();
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const initialKey = 'x-grpc-test-echo-initial';
const trailingKey = 'x-grpc-test-echo-trailing-bin';
const detailsRequestKey = 'x-edge-interop-status-details';
const detailsKey = 'grpc-status-details-bin';
const requestSizes = [27182, 8, 1828, 45904];
const responseSizes = [31415, 9, 2653, 58979];
const largeRequest = 271828;
const largeResponse = 314159;
const specialMessage = '\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1f608}\t\n';
const compressed = Symbol('compressed');
const patience = 20_000;
// WriteFlags.NoCompress, which grpc-js knows and does not export.
const writeFlagNoCompress = 2;

// Whether a message came compressed is not in grpc-js's API. But it inflates each compressed message by a stream of its own, and parses
// the result at once: so a message is compressed if one of its length has just been inflated.
function countInflated() {
  const lengths = [];
  const createGunzip = zlib.createGunzip;
  const countingGunzip = (...options) => {
    const gunzip = createGunzip(...options);
    let length = 0;
    gunzip.on('data', chunk => { length += chunk.length; });
    gunzip.on('end', () => lengths.push(length));
    return gunzip;
  };
  Object.defineProperty(zlib, 'createGunzip', { value: countingGunzip });
  return {
    take(length) {
      const index = lengths.indexOf(length);
      if (index >= 0) {
        lengths.splice(index, 1);
      }
      return index >= 0;
    },
  };
}

function marking(parse) {
  return bytes => Object.assign(parse(bytes), { [compressed]: inflated.take(bytes.length) });
}

function loadProtocol(path) {
  const definitions = protoLoader.loadFileDescriptorSetFromBuffer(fs.readFileSync(path), { keepCase: true, defaults: true, longs: Number });
  for (const name of ['grpc.testing.TestService', 'grpc.testing.UnimplementedService']) {
    for (const method of Object.values(definitions[name])) {
      method.requestDeserialize = marking(method.requestDeserialize);
      method.responseDeserialize = marking(method.responseDeserialize);
    }
  }
  return definitions;
}

function richDetails(definitions) {
  const values = {
    'google.rpc.BadRequest': {
      field_violations: [
        { field: 'batch.blocks[3].series', description: 'größer als 100 %' },
        { field: 'batch.readings', description: '' },
      ],
    },
    'google.rpc.RetryInfo': { retry_delay: { seconds: 1, nanos: 500_000_000 } },
    'google.rpc.ErrorInfo': {
      reason: 'SERIES_UNKNOWN',
      domain: 'edge.example',
      // protobufjs does not find maps in descriptors; on the wire a map is its entries.
      metadata: [{ key: 'series', value: '7' }, { key: 'lane', value: 'live' }],
    },
  };
  return Object.entries(values).map(([name, value]) => ({ name, value, type: definitions[name] }));
}

const zeros = size => ({ body: Buffer.alloc(size) });
const large = fields => ({ response_size: largeResponse, payload: zeros(largeRequest), ...fields });
const ping = (requestSize, responseSize) => ({ response_parameters: [{ size: responseSize }], payload: zeros(requestSize) });

function expectZeros(size, payload) {
  assert.strictEqual(payload.body.length, size, `bytes of the payload: ${payload.body.length} instead of ${size}`);
  assert.ok(payload.body.every(byte => byte === 0), 'something else than zeros in the payload');
}

function expectEqual(actual, expected, what) {
  assert.deepStrictEqual(actual, expected, `${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

// A call, and what it brought: { call, headers, responses, status }. Settles when the status is there.
function collect(start, { onResponse = () => {} } = {}) {
  return new Promise(resolve => {
    const result = { responses: [] };
    const call = start((error, response) => {
      if (response) {
        result.responses.push(response);
      }
    });
    result.call = call;
    call.on('metadata', headers => { result.headers = headers; });
    call.on('data', response => {
      result.responses.push(response);
      onResponse(call, result.responses.length);
    });
    // The status says it too.
    call.on('error', () => {});
    call.on('status', status => {
      result.status = status;
      // A unary call tells its status before its response.
      setImmediate(resolve, result);
    });
  });
}

const expectStatus = (result, code) =>
  assert.strictEqual(result.status.code, code, `status: ${result.status.code} (${result.status.details}) instead of ${code}`);

class Client {
  constructor(definitions, flags) {
    this.definitions = definitions;
    this.address = `${flags.server_host}:${flags.server_port}`;
    this.credentials = flags.use_tls === 'true'
      ? grpc.credentials.createSsl(flags.ca_file ? fs.readFileSync(flags.ca_file) : null)
      : grpc.credentials.createInsecure();
    this.options = flags.server_host_override
      ? { 'grpc.ssl_target_name_override': flags.server_host_override, 'grpc.default_authority': flags.server_host_override }
      : {};
    const { TestService, UnimplementedService } = grpc.loadPackageDefinition(definitions).grpc.testing;
    this.service = new TestService(this.address, this.credentials, this.options);
    this.compressing = new TestService(
      this.address, this.credentials, { ...this.options, 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip });
    this.unimplemented = new UnimplementedService(this.address, this.credentials, this.options);
  }

  close() {
    this.service.close();
    this.compressing.close();
    this.unimplemented.close();
  }

  unary(request, { client = this.service, metadata = new grpc.Metadata() } = {}) {
    return collect(done => client.unaryCall(request, metadata, this.callOptions(), done));
  }

  sendAll(requests, client = this.service) {
    return collect(done => {
      const options = { ...this.callOptions(), interceptors: [heedNoCompress] };
      const call = client.streamingInputCall(new grpc.Metadata(), options, done);
      requests.forEach(each => call.write(each));
      call.end();
      return call;
    });
  }

  duplex(requests, { metadata = new grpc.Metadata(), options = this.callOptions(), isOpen = false, onResponse } = {}) {
    return collect(() => {
      const call = this.service.fullDuplexCall(metadata, options);
      requests.forEach(each => call.write(each));
      if (!isOpen) {
        call.end();
      }
      return call;
    }, { onResponse });
  }

  callOptions() {
    return { deadline: Date.now() + patience };
  }

  async empty_unary() {
    const result = await collect(done => this.service.emptyCall({}, new grpc.Metadata(), this.callOptions(), done));
    expectStatus(result, grpc.status.OK);
    expectEqual(result.responses, [{ [compressed]: false }], 'the response');
  }

  async large_unary() {
    const result = await this.unary(large());
    expectStatus(result, grpc.status.OK);
    expectZeros(largeResponse, result.responses[0].payload);
  }

  async client_compressed_unary() {
    expectStatus(await this.unary(large({ expect_compressed: { value: true } })), grpc.status.INVALID_ARGUMENT);
    for (const client of [this.compressing, this.service]) {
      const result = await this.unary(large({ expect_compressed: { value: client === this.compressing } }), { client });
      expectStatus(result, grpc.status.OK);
      expectZeros(largeResponse, result.responses[0].payload);
    }
  }

  async server_compressed_unary() {
    for (const wanted of [true, false]) {
      const result = await this.unary(large({ response_compressed: { value: wanted } }));
      expectStatus(result, grpc.status.OK);
      expectEqual(result.responses[0][compressed], wanted, 'whether the response came compressed');
      expectZeros(largeResponse, result.responses[0].payload);
    }
  }

  async client_streaming() {
    const result = await this.sendAll(requestSizes.map(size => ({ payload: zeros(size) })));
    expectStatus(result, grpc.status.OK);
    expectEqual(result.responses[0].aggregated_payload_size, 74922, 'bytes that arrived');
  }

  async client_compressed_streaming() {
    const [first, second] = [requestSizes[0], requestSizes[3]];
    const request = (size, value) => ({ payload: zeros(size), expect_compressed: { value } });
    expectStatus(await this.sendAll([request(first, true)]), grpc.status.INVALID_ARGUMENT);
    const plain = { ...request(second, false), isPlain: true };
    const result = await this.sendAll([request(first, true), plain], this.compressing);
    expectStatus(result, grpc.status.OK);
    expectEqual(result.responses[0].aggregated_payload_size, first + second, 'bytes that arrived');
  }

  async server_streaming() {
    const request = { response_parameters: responseSizes.map(size => ({ size })) };
    const result = await collect(() => this.service.streamingOutputCall(request, new grpc.Metadata(), this.callOptions()));
    expectStatus(result, grpc.status.OK);
    expectEqual(result.responses.length, responseSizes.length, 'responses');
    result.responses.forEach((each, index) => expectZeros(responseSizes[index], each.payload));
  }

  async server_compressed_streaming() {
    const wanted = [[31415, true], [92653, false]];
    const request = { response_parameters: wanted.map(([size, value]) => ({ size, compressed: { value } })) };
    const result = await collect(() => this.service.streamingOutputCall(request, new grpc.Metadata(), this.callOptions()));
    expectStatus(result, grpc.status.OK);
    expectEqual(result.responses.map(each => [each.payload.body.length, each[compressed]]), wanted, 'sizes, and whether compressed');
    result.responses.forEach((each, index) => expectZeros(wanted[index][0], each.payload));
  }

  async ping_pong() {
    const result = await this.duplex([ping(requestSizes[0], responseSizes[0])], {
      isOpen: true,
      onResponse: (call, count) =>
        count < requestSizes.length ? call.write(ping(requestSizes[count], responseSizes[count])) : call.end(),
    });
    expectStatus(result, grpc.status.OK);
    expectEqual(result.responses.map(each => each.payload.body.length), responseSizes, 'bytes of the payloads');
  }

  async empty_stream() {
    const result = await this.duplex([]);
    expectStatus(result, grpc.status.OK);
    expectEqual(result.responses, [], 'responses');
  }

  async custom_metadata() {
    const metadata = new grpc.Metadata();
    metadata.set(initialKey, 'test_initial_metadata_value');
    metadata.set(trailingKey, Buffer.from('ababab', 'hex'));
    for (const result of [
      await this.unary(large(), { metadata }),
      await this.duplex([ping(largeRequest, largeResponse)], { metadata }),
    ]) {
      expectStatus(result, grpc.status.OK);
      expectEqual(result.headers.get(initialKey), ['test_initial_metadata_value'], 'the header');
      expectEqual(result.status.metadata.get(trailingKey).map(each => each.toString('hex')), ['ababab'], 'the trailer');
    }
  }

  expectEcho(result, message) {
    expectStatus(result, grpc.status.UNKNOWN);
    expectEqual(result.status.details, message, 'the message');
  }

  async status_code_and_message() {
    const request = { response_status: { code: 2, message: 'test status message' } };
    this.expectEcho(await this.unary(request), 'test status message');
    this.expectEcho(await this.duplex([request]), 'test status message');
  }

  async special_status_message() {
    this.expectEcho(await this.unary({ response_status: { code: 2, message: specialMessage } }), specialMessage);
  }

  async unimplemented_method() {
    const result = await collect(done => this.service.unimplementedCall({}, new grpc.Metadata(), this.callOptions(), done));
    expectStatus(result, grpc.status.UNIMPLEMENTED);
  }

  async unimplemented_service() {
    const result = await collect(done => this.unimplemented.unimplementedCall({}, new grpc.Metadata(), this.callOptions(), done));
    expectStatus(result, grpc.status.UNIMPLEMENTED);
  }

  async cancel_after_begin() {
    const result = await collect(done => {
      const call = this.service.streamingInputCall(new grpc.Metadata(), this.callOptions(), done);
      setImmediate(() => call.cancel());
      return call;
    });
    expectStatus(result, grpc.status.CANCELLED);
  }

  async cancel_after_first_response() {
    const result = await this.duplex(
      [ping(requestSizes[0], responseSizes[0])], { isOpen: true, onResponse: call => call.cancel() });
    expectStatus(result, grpc.status.CANCELLED);
    expectEqual(result.responses.length, 1, 'responses');
  }

  async timeout_on_sleeping_server() {
    const result = await this.duplex([{ payload: zeros(requestSizes[0]) }], { isOpen: true, options: { deadline: Date.now() + 1 } });
    expectStatus(result, grpc.status.DEADLINE_EXCEEDED);
  }

  async rich_status_details() {
    const metadata = new grpc.Metadata();
    metadata.set(detailsRequestKey, '1');
    const result = await this.unary({ response_status: { code: 3, message: specialMessage } }, { metadata });
    expectStatus(result, grpc.status.INVALID_ARGUMENT);
    const status = this.definitions['google.rpc.Status'].deserialize(result.status.metadata.get(detailsKey)[0]);
    expectEqual([status.code, status.message], [3, specialMessage], 'code and message in the details');
    const expected = richDetails(this.definitions);
    const types = expected.map(each => `type.googleapis.com/${each.name}`);
    expectEqual(status.details.map(each => each.type_url), types, 'types of the details');
    expected.forEach(({ name, value, type }, index) => expectEqual(type.deserialize(status.details[index].value), value, name));
  }

  async run(name) {
    try {
      await this[name]();
      return `PASS ${name}`;
    } catch (failure) {
      return `FAIL ${name}: ${failure.message.replaceAll('\n', ' ')}`;
    }
  }
}

const publicCases = Object.getOwnPropertyNames(Client.prototype).filter(name => name.includes('_') && name !== 'rich_status_details');

// Sends a message uncompressed that asks for it. grpc-js takes the flag as the encoding of write(message, encoding), where Node.js refuses
// what is no encoding; an interceptor can still set it.
function heedNoCompress(options, nextCall) {
  const call = new grpc.InterceptingCall(nextCall(options));
  const sendMessage = call.sendMessageWithContext.bind(call);
  call.sendMessageWithContext = (context, message) =>
    sendMessage(message.isPlain ? { ...context, flags: writeFlagNoCompress } : context, message);
  return call;
}

class Handlers {
  constructor(definitions) {
    this.definitions = definitions;
  }

  echoHeaders(call) {
    const [initial] = call.metadata.get(initialKey);
    if (initial !== undefined) {
      const headers = new grpc.Metadata();
      headers.set(initialKey, initial);
      call.sendMetadata(headers);
    }
  }

  trailers(call) {
    const trailers = new grpc.Metadata();
    const [trailing] = call.metadata.get(trailingKey);
    if (trailing !== undefined) {
      trailers.set(trailingKey, trailing);
    }
    return trailers;
  }

  // The status that a request asks for, or null.
  wantedStatus(call, { response_status: wanted }) {
    if (!wanted) {
      return null;
    }
    const metadata = this.trailers(call);
    if (call.metadata.get(detailsRequestKey).length > 0) {
      const details = richDetails(this.definitions).map(({ name, value, type }) => (
        { type_url: `type.googleapis.com/${name}`, value: type.serialize(value) }));
      metadata.set(detailsKey, this.definitions['google.rpc.Status'].serialize({ code: wanted.code, message: wanted.message, details }));
    }
    return { code: wanted.code, details: wanted.message, metadata };
  }

  wrongCompression(request) {
    return request.expect_compressed && request.expect_compressed.value !== request[compressed]
      ? { code: grpc.status.INVALID_ARGUMENT, details: `The request ${request[compressed] ? 'was' : 'was not'} compressed.` }
      : null;
  }

  emptyCall(call, done) {
    this.echoHeaders(call);
    done(null, {}, this.trailers(call));
  }

  unaryCall(call, done) {
    const refusal = this.wrongCompression(call.request) ?? this.wantedStatus(call, call.request);
    if (refusal) {
      done(refusal);
      return;
    }
    this.echoHeaders(call);
    done(null, { payload: zeros(call.request.response_size) }, this.trailers(call));
  }

  async streamingInputCall(call, done) {
    this.echoHeaders(call);
    let size = 0;
    for await (const request of call) {
      const refusal = this.wrongCompression(request);
      if (refusal) {
        done(refusal);
        return;
      }
      size += request.payload.body.length;
    }
    done(null, { aggregated_payload_size: size }, this.trailers(call));
  }

  async streamingOutputCall(call) {
    this.echoHeaders(call);
    if (await this.respond(call, call.request)) {
      call.end(this.trailers(call));
    }
  }

  // By events: a loop over the stream would close both of its directions at the end of one.
  fullDuplexCall(call) {
    this.echoHeaders(call);
    let goesOn = Promise.resolve(true);
    call.on('data', request => {
      goesOn = goesOn.then(yes => yes && this.respond(call, request));
    });
    call.on('end', async () => {
      if (await goesOn) {
        call.end(this.trailers(call));
      }
    });
  }

  // Whether the call goes on.
  async respond(call, request) {
    const status = this.wantedStatus(call, request);
    if (status) {
      call.emit('error', status);
      return false;
    }
    for (const { size, interval_us: interval } of request.response_parameters) {
      if (interval > 0) {
        await new Promise(resolve => setTimeout(resolve, interval / 1000));
      }
      call.write({ payload: zeros(size) });
    }
    return true;
  }
}

function serve(definitions, flags) {
  const handlers = new Handlers(definitions);
  const server = new grpc.Server();
  server.addService(
    definitions['grpc.testing.TestService'],
    Object.fromEntries(['emptyCall', 'unaryCall', 'streamingInputCall', 'streamingOutputCall', 'fullDuplexCall']
      .map(name => [name, handlers[name].bind(handlers)])));
  const credentials = flags.use_tls === 'true'
    ? grpc.ServerCredentials.createSsl(
      null, [{ private_key: fs.readFileSync(flags.tls_key_file), cert_chain: fs.readFileSync(flags.tls_cert_file) }])
    : grpc.ServerCredentials.createInsecure();
  server.bindAsync(`127.0.0.1:${flags.port}`, credentials, (error, port) => {
    if (error) {
      throw error;
    }
    console.log(`port ${port}`);
  });
}

async function main() {
  const names = ['descriptors', 'server_host', 'server_host_override', 'server_port', 'test_case', 'ca_file', 'use_tls', 'port',
    'tls_cert_file', 'tls_key_file'];
  const { values, positionals: [role] } = parseArgs({
    options: Object.fromEntries(names.map(name => [name, { type: 'string' }])),
    allowPositionals: true,
  });
  const flags = { server_host: 'localhost', test_case: 'all', use_tls: 'false', port: '0', ...values };
  const definitions = loadProtocol(flags.descriptors);
  if (role === 'server') {
    serve(definitions, flags);
    return;
  }
  const client = new Client(definitions, flags);
  for (const name of flags.test_case.split(',').flatMap(each => each === 'all' ? publicCases : each)) {
    console.log(await client.run(name));
  }
  client.close();
}

main();
