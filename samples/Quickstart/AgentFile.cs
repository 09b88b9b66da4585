using EdgeAgent.Samples.Telemetry;

namespace EdgeAgent.Samples;

/// <summary>Writes the agent's configuration, as a person would: the same kind of file that <c>edge-agent run --config</c> takes.</summary>
internal static class AgentFile
{
    /// <param name="folder">Where the file and the spool go.</param>
    /// <param name="certificates">The folder of the development CA.</param>
    /// <param name="ingestPort">The port of the ingestion service.</param>
    /// <param name="brokerPort">The port of a broker to subscribe to; null: devices publish straight to the agent.</param>
    /// <returns>The file's path.</returns>
    public static string Write(string folder, string certificates, int ingestPort, int? brokerPort)
    {
        (string source, string rules) = brokerPort is { } port
            ? ($"\"broker\": \"mqtt://127.0.0.1:{port}\", \"clientId\": \"quickstart-agent\"", "subscribe")
            : ("\"listen\": \"mqtt://127.0.0.1:0\"", "rules");
        string values = string.Join(",\n          ", OfficeRoom.Series.Select(
            series => $$"""{ "pointer": "/{{series.Name}}", "suffix": "{{series.Name}}", "unit": "{{series.Unit}}" }"""));
        string file = Path.Combine(folder, "agent.json");
        File.WriteAllText(file, $$"""
            {
              // Where the readings go. The certificate says who this device is.
              "cloud": {
                "endpoint": "https://localhost:{{ingestPort}}",
                "ca": "{{certificates}}/ca.crt",
                "certificate": "{{certificates}}/device-quickstart.crt",
                "key": "{{certificates}}/device-quickstart.key",
                // Short sessions, so that receipts come often and one sees something.
                "sessionTime": "1s"
              },
              "spool": { "path": "{{folder}}/spool" },
              // A second for the same reason; a minute is kinder to flash cards and phone bills.
              "batch": { "maximumAge": "1s" },
              "mqtt": [
                {
                  {{source}},
                  "{{rules}}": [
                    {
                      "topic": "building/{room}/room",
                      "series": "{room}/",
                      "payload": "json",
                      "time": { "pointer": "/at", "format": "ms" },
                      "values": [
                      {{values}}
                      ]
                    }
                  ]
                }
              ],
              "i2c": [
                {
                  // The real drivers over simulated chips. On a board: the number N of /dev/i2c-N.
                  "bus": "simulated",
                  "sensors": [
                    { "chip": "bme280", "series": "cabinet", "interval": "1s" },
                    { "chip": "ina219", "series": "supply", "interval": "1s", "shunt": 0.1 }
                  ]
                }
              ],
              "gpio": [
                // Lines that move by themselves. On a board: a line by its name, such as "GPIO17".
                { "chip": "simulated", "line": "door", "series": "cabinet/door", "pattern": "door", "period": "10s", "interval": "5s" },
                { "chip": "simulated", "line": "meter", "mode": "counter", "series": "meter", "unit": "kW.h", "scale": 0.001, "rateUnit": "kW", "rateScale": 3.6, "period": "400ms", "interval": "1s" }
              ],
              // This machine, as far as it tells.
              "host": { "series": "gateway", "interval": "1s", "what": ["cpu", "load"] }
            }
            """);
        return file;
    }
}
