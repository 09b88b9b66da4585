using EdgeAgent.Configuration;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;

namespace EdgeAgent.Tests.Sensors.I2c.Bus;

public sealed class RecoveryConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_bus_says_its_timeout_and_what_may_be_done_about_it()
    {
        AgentConfiguration configuration = Read.Sound(_folder, Document(""" "timeout": "5s", "recover": { "driver": true, "scl": "SCL1", "sda": "SDA1" }, """));

        I2cBusOptions bus = Assert.Single(configuration.I2cBuses);
        Assert.Equal(TimeSpan.FromSeconds(5), bus.Timeout);
        Assert.Equal([RecoveryStep.Reopen, RecoveryStep.Lines, RecoveryStep.Driver], bus.Recovery.Steps);
        Assert.Equal(("SCL1", "SDA1"), bus.Recovery.Lines);
    }

    [Fact]
    public void One_line_alone_is_an_error() =>
        Assert.Contains("Name both, scl and sda, or neither.", Assert.Single(Read.Errors(_folder, Document(""" "recover": { "scl": "SCL1" }, """))), StringComparison.Ordinal);

    private string Document(string keys) =>
        $$"""{ {{Read.Cloud(_folder)}}, "i2c": [{ "bus": 1, {{keys}} "sensors": [{ "chip": "bme280", "series": "s" }] }] }""";
}
