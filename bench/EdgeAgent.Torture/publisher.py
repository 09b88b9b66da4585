"""Publishes counting numbers with Eclipse Paho, a client that nobody here wrote, and prints all that a publisher can know.

    publisher.py CA RATE FEED:PORT:QOS...

Lines: FEED s N   handed to the network for the first time
       FEED a N   acknowledged (PUBACK, or PUBCOMP at QoS 2)
       FEED r N   not acknowledged when the connection broke, so sent again
A line "stop" on standard input ends the sending; the program ends when everything is acknowledged.
"""
import sys
import threading
import time

import paho.mqtt.client as mqtt

IN_FLIGHT = 100                # unacknowledged messages at most
BASE_MS = 1_700_000_000_000    # message N carries the time BASE_MS + N
KINDS = ("stamped", "plain", "alarm", "stamped")

stopping = threading.Event()
printing = threading.Lock()


class Feed(threading.Thread):
    def __init__(self, name, port, qos, authority, rate):
        super().__init__(name=name)
        self.port, self.qos, self.rate = port, qos, rate
        self.unacknowledged = {}   # packet id -> number
        self.next = 0
        self.packet_id = 0
        self.online = False
        self.client = mqtt.Client(client_id=f"torture-{name}", clean_session=False, protocol=mqtt.MQTTv311)
        self.client.tls_set(ca_certs=authority)
        self.client.max_inflight_messages_set(IN_FLIGHT)
        self.client.on_connect = self.connected
        self.client.on_publish = self.acknowledged

    def tell(self, what, number):
        with printing:
            sys.stdout.write(f"{self.name} {what} {number}\n")

    def connected(self, client, userdata, flags, result):
        self.online = result == 0
        if self.online:
            for number in self.unacknowledged.values():
                self.tell("r", number)

    def acknowledged(self, client, userdata, packet_id):
        self.tell("a", self.unacknowledged.pop(packet_id))

    def run(self):
        self.reconnect(lambda: self.client.connect("localhost", self.port, keepalive=30))
        due = time.monotonic()
        while not (stopping.is_set() and not self.unacknowledged):
            while self.online and not stopping.is_set() and len(self.unacknowledged) < IN_FLIGHT and due <= time.monotonic():
                self.publish()
                due = max(due + 1 / self.rate, time.monotonic() - 0.1)
            if not self.loop():
                self.online = False
                self.reconnect(self.client.reconnect)
        self.client.disconnect()

    def loop(self):
        try:
            return self.client.loop(timeout=0.003) == mqtt.MQTT_ERR_SUCCESS
        except OSError:
            return False

    def publish(self):
        number = self.next
        self.next += 1
        self.tell("s", number)
        payload = f'{{"n":{number},"at":{BASE_MS + number},"m":{-number}}}'
        # Paho counts them upwards. It may raise where the connection has just broken, and sends the message later all the same.
        self.packet_id = self.packet_id % 65535 + 1
        self.unacknowledged[self.packet_id] = number
        try:
            message = self.client.publish(f"torture/{self.name}/{KINDS[number % 4]}", payload, qos=self.qos)
            assert message.mid == self.packet_id
        except OSError:
            self.online = False

    def reconnect(self, attempt):
        while True:
            try:
                attempt()
                return
            except (OSError, ValueError):
                time.sleep(0.05)


def main():
    authority, rate = sys.argv[1], int(sys.argv[2])
    feeds = []
    for argument in sys.argv[3:]:
        name, port, qos = argument.split(":")
        feeds.append(Feed(name, int(port), int(qos), authority, rate))
    for feed in feeds:
        feed.start()
    while any(feed.is_alive() for feed in feeds):
        with printing:
            sys.stdout.flush()
        time.sleep(0.05)
    sys.stdout.flush()


if __name__ == "__main__":
    # A daemon, so that a program that ends does not wait for more input.
    threading.Thread(target=lambda: (sys.stdin.readline(), stopping.set()), daemon=True).start()
    main()
