using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Configuration;

public sealed class ConfigurationErrorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_each_with_its_place_and_what_to_do()
    {
        string document = """
            {
              // A comment, and a trailing comma at the end of each list.
              "device": { "lables": { "site": "bern" }, "stopWithin": "25 seconds", "logLevel": "verbose" },
              "cloud": {
                "endpoint": "http://localhost:8443/upload",
                "certificate": "missing.crt",
                "sessionBytes": 512,
                "sessionTime": "2h",
                "backoffFirst": "10m", "receiptTimeout": "3m", "fruitlessConnections": 0,
              },
              "batch": { "maximumReadings": 0, "maximumReadings": 10 },
              "spool": { "maximumBytes": "64 MB", },
              "mqtt": [
                {
                  "broker": "mqtt://broker:1883",
                  "password": { "file": "a", "value": "hunter2" },
                  "subscribe": [
                    { "topic": "site/{room}/#/x" },
                    { "topic": "site/{room}", "series": "{zone}/{3}" },
                    { "topic": "a", "payload": "json", "values": [{ "pointer": "t" }], "time": { "pointer": "/ts", "format": "unix" } },
                  ],
                },
                { "listen": "mqtt://0.0.0.0:1883", "rules": [] },
                { "rules": [] },
              ],
              "i2c": [{ "bus": "one", "sensors": [{ "chip": "bme28", "series": "air" }, { "chip": "bme280", "address": "0x50", "series": "air" }] }],
            }
            """;

        string[] expected =
        [
            """agent.json:3:15: /device/lables: There is no such key here. Did you mean "labels"? Correct or remove it.""",
            """agent.json:3:59: /device/stopWithin: "25 seconds" is not a duration. Write digits and units (d, h, m, s, ms), such as "60s" or "1h30m".""",
            """agent.json:3:85: /device/logLevel: "verbose" is not known here. Choose one of trace, debug, information, warning, error.""",
            """agent.json:4:12: /cloud/key: "certificate" and "key" belong together. Give both or none.""",
            """agent.json:4:12: /cloud/backoffLast: This is less than "backoffFirst" (10m). Make it at least as long.""",
            """agent.json:4:12: /cloud/progressTimeout: This is less than "receiptTimeout" (3m). Make it at least as long.""",
            """agent.json:5:17: /cloud/endpoint: "http://localhost:8443/upload" is not an address. Write https://host:443.""",
            $"""agent.json:6:20: /cloud/certificate: There is no file {_folder["missing.crt"]}. Put it there or correct the path.""",
            """agent.json:7:21: /cloud/sessionBytes: This is the number 512 where a size such as "64KiB" or "64MiB" belongs. Change it.""",
            """agent.json:8:20: /cloud/sessionTime: "2h" is out of range. Choose a duration from 1s to 1h.""",
            """agent.json:9:76: /cloud/fruitlessConnections: 0 is not a whole number from 1 to 1000. Choose one in this range.""",
            """agent.json:11:33: /batch/maximumReadings: 0 is not a whole number from 1 to 100000. Choose one in this range.""",
            """agent.json:11:36: /batch/maximumReadings: This key stands twice in its section. Remove one of them.""",
            """agent.json:12:30: /spool/maximumBytes: "64 MB" is not a size. Write digits and a unit (B, KiB, MiB, GiB, kB, MB, GB), such as "64MiB".""",
            """agent.json:16:19: /mqtt/0/password: A secret comes from one place. Give exactly one of "file", "environment" and "value".""",
            $"""agent.json:16:29: /mqtt/0/password/file: There is no file {_folder["a"]}. Put it there or correct the path.""",
            """agent.json:18:20: /mqtt/0/subscribe/0/topic: "site/{room}/#/x" is not a topic filter. Let + and # be whole levels, # only the last one.""",
            """agent.json:19:45: /mqtt/0/subscribe/1/series: {zone} is not in the topic. The topic gives room, 0, 1, topic.""",
            """agent.json:20:68: /mqtt/0/subscribe/2/values/0/pointer: "t" is not a JSON pointer. Write "/key" or "/list/0/key", with ~1 for / and ~0 for ~ within a key.""",
            """agent.json:20:114: /mqtt/0/subscribe/2/time/format: "unix" is not known here. Choose one of iso8601, s, ms, us, ns.""",
            """agent.json:23:17: /mqtt/1/listen: Nobody could publish here. Give "users", "passwordFile" or "clientCa", or let "anonymous" be true if every host that reaches this port may publish.""",
            """agent.json:23:49: /mqtt/1/rules: This list is empty. Add at least one section to it.""",
            """agent.json:24:5: /mqtt/2: It is not clear what this is. Give either "broker" (to subscribe to one) or "listen" (to be published to).""",
            """agent.json:26:20: /i2c/0/bus: This is a text. Write the number N of /dev/i2c-N, or "simulated".""",
            $"""agent.json:26:49: /i2c/0/sensors/0/chip: "bme28" is not known here. Did you mean "bme280"? Choose one of {string.Join(", ", ChipTypes.All.Select(chip => chip.Name))}.""",
            """agent.json:26:108: /i2c/0/sensors/1/address: This is no address of this chip. Write "0x76" or "0x77".""",
        ];
        Assert.Equal(expected, Read.Errors(_folder, document));
    }

    [Theory]
    [InlineData("", "agent.json:1:1: This is not JSON")]
    [InlineData("[]", "agent.json:1:1: This is a list where a section { … } belongs. Change it.")]
    [InlineData("{\n  \"device\": }", "agent.json:2:13: This is not JSON")]
    [InlineData("{} {}", "agent.json:1:4: This is not JSON")]
    [InlineData("{ \"device\": { \"labels\": ", "agent.json:1:")]
    public void What_is_no_document_is_one_error_that_says_where_it_breaks_off(string document, string expected)
    {
        string error = Assert.Single(Read.Errors(_folder, document));

        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_count_characters_not_bytes()
    {
        string error = Read.Errors(_folder, $$"""{ {{Read.Cloud(_folder)}}, "device": { "labels": { "Ort": "Zürich" }, "x": 1 } }""").Single();

        Assert.Equal(
            """{ """.Length + Read.Cloud(_folder).Length + """, "device": { "labels": { "Ort": "Zürich" }, """.Length + 1,
            int.Parse(error.Split(':')[2]));
    }

    [Fact]
    public void A_secret_is_never_printed()
    {
        string[] errors = Read.Errors(_folder, """{ "mqtt": [{ "broker": "x", "password": { "value": "hunter2", "file": "hunter2-file", "valeu": "hunter3" } }] }""");

        Assert.DoesNotContain(errors, error => error.Contains("hunter3", StringComparison.Ordinal) || error.Contains("\"hunter2\"", StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", EdgeAgent.Configuration.Secret.OfValue("hunter2").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_without_its_key_and_certificates_without_tls_are_told()
    {
        string cloud = Read.Cloud(_folder);

        string[] errors = Read.Errors(_folder, $$"""
            { {{cloud}}, "mqtt": [{ "broker": "mqtt://b:1883", "certificate": "device.crt", "subscribe": [{ "topic": "#" }] }] }
            """);

        Assert.Collection(
            errors,
            error => Assert.Contains("/mqtt/0/key: \"certificate\" and \"key\" belong together.", error, StringComparison.Ordinal),
            error => Assert.Contains("/mqtt/0/broker: Certificates mean nothing without TLS.", error, StringComparison.Ordinal));
    }

    [Fact]
    public void Certificates_and_keys_that_do_not_belong_together_are_told()
    {
        string cloud = Read.Cloud(_folder);
        using var authority = new TestAuthority();
        using var other = authority.IssueDevice("other");
        TestAuthority.WritePem(other, _folder.Path, "other");
        File.WriteAllText(_folder["empty.crt"], "");
        File.Copy(_folder["other.key"], _folder["device.key"], overwrite: true);

        string[] errors = Read.Errors(_folder, $$"""{ {{cloud.Replace("ca.crt", "empty.crt", StringComparison.Ordinal)}} }""");

        Assert.Collection(
            errors,
            error => Assert.Contains("/cloud/ca: \"ca\" holds no certificate in PEM: There is no certificate in it.", error, StringComparison.Ordinal),
            error => Assert.Contains("/cloud/certificate: \"certificate\" and \"key\" are no PEM files of one pair: ", error, StringComparison.Ordinal));
    }
}
