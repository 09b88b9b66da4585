# Publishes the numbers 0 to count-1 all at once, and ends when every one of them is acknowledged. Comes back after every broken connection.
import sys
import threading
import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

port, version, qos, count = (int(argument) for argument in sys.argv[1:5])
is_version_5 = version == mqtt.MQTTv5
if is_version_5:
    client = mqtt.Client(client_id="paho", protocol=version)
else:
    client = mqtt.Client(client_id="paho", protocol=version, clean_session=False)
client.username_pw_set("device", "right")
client.reconnect_delay_set(min_delay=1, max_delay=1)
client.max_inflight_messages_set(200)
if is_version_5:
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = 60
    client.connect("127.0.0.1", port, clean_start=False, properties=properties)
else:
    client.connect("127.0.0.1", port)
acknowledged = set()
finished = threading.Event()


def on_publish(client, userdata, message_id):
    acknowledged.add(message_id)
    if len(acknowledged) == count:
        finished.set()


client.on_publish = on_publish
client.loop_start()
for number in range(count):
    # Queued where there is no connection just now.
    client.publish("numbers", str(number), qos=qos)
assert finished.wait(30)
client.disconnect()
client.loop_stop()
print("done")
