// Publishes the numbers 0 to count-1 all at once, and ends when every one of them is acknowledged. Comes back after every broken connection.
const fs = require('node:fs');
const mqtt = require('mqtt');
const [port, version, qos, count, folder] = process.argv.slice(2);

const options = {
  protocolVersion: Number(version),
  clientId: 'mqtt-js',
  clean: false,
  username: 'device',
  password: 'right',
  reconnectPeriod: 50,
  connectTimeout: 5000,
  ...(version === '5' ? { properties: { sessionExpiryInterval: 60 } } : {}),
  ...(folder
    ? {
        ca: fs.readFileSync(`${folder}/ca.crt`),
        cert: fs.readFileSync(`${folder}/device.crt`),
        key: fs.readFileSync(`${folder}/device.key`),
      }
    : {}),
};
// Not by name: Node.js 18 would try ::1 alone, where nobody listens. The certificate is still the name's.
const client = mqtt.connect(`${folder ? 'mqtts' : 'mqtt'}://127.0.0.1:${port}`, { ...options, servername: 'localhost' });
let refused = false;
client.on('error', (error) => {
  // Whatever the network does is answered by coming back; a refusal is not.
  if (error.code !== 'ECONNRESET' && error.code !== 'ECONNREFUSED' && error.code !== 'EPIPE') {
    refused = true;
    console.log(error.message);
    client.end(true);
  }
});
client.once('connect', () => {
  let acknowledged = 0;
  for (let number = 0; number < Number(count); number++) {
    client.publish('numbers', String(number), { qos: Number(qos) }, (error) => {
      if (error) {
        console.log(`${number}: ${error.message}`);
        process.exit(1);
      }
      if (++acknowledged === Number(count)) {
        console.log('done');
        client.end();
      }
    });
  }
});
process.on('exit', () => refused && (process.exitCode = 2));
