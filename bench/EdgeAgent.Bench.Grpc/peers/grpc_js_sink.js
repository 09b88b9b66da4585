// The sink of sink.proto by grpc-js, in both roles. A line in, a line of JSON out, until the input ends.
//
//   grpc_js_sink.js server SERVER.crt SERVER.key    prints its port; then for each line what it has used so far
//   grpc_js_sink.js client PORT ROOT.pem            "SIZE SECONDS": streams, prints what was sent and used
//
// Messages are handed over as bytes, so nothing has to be generated.
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const sink = grpc.loadPackageDefinition(loader.loadSync(path.join(__dirname, 'sink.proto'))).edge_agent.bench.Sink;

const say = (values) => console.log(JSON.stringify(values));
const cpu = () => { const used = process.cpuUsage(); return (used.user + used.system) / 1e6; };
const now = () => Number(process.hrtime.bigint()) / 1e9;
const lines = () => readline.createInterface({ input: process.stdin });

function serve(certificate, key) {
  const server = new grpc.Server();
  server.addService(sink.service, {
    collect(call, callback) {
      let messages = 0, bytes = 0;
      call.on('data', (block) => { messages++; bytes += block.data.length; });
      call.on('end', () => callback(null, { messages, bytes }));
    },
  });
  const pair = { private_key: fs.readFileSync(key), cert_chain: fs.readFileSync(certificate) };
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createSsl(null, [pair]), (failure, port) => {
    if (failure) throw failure;
    say({ port });
  });
  lines().on('line', () => say({ cpu: cpu() })).on('close', () => process.exit(0));
}

function send(port, root) {
  const client = new sink(`localhost:${port}`, grpc.credentials.createSsl(fs.readFileSync(root)));
  lines().on('line', (line) => {
    const [size, seconds] = line.split(' ').map(Number);
    const block = { data: Buffer.alloc(size < 130 ? size - 2 : size < 16388 ? size - 3 : size - 4) };
    const used = cpu(), started = now(), end = started + seconds;
    const call = client.collect((failure, total) => {
      if (failure) throw failure;
      say({ messages: Number(total.messages), bytes: Number(total.bytes) + Number(total.messages) * (size - block.data.length), seconds: now() - started, cpu: cpu() - used });
    });
    const fill = () => {
      while (now() < end) {
        if (!call.write(block)) {
          call.once('drain', fill);
          return;
        }
      }
      call.end();
    };
    fill();
  }).on('close', () => process.exit(0));
}

(process.argv[2] === 'server' ? serve : send)(...process.argv.slice(3));
