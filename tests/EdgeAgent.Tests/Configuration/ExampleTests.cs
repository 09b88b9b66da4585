using EdgeAgent.Configuration;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.Mqtt.Broker;
using EdgeAgent.Sensors.Mqtt.Intake;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using SeriesKind = EdgeAgent.Protocol.V1.SeriesKind;

namespace EdgeAgent.Tests.Configuration;

public sealed class ExampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_example_that_is_shipped_passes_the_check_and_means_what_its_comments_say()
    {
        Read.Cloud(_folder);
        Directory.CreateDirectory(_folder["pki"]);
        Directory.CreateDirectory(_folder["secrets"]);
        File.Copy(_folder["ca.crt"], _folder["pki/cloud-ca.crt"]);
        File.Copy(_folder["ca.crt"], _folder["pki/broker-ca.crt"]);
        File.Copy(_folder["device.crt"], _folder["pki/device.crt"]);
        File.Copy(_folder["device.key"], _folder["pki/device.key"]);
        File.WriteAllText(_folder["secrets/broker-password"], "secret\n");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "deploy/agent.json"), _folder["agent.json"]);

        bool isRead = AgentConfiguration.TryReadFile(_folder["agent.json"], out AgentConfiguration? configuration, out IReadOnlyList<ConfigError> errors);

        Assert.True(isRead, string.Join('\n', errors));
        Assert.Equal("bern", configuration!.Device.Labels["site"]);
        Assert.Equal(new Uri("https://ingest.example.com:8443"), configuration.Cloud.Endpoint);
        Assert.Equal(TimeSpan.FromSeconds(60), configuration.Batch.MaximumAge);
        Assert.Equal(0, Assert.Single(configuration.Report).Deadband);
        Assert.Equal(64 << 20, configuration.Spool.MaximumBytes);
        MqttIntakeOptions intake = Assert.Single(configuration.Intakes);
        Assert.True(intake.AllowsAnonymous);
        Assert.Equal(3, intake.Rules.Count);
        Assert.Equal([SeriesKind.Number, SeriesKind.Number, SeriesKind.Boolean], intake.Rules[1].Values.Select(value => value.Kind));
        Assert.Equal(SpoolLane.Alarm, intake.Rules[2].Lane);
        MqttBrokerOptions broker = Assert.Single(configuration.Brokers);
        Assert.Equal("secret", broker.Password!.Reveal());
        Assert.Equal(TimeSpan.FromDays(1), broker.SessionExpiry);
        I2cBusOptions bus = Assert.Single(configuration.I2cBuses);
        Assert.Equal([(ChipTypes.Bme280, 0x76), (ChipTypes.Sht3x, 0x44)], bus.Sensors.Select(sensor => (sensor.Chip, sensor.Address)));
    }

    [Fact]
    public void Relative_paths_count_from_the_folder_of_the_file()
    {
        AgentConfiguration configuration = Read.Sound(_folder, $$"""{ {{Read.Cloud(_folder)}}, "spool": { "path": "spool" } }""");

        Assert.Equal(_folder["device.crt"], configuration.Cloud.CertificateFile);
        Assert.Equal(_folder["spool"], configuration.Spool.Path);
    }

    [Fact]
    public void A_secret_follows_its_file_without_a_restart()
    {
        File.WriteAllText(_folder["password"], "first");
        AgentConfiguration configuration = Read.Sound(_folder, $$"""
            { {{Read.Cloud(_folder)}}, "mqtt": [{ "broker": "mqtt://b:1883", "username": "u", "password": { "file": "password" }, "subscribe": [{ "topic": "#" }] }] }
            """);
        Secret password = Assert.Single(configuration.Brokers).Password!;

        Assert.Equal("first", password.Reveal());
        File.WriteAllText(_folder["password"], "second\r\n");
        Assert.Equal("second", password.Reveal());
    }
}
